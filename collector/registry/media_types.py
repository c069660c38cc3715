"""The media types of manifests, and the type of a body, even if the registry names a wrong one."""

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
from collector.model.json_text import repair_json

ACCEPTED = (OCI_INDEX, OCI_MANIFEST, DOCKER_LIST, DOCKER_MANIFEST, SIGNED_SCHEMA_1, SCHEMA_1, OCI_ARTIFACT)
ACCEPT = ", ".join(ACCEPTED)
"""To be sent with every request for a manifest, HEAD too. Without the right kind in it a registry says that there is
no such tag, converts the image to schema 1 with a digest of its own, or gives only the linux/amd64 one of a list."""

_VENDOR = "application/vnd."
"""So begins every type of a manifest. Other types (`text/html`, `application/json`) come from servers and proxies that
do not know what they send."""


class _Config(msgspec.Struct):
    media_type: str | None = msgspec.field(default=None, name="mediaType")


class _Outline(msgspec.Struct):
    """The part of a manifest that shows its kind."""

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
    """A media type in a message; one that is unknown is not shown, as it may be anything."""
    known = media_type in ACCEPTED or media_type in _COMMON
    return media_type if known else "an unknown type" if media_type else "no type"


def plain_type(content_type: str) -> MediaType:
    """A `Content-Type` without its parameters, in lower case."""
    return content_type.partition(";")[0].strip().lower()


def manifest_type(raw: bytes, content_type: str) -> MediaType:
    """The media type of a manifest: from the body, else from the registry, else from the form of the body.

    Raises:
        UntrustedAnswer: it is not a manifest, it is two kinds at once, or registry and body contradict one another.
    """
    outline = _read(raw, content_type)
    said, inside = plain_type(content_type), outline.media_type or ""
    named = list(dict.fromkeys(kind for kind in (inside, said) if kind.startswith(_VENDOR)))
    if len(named) > 1:
        why = f"the registry calls it {shown_type(said)}, and the manifest itself {shown_type(inside)}"
        raise UntrustedAnswer(why)
    media_type = named[0] if named else _guess(outline)
    # A body that is an index to one reader and a manifest to another would have two contents under one digest.
    if (media_type in INDEX_TYPES and (outline.layers is not None or outline.config is not None)) or (
        media_type in MANIFEST_TYPES and (outline.manifests is not None or outline.fs_layers is not None)
    ):
        raise UntrustedAnswer("a manifest that is an index at the same time")
    return media_type


def _read(raw: bytes, content_type: str) -> _Outline:
    try:
        return _DECODER.decode(repair_json(raw))
    except msgspec.ValidationError as error:
        raise UntrustedAnswer(f"no manifest: {error}") from None
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        said = plain_type(content_type)
        kind = "a page of HTML" if raw[:200].lstrip()[:1] == b"<" else "something that is no JSON"
        hint = "is this the address of a registry? A proxy or a login page may stand in front of it"
        raise UntrustedAnswer(f"no manifest, but {kind} ({shown_type(said)})", hint=hint) from None


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
    raise UntrustedAnswer("not a manifest: it has the form of no known kind")
