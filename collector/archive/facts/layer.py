"""Layers."""

from __future__ import annotations

from collections.abc import Iterable

from collector.archive.facts.fact import DigestFact, Size, TimeText
from collector.archive.facts.shared_values import SharedValues
from collector.model.images import Layer, MediaType
from collector.model.times import Time


class LayerFact(DigestFact, frozen=True, kw_only=True, tag="layer"):
    table = "layers"
    size: Size | None = None
    media_type: MediaType
    last_modified: TimeText | None = None

    @property
    def times(self) -> Iterable[Time | None]:
        return (self.last_modified,)

    def share(self, shared: SharedValues) -> None:
        shared.replace(self, "digest", "media_type", "last_modified")

    @property
    def value(self) -> Layer:
        return Layer(
            digest=self.digest,
            size=self.size or 0,
            media_type=self.media_type,
            has_size=self.size is not None,
            last_modified=self.last_modified,
        )
