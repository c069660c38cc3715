"""Parses the raw JSON of a registry: indexes, manifests, configs (OCI image-spec; Docker's image-spec v1.3).

The input is whatever anyone has pushed. Optional fields may be null, missing or of a wrong type; unknown fields are
ignored; a list may be endless. Decoding is lenient where the specs are (null means absent), and strict for digests and
sizes, on which everything else depends.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from collector.errors import InvalidValue
from collector.model.digests import Digest, parse_digest
from collector.model.images import MediaType
from collector.model.json_text import NOT_DECODABLE, check_count, repair_json
from collector.model.platforms import Platform

DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json"
SCHEMA_1 = "application/vnd.docker.distribution.manifest.v1+json"
SIGNED_SCHEMA_1 = "application/vnd.docker.distribution.manifest.v1+prettyjws"
SCHEMA_1_TYPES = frozenset({SCHEMA_1, SIGNED_SCHEMA_1})
OCI_ARTIFACT = "application/vnd.oci.artifact.manifest.v1+json"
"""Removed before image-spec 1.1, but some were pushed. It has `blobs` and no config."""
MANIFEST_TYPES = frozenset({DOCKER_MANIFEST, OCI_MANIFEST})

DOCKER_CONFIG = "application/vnd.docker.container.image.v1+json"
OCI_CONFIG = "application/vnd.oci.image.config.v1+json"
CONFIG_TYPES = frozenset({DOCKER_CONFIG, OCI_CONFIG})
IMAGE_CONFIG_TYPES = CONFIG_TYPES | {"application/octet-stream", "application/json", "text/html", ""}
"""Docker also pulls images with these, which Docker 1.10 and old registries wrote (moby, distribution/pull_v2.go,
"ImageTypes").
"""
_FILE_SYSTEMS = ("application/vnd.docker.image.rootfs.", "application/vnd.oci.image.layer.")
"""The beginnings of media types of layers that are file systems."""

MAX_ENTRIES = 10_000
"""The maximum of manifests in an index, layers in a manifest, and steps in a config; larger ones are refused."""
_MAX_VALUES = 100 * MAX_ENTRIES
"""The maximum of values in a document; larger ones are not decoded. A descriptor has about ten."""

Json = dict[str, Any]


class Descriptor(msgspec.Struct, frozen=True, kw_only=True):
    """A pointer to content (image-spec, descriptor.md)."""

    media_type: MediaType
    digest: Digest
    size: int
    platform: Platform | None = None
    annotations: tuple[tuple[str, str], ...] = ()
    artifact_type: str = ""


class IndexDocument(msgspec.Struct, frozen=True, kw_only=True):
    """An index or manifest list (image-spec, image-index.md)."""

    media_type: MediaType
    manifests: tuple[Descriptor, ...]
    annotations: tuple[tuple[str, str], ...] = ()


class ManifestDocument(msgspec.Struct, frozen=True, kw_only=True):
    """A manifest (image-spec, manifest.md)."""

    media_type: MediaType
    config: Descriptor | None
    """None only for an artifact manifest."""
    layers: tuple[Descriptor, ...]
    annotations: tuple[tuple[str, str], ...] = ()
    artifact_type: str = ""
    subject: Descriptor | None = None

    @property
    def is_image(self) -> bool:
        """Whether Docker pulls it as an image."""
        config = self.config
        return config is not None and refers_to_image(
            config.media_type, self.artifact_type, (layer.media_type for layer in self.layers)
        )


def refers_to_image(config_type: str | None, artifact_type: str | None, layer_types: Iterable[str | None]) -> bool:
    """Whether Docker pulls a manifest with these media types as an image.

    If the config's type does not decide, or if an artifact type contradicts it, the layers decide: those of images are
    file systems.
    """
    if (config_type or "") not in IMAGE_CONFIG_TYPES:
        return False
    is_certain = config_type in CONFIG_TYPES and not artifact_type
    return is_certain or all((kind or "").startswith(_FILE_SYSTEMS) for kind in layer_types)


def parse_json(raw: bytes) -> Json:
    """A JSON object.

    Raises:
        InvalidValue: it is not a JSON object, or has too many values.
    """
    check_count(raw, _MAX_VALUES)
    try:
        document = msgspec.json.decode(repair_json(raw))
    except NOT_DECODABLE as error:
        raise InvalidValue(f"not JSON: {error}") from None
    if not isinstance(document, dict):
        raise InvalidValue("not a JSON object")
    return document


def parse_index(raw: bytes, media_type: MediaType) -> IndexDocument:
    """An index.

    Raises:
        InvalidValue: it is invalid; the message has the path to the bad field.
    """
    document = parse_json(raw)
    manifests = _list(document.get("manifests"), "manifests")
    return IndexDocument(
        media_type=media_type,
        manifests=tuple(_descriptor(entry, f"manifests[{place}]") for place, entry in enumerate(manifests)),
        annotations=_annotations(document.get("annotations")),
    )


def parse_manifest(raw: bytes, media_type: MediaType) -> ManifestDocument:
    """Parse a manifest of schema 2 or OCI, or OCI's artifact manifest.

    Raises:
        InvalidValue: it is invalid; the message has the path to the bad field.
    """
    document = parse_json(raw)
    is_artifact = media_type == OCI_ARTIFACT
    name = "blobs" if is_artifact else "layers"
    layers = _list(document.get(name), name)
    subject = document.get("subject")
    return ManifestDocument(
        media_type=media_type,
        config=None if is_artifact else _descriptor(document.get("config"), "config"),
        layers=tuple(_descriptor(entry, f"{name}[{place}]") for place, entry in enumerate(layers)),
        annotations=_annotations(document.get("annotations")),
        artifact_type=_text(document.get("artifactType")),
        subject=_descriptor(subject, "subject") if subject is not None else None,
    )


def parse_platform_object(value: object) -> Platform | None:
    """Parse the `platform` of a descriptor, or the same fields of a config; None without an OS and an architecture."""
    if not isinstance(value, dict) or not (_text(value.get("os")) or _text(value.get("architecture"))):
        return None
    return Platform(
        os=_text(value.get("os")) or "unknown",
        architecture=_text(value.get("architecture")) or "unknown",
        variant=_text(value.get("variant")),
        os_version=_text(value.get("os.version")),
    )


def _descriptor(value: object, path: str) -> Descriptor:
    if not isinstance(value, dict):
        raise InvalidValue(f"{path}: expected a descriptor")
    size = value.get("size")
    if isinstance(size, bool) or not isinstance(size, int) or not 0 <= size < 2**62:
        raise InvalidValue(f"{path}.size: expected a number of bytes")
    digest = value.get("digest")
    if not isinstance(digest, str):
        raise InvalidValue(f"{path}.digest: expected text")
    try:
        parsed = parse_digest(digest)
    except InvalidValue as error:
        raise InvalidValue(f"{path}.digest: {error}") from None
    return Descriptor(
        media_type=_text(value.get("mediaType")),
        digest=parsed,
        size=size,
        platform=parse_platform_object(value.get("platform")),
        annotations=_annotations(value.get("annotations")),
        artifact_type=_text(value.get("artifactType")),
    )


def _list(value: object, path: str) -> list[object]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise InvalidValue(f"{path}: expected a list")
    if len(value) > MAX_ENTRIES:
        raise InvalidValue(f"{path}: {len(value)} entries, more than {MAX_ENTRIES}")
    return value


def _annotations(value: object) -> tuple[tuple[str, str], ...]:
    if not isinstance(value, Mapping):
        return ()
    return tuple((name, text) for name, text in sorted(value.items()) if isinstance(text, str))


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
