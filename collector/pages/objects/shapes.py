"""The objects as they are published. What has its default is left out; numbers are those of other objects.

A step is a JSON string: the text of one instruction. Everything else is one of these, known by its first field.
"""

from __future__ import annotations

import msgspec

from collector.model.digests import Digest
from collector.model.images import DOCKER_LIST, MediaType, Runtime, Statement
from collector.model.times import Time
from collector.pages.objects.uses import Where

USUAL_LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip"
USUAL_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
USUAL_STATE = DOCKER_LIST

StepTime = int | str | None
"""Seconds since the last moment before it that is known; a moment by itself (RFC 3339); or not known."""


class _Object(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    pass


class LayerObject(_Object, frozen=True, kw_only=True):
    """One layer. The image that it came with first is the next image object behind it."""

    layer: Digest
    size: int
    """Compressed, in bytes."""
    type: MediaType | None = None
    """None: Docker's usual, `USUAL_LAYER`."""
    has_size: bool = True
    """Whether the size is known; where it is not, it is 0."""


class RuntimeObject(Runtime, frozen=True, kw_only=True, omit_defaults=True):
    """What a config says of running the image."""


class ImageObject(_Object, frozen=True, kw_only=True):
    """A manifest with its config. It is also the state of a tag that points at it without an index."""

    manifest: Digest
    config: Digest
    """The Image ID."""
    type: MediaType | None = None
    """None: `USUAL_MANIFEST`. Empty: unknown."""
    platform: tuple[str, ...]
    """os, architecture, variant, os.version; without the empty ones at the end."""
    config_platform: tuple[str, ...] | None = None
    """The config's own value, if that is another."""
    built: Time | None = None
    docker_version: str | None = None
    entrypoint: tuple[str, ...] | None = None
    cmd: tuple[str, ...] | None = None
    shell: tuple[str, ...] | None = None
    runtime: RuntimeObject | None = None
    annotations: tuple[tuple[str, str], ...] = ()
    attests: Digest | None = None
    after: Digest | None = None
    """Of an attestation that does not say what it attests: the image before it in the index, which is deduced to be it.
    """
    statements: tuple[Statement, ...] = ()
    layers: tuple[int, ...] = ()
    steps: tuple[int, ...] = ()
    created: tuple[StepTime, ...] = ()
    """Of each step; empty: of none is it known."""
    made: str = ""
    """Of each step whether it made a layer: `+` it did, `-` it did not, `?` not known; empty: of none is it known."""


class StateObject(_Object, frozen=True, kw_only=True):
    """What a tag pointed at: an index, or what is of no image."""

    state: Digest
    type: MediaType | None = None
    """None: Docker's manifest list, `USUAL_STATE`."""
    images: tuple[int, ...] = ()
    annotations: tuple[tuple[str, str], ...] = ()
    artifacts: tuple[int, ...] = ()
    absent: tuple[int, ...] = ()
    unread: tuple[tuple[str, ...], ...] = ()
    """Platforms, as an image has its own, of which the page has a section that could not be read."""


class ArtifactObject(_Object, frozen=True, kw_only=True):
    """What is of no image: a Helm chart, a signature."""

    artifact: Digest
    kind: str
    size: int


class AbsentObject(_Object, frozen=True, kw_only=True):
    """A manifest that an index names and the registry did not have."""

    absent: Digest


class PartialObject(_Object, frozen=True, kw_only=True):
    """What a tag pointed at, where the archive lacks a part of it."""

    partial: Digest


Object = LayerObject | ImageObject | StateObject | ArtifactObject | AbsentObject | PartialObject
OBJECTS = (LayerObject, ImageObject, StateObject, ArtifactObject, AbsentObject, PartialObject)


class Chunk(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One file: objects, and where they were used. Only the last file's objects ever become more."""

    objects: msgspec.Raw
    """An array of them."""
    where_of: tuple[int | None, ...]
    """Of each object: its place in `where`; null for steps."""
    config_where_of: dict[int, int] = {}
    """The same of the Image IDs that were used otherwise than their manifests, by the place of the image."""
    where: tuple[tuple[Where, ...], ...]
