"""A tag over time: from observations to the periods in which it pointed at one thing."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from collector.model.digests import Digest
from collector.model.images import Gone, Observation
from collector.model.times import Time


class Period(msgspec.Struct, frozen=True, kw_only=True):
    """From `since` up to, not including, `until`, a tag pointed at one digest, or at nothing."""

    tag: str
    since: Time
    until: Time | None
    """The end; None if the tag still points there, as far as the archive knows."""
    source: str
    """The source of the observation that opened the period."""
    digest: Digest | None = None
    gone: Gone | None = None
    is_rehearsed: bool = False
    """Whether the time of that observation was given to try out a history."""

    @property
    def is_unreadable(self) -> bool:
        """Whether the tag pointed at something that could not be understood."""
        return self.digest is None and self.gone is None


def periods_of(observations: Iterable[Observation]) -> tuple[Period, ...]:
    """One tag's periods, oldest first. Observations that repeat what the last one said open no new period."""
    opened: list[Observation] = []
    for seen in sorted(observations, key=lambda seen: seen.time):
        if not opened or (seen.digest, seen.gone) != (opened[-1].digest, opened[-1].gone):
            opened.append(seen)
    ends: list[Time | None] = [seen.time for seen in opened[1:]]
    return tuple(
        Period(
            tag=seen.tag,
            since=seen.time,
            until=until,
            source=seen.source,
            digest=seen.digest,
            gone=seen.gone,
            is_rehearsed=seen.is_rehearsed,
        )
        for seen, until in zip(opened, [*ends, None][: len(opened)], strict=True)
    )


def period_at(periods: Iterable[Period], moment: Time) -> Period | None:
    """The period that holds at a moment, or None before the first."""
    found = None
    for period in periods:
        if period.since > moment:
            break
        found = period
    return found
