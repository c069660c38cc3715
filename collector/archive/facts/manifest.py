"""Manifests, as pages show them."""

from __future__ import annotations

from collector.archive.facts.fact import DigestFact, DigestText
from collector.archive.facts.shared_values import SharedValues
from collector.model.images import MediaType


class ManifestFact(DigestFact, frozen=True, kw_only=True, tag="manifest"):
    table = "manifests"
    media_type: MediaType
    config: DigestText
    layers: tuple[DigestText, ...]

    def share(self, shared: SharedValues) -> None:
        shared.replace(self, "digest", "media_type", "config")
        shared.replace_each(self, "layers")
