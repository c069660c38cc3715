"""Dates of layers on pages, where they differ from those in the facts of the layers.

The storage of a registry may give another date for a layer every day, although the image never changes. An observation
contains only the dates that differ from those of an earlier observation of its tag, which it names.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from collector.archive.facts import FactTables, ObservationFact
from collector.model.times import Time

Dates = Mapping[int, Time | None]
"""The place of a layer on the page, from 0 → its date; None if the page has none."""


class PageDates(NamedTuple):
    """The dates of the layers on a page."""

    other: Dates = MappingProxyType({})
    """The dates that differ from those in the layers' facts."""
    all: Sequence[Time | None] = ()
    """The dates of all layers, in the order of the page; empty if none differs."""


_PLACE = re.compile(r"[0-9]{1,9}\Z")
_MAX_KNOWN = 100
"""The number of earlier observations of a tag that are compared."""


def dates_of(tables: FactTables, seen: ObservationFact) -> dict[int, Time | None]:
    """All dates on an observation's page that differ from those in the layers' facts."""
    chain = [seen]
    while chain[-1].dates_as is not None and len(chain) <= len(tables.dates):
        earlier = tables.dates.get((seen.tag, chain[-1].dates_as))
        if earlier is None:
            break
        chain.append(earlier)
    found: dict[int, Time | None] = {}
    for one in reversed(chain):
        found |= {int(place): date for place, date in (one.dates or {}).items() if _PLACE.match(place)}
    return found


class DateEncoder:
    """Encodes the dates of a page as differences from the most similar earlier page of its tag."""

    def __init__(self, tables: FactTables) -> None:
        self._known: dict[str, list[tuple[Time, dict[int, Time | None]]]] = defaultdict(list)
        for (tag, time), seen in sorted(tables.dates.items()):
            if dates := dates_of(tables, seen):
                self._known[tag].append((Time(time), dates))

    def encode(self, tag: str, time: Time, page: PageDates) -> tuple[dict[str, Time | None] | None, Time | None]:
        """The members `dates` and `dates_as` of an observation; both None if the page has the dates of the facts."""
        if not page.other:
            return None, None
        best, reference = dict(page.other), None
        for earlier, known in reversed(self._known[tag][-_MAX_KNOWN:]):
            if earlier < time and max(known) < len(page.all):
                places = sorted({*known, *page.other})
                rest = {place: page.all[place] for place in places if known.get(place, "") != page.all[place]}
                if len(rest) < len(best):
                    best, reference = rest, earlier
        if all(earlier != time for earlier, _ in self._known[tag][-_MAX_KNOWN:]):
            self._known[tag].append((time, dict(page.other)))
        return {str(place): date for place, date in best.items()} or None, reference
