"""Manifests that a registry does not have."""

from __future__ import annotations

from collector.archive.facts.fact import DigestFact, TimeText
from collector.model.times import Time


class AbsentFact(DigestFact, frozen=True, kw_only=True, tag="absent"):
    """An index names this manifest, and the registry does not have it."""

    table = "absent"
    time: TimeText

    @property
    def said_at(self) -> Time | None:
        return self.time
