"""Manifests of schema 1, which Docker stopped making in 2016 (distribution, spec/manifest-v2-1.md).

They have no config; the newest entry of their history is one, as text inside the JSON. Layers and history entries are
equal in number, newest first, and have no sizes.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from collector.errors import InvalidValue
from collector.model.configs import config_of, step_of
from collector.model.digests import Digest, parse_digest
from collector.model.documents import MAX_ENTRIES, Json, parse_json
from collector.model.images import Image, Layer, MediaType

LAYER = "application/vnd.docker.container.image.rootfs.diff+x-gtar"


def parse_schema_1(digest: Digest, raw: bytes, media_type: MediaType, layers: Mapping[str, Layer]) -> Image:
    """The image of a schema 1 manifest. `layers`: the layers whose sizes were asked for.

    Raises:
        InvalidValue: it is invalid.
    """
    document = parse_json(raw)
    history = [_compatibility(entry, place) for place, entry in enumerate(_list(document, "history"))]
    if not history:
        raise InvalidValue("history: empty")
    newest = {**history[0], **_platform(history[0], document)}
    config = config_of(parse_digest(f"v1:{newest.get('id')}"), newest)
    blobs = [_blob(entry, place) for place, entry in enumerate(_list(document, "fsLayers"))]
    return Image(
        manifest=digest,
        media_type=media_type,
        platform=config.platform,
        config=msgspec.structs.replace(config, history=tuple(step_of(_as_step(entry)) for entry in reversed(history))),
        layers=tuple(layers.get(blob) or Layer(digest=blob, size=0, media_type=LAYER) for blob in reversed(blobs)),
    )


def blobs_of_schema_1(raw: bytes) -> list[Digest]:
    """The layers of a schema 1 manifest, whose sizes only the registry knows.

    Raises:
        InvalidValue: it is invalid.
    """
    return [_blob(entry, place) for place, entry in enumerate(_list(parse_json(raw), "fsLayers"))]


def _compatibility(entry: object, place: int) -> Json:
    text = entry.get("v1Compatibility") if isinstance(entry, dict) else None
    if not isinstance(text, str):
        raise InvalidValue(f"history[{place}].v1Compatibility: expected text")
    return parse_json(text.encode())


def _platform(newest: Json, document: Json) -> Json:
    """OS and architecture. Early Docker wrote neither into an image; it ran on Linux and amd64 alone."""
    architectures = (newest.get("architecture"), document.get("architecture"), "amd64")
    return {"os": newest.get("os") or "linux", "architecture": next(name for name in architectures if name)}


def _as_step(entry: Json) -> Json:
    """An entry in the form of a config's history."""
    ran = entry.get("container_config")
    words = ran.get("Cmd") if isinstance(ran, dict) else None
    command = " ".join(word for word in words if isinstance(word, str)) if isinstance(words, list) else ""
    return {"created": entry.get("created"), "created_by": command}


def _blob(entry: object, place: int) -> Digest:
    digest = entry.get("blobSum") if isinstance(entry, dict) else None
    if not isinstance(digest, str):
        raise InvalidValue(f"fsLayers[{place}].blobSum: expected text")
    return parse_digest(digest)


def _list(document: Json, name: str) -> list[object]:
    value = document.get(name)
    if not isinstance(value, list) or len(value) > MAX_ENTRIES:
        raise InvalidValue(f"{name}: expected a list of at most {MAX_ENTRIES}")
    return value
