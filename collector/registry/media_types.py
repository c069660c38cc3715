"""The media types of manifests, and the detection of a body's type, even if the registry names a wrong one."""

from __future__ import annotations

import msgspec

from collector.errors import UntrustedAnswer
from collector.model.documents import (
    DOCKER_MANIFEST,
    MANIFEST_TYPES,
    OCI_ARTIFACT,
    OCI_MANIFEST,
    SCHEMA_1,
    SIGNED_SCHEMA_1,
)
from collector.model.images import DOCKER_LIST, INDEX_TYPES, OCI_INDEX, MediaType
from collector.model.json_text import NOT_DECODABLE, repair_json

ACCEPTED = (OCI_INDEX, OCI_MANIFEST, DOCKER_LIST, DOCKER_MANIFEST, SIGNED_SCHEMA_1, SCHEMA_1, OCI_ARTIFACT)
ACCEPT = ", ".join(ACCEPTED)
"""Sent with every request for a manifest, including HEAD. If the right type is missing, a registry answers that the tag
does not exist, converts the image to schema 1 with another digest, or returns only the linux/amd64 image of an
index.
"""

_VENDOR = "application/vnd."
"""Every type of a manifest begins so. Other types (`text/html`, `application/json`) come from servers and proxies that
do not know the type.
"""


class _Config(msgspec.Struct):
    media_type: str | None = msgspec.field(default=None, name="mediaType")


class _Outline(msgspec.Struct):
    """The members of a manifest that show its kind."""

    schema_version: int | None = msgspec.field(default=None, name="schemaVersion")
    media_type: str | None = msgspec.field(default=None, name="mediaType")
    config: _Config | None = None
    manifests: list[msgspec.Raw] | None = None
    layers: list[msgspec.Raw] | None = None
    fs_layers: list[msgspec.Raw] | None = msgspec.field(default=None, name="fsLayers")
    signatures: list[msgspec.Raw] | None = None


_DECODER = msgspec.json.Decoder(_Outline)


_COMMON = frozenset({"application/json", "application/octet-stream", "application/xml", "text/html", "text/plain"})


def shown_type(media_type: str) -> str:
    """A media type for a message. An unknown type is not shown, because it may be any text."""
    known = media_type in ACCEPTED or media_type in _COMMON
    return media_type if known else "an unknown type" if media_type else "no type"


def plain_type(content_type: str) -> MediaType:
    """A `Content-Type` without its parameters, in lower case."""
    return content_type.partition(";")[0].strip().lower()


def manifest_type(raw: bytes, content_type: str) -> MediaType:
    """The media type of a manifest: the one in the body, else the one that the registry names, else by the body's form.

    Raises:
        UntrustedAnswer: it is not a manifest, it is of two kinds at once, or registry and body contradict each other.
    """
    outline = _read(raw, content_type)
    said, inside = plain_type(content_type), outline.media_type or ""
    named = list(dict.fromkeys(kind for kind in (inside, said) if kind.startswith(_VENDOR)))
    if len(named) > 1:
        why = f"the registry names the type {shown_type(said)}, but the manifest itself {shown_type(inside)}"
        raise UntrustedAnswer(why)
    media_type = named[0] if named else _guess(outline)
    # A body that some readers take for an index and others for a manifest would give one digest two contents.
    if (media_type in INDEX_TYPES and (outline.layers is not None or outline.config is not None)) or (
        media_type in MANIFEST_TYPES and (outline.manifests is not None or outline.fs_layers is not None)
    ):
        raise UntrustedAnswer("an index and a manifest at the same time")
    return media_type


def _read(raw: bytes, content_type: str) -> _Outline:
    try:
        return _DECODER.decode(repair_json(raw))
    except msgspec.ValidationError as error:
        raise UntrustedAnswer(f"not a manifest: {error}") from None
    except NOT_DECODABLE:
        said = plain_type(content_type)
        kind = "a page of HTML" if raw[:200].lstrip()[:1] == b"<" else "a text that is not JSON"
        hint = "check that this is the address of a registry; a proxy or a login page may have answered"
        raise UntrustedAnswer(f"not a manifest, but {kind} ({shown_type(said)})", hint=hint) from None


def _guess(outline: _Outline) -> MediaType:
    if outline.manifests is not None:
        return OCI_INDEX
    if outline.schema_version == 1:
        return SIGNED_SCHEMA_1 if outline.signatures else SCHEMA_1
    if outline.config is not None:
        docker = (outline.config.media_type or "").startswith("application/vnd.docker.")
        return DOCKER_MANIFEST if docker else OCI_MANIFEST
    if outline.layers is not None:
        return OCI_MANIFEST
    raise UntrustedAnswer("not a manifest: unknown form")
