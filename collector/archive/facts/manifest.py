"""Manifests, as pages show them."""

from __future__ import annotations

from collector.archive.facts.fact import DigestFact, DigestText, SharedMediaType


class ManifestFact(DigestFact, frozen=True, kw_only=True, tag="manifest"):
    table = "manifests"
    media_type: SharedMediaType
    config: DigestText
    layers: tuple[DigestText, ...]
