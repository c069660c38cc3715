"""Observations: what a tag pointed at, and when."""

from __future__ import annotations

import re
from typing import Literal, Protocol

from collector.archive.facts.fact import BaseFact, DigestText, SharedText, TagText, TextId, TimeText
from collector.model.images import Gone
from collector.model.times import Time

PAGE_SOURCE = "git:"
"""The beginning of the source of an observation that was made from a page; the id of a commit follows."""

_COMMIT = re.compile(r"git:(?:[0-9a-f]{40}|[0-9a-f]{64})\Z")


class ObservationFact(BaseFact, frozen=True, kw_only=True, tag="observation"):
    tag: TagText
    time: TimeText
    source: SharedText
    digest: DigestText | None = None
    announced: DigestText | None = None
    """The digest that the registry announced, if it differs: some announce a wrong one, and HEAD repeats it."""
    gone: Gone | None = None
    page: TextId | None = None
    """The id of the text of the whole page, if it was kept."""
    sections: dict[str, TextId] | None = None
    """The ids of the texts of kept sections, by their place from 0."""
    form: Literal["counted"] | None = None
    """The form of the classic page, unless it is the usual one."""
    dates: dict[str, TimeText | None] | None = None
    """The place of a layer on the page, from 0 → its date there, if it differs from the layer's fact; None if the page
    has no date.
    """
    dates_as: TimeText | None = None
    """The observation of this tag at this time has the same `dates`, except for those given here."""
    rehearsed: bool = False
    """Whether the time was given by whoever tried out a history, and is not that of the answer."""

    @property
    def key(self) -> tuple[str, ...]:
        return ("ObservationFact", self.tag, self.time, self.source)

    @property
    def event(self) -> tuple[str, ...]:
        """Identifies the event: the page of a tag in a commit is one event, whatever time was assumed for the
        commit.
        """
        return (self.tag, self.source) if _COMMIT.match(self.source) else self.key

    @property
    def said_at(self) -> Time | None:
        return self.time

    def enter(self, tables: _Tables) -> None:
        tables.observations[self.tag].append(self)
        if self.dates is not None or self.dates_as is not None:
            tables.dates.setdefault((self.tag, self.time), self)

    def is_known(self, tables: _Tables) -> bool:
        return any(known.key == self.key for known in tables.observations.get(self.tag, ()))


class _Tables(Protocol):
    """The tables of these facts."""

    observations: dict[str, list[ObservationFact]]
    """Tag → its observations; a missing list is created."""
    dates: dict[tuple[str, str], ObservationFact]
    """Tag and time → the observation with dates of layers."""
