"""Decides what has to be fetched: whether the archive has a digest with everything below it."""

from __future__ import annotations

import msgspec

from collector.archive.facts import RawFact
from collector.archive.holdings import Holdings
from collector.archive.raw_objects import iter_children
from collector.model.digests import Digest
from collector.model.documents import SCHEMA_1_TYPES, refers_to_image
from collector.model.images import INDEX_TYPES
from collector.model.json_text import NOT_DECODABLE


class _Reference(msgspec.Struct):
    digest: str
    media_type: str | None = msgspec.field(default=None, name="mediaType")


class _References(msgspec.Struct):
    """The fields of an index or a manifest that refer to other objects."""

    manifests: list[_Reference] | None = None
    config: _Reference | None = None
    layers: list[_Reference] | None = None
    artifact_type: str | None = msgspec.field(default=None, name="artifactType")


_DECODER = msgspec.json.Decoder(_References)


class Completeness:
    """Whether the archive of a repository has a digest and everything below it. A damaged journal may lack a part."""

    def __init__(self, holdings: Holdings) -> None:
        self._holdings = holdings
        self._whole: set[str] = set()

    def has(self, digest: Digest) -> bool:
        """Whether the archive has all of a digest, so that nothing has to be fetched. Facts of pages count as
        complete.
        """
        if digest in self._whole:
            return True
        held = self._holdings
        raw = held.raws.get(digest)
        whole = self._has_parts(raw) if raw else digest in held.indexes or digest in held.manifests
        if whole:
            self._whole.add(digest)
        return whole

    def _has_parts(self, raw: RawFact) -> bool:
        if raw.media_type in SCHEMA_1_TYPES:
            return True
        try:
            parts = _DECODER.decode(raw.content)
        except NOT_DECODABLE:
            return True  # fetching it again would not change it
        if raw.media_type in INDEX_TYPES:
            return all(self._has_manifest(part.digest) for part in parts.manifests or ())
        config, layers = parts.config, (layer.media_type for layer in parts.layers or ())
        if config is None or not refers_to_image(config.media_type, parts.artifact_type, layers):
            return True
        return config.digest in self._holdings.raw_configs

    def _has_manifest(self, digest: str) -> bool:
        if digest in self._holdings.absent and digest not in self._holdings.raws:
            return True
        return digest in self._holdings.raws and self.has(Digest(digest))

    def lacks_absent(self, digest: Digest) -> bool:
        """Whether an index names a manifest that the registry did not have when it was asked last."""
        held = self._holdings
        raw = held.raws.get(digest)
        if raw is None or raw.media_type not in INDEX_TYPES or not held.absent:
            return False
        return any(
            entry.digest in held.absent and entry.digest not in held.raws for entry in iter_children(held.raws, raw)
        )
