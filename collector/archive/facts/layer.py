"""Layers."""

from __future__ import annotations

from collector.archive.facts.fact import DigestFact, SharedMediaType, Size, TimeText
from collector.model.images import Layer


class LayerFact(DigestFact, frozen=True, kw_only=True, tag="layer"):
    table = "layers"
    size: Size | None = None
    media_type: SharedMediaType
    last_modified: TimeText | None = None

    @property
    def value(self) -> Layer:
        return Layer(
            digest=self.digest,
            size=self.size or 0,
            media_type=self.media_type,
            has_size=self.size is not None,
            last_modified=self.last_modified,
        )
