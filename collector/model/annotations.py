"""Annotations on the origin of an image (OCI image-spec, annotations.md, "Pre-Defined Annotation Keys")."""

from __future__ import annotations

BASE_NAME = "org.opencontainers.image.base.name"
"""The name of the base image, with its tag: `debian:12-slim`."""
BASE_DIGEST = "org.opencontainers.image.base.digest"
CREATED = "org.opencontainers.image.created"
REVISION = "org.opencontainers.image.revision"
"""The commit of the source."""
SOURCE = "org.opencontainers.image.source"
"""The address of the source."""
VERSION = "org.opencontainers.image.version"

ORIGIN = frozenset({BASE_NAME, BASE_DIGEST, CREATED, REVISION, SOURCE, VERSION})
"""All annotations on the origin of an image."""
