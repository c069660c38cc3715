"""The releases of the last year of an image's tags, as text that the site draws: `version 12-21 10-04; base 12-12`.

The year ends with the day when the image was last observed to change: never with the clock, and not with the end of
the whole archive, because a change of one image must not change the pages of others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

import msgspec

from collector.model.tag_order import plainest_first
from collector.model.times import Time
from collector.pages.histories import Histories
from collector.pages.release_text import release_label

DAYS = 365
"""The days of a year, the last included: each month and day is in it once."""


class PastYear(msgspec.Struct, frozen=True, kw_only=True):
    """The last year of an image."""

    until: str = ""
    """Its last day; empty: nothing is told of it."""
    releases: dict[str, str] = {}
    """The first tag of a group → the releases of the group's tag that had the most, as text."""


def past_year(histories: Histories, until: Time) -> PastYear:
    """The releases of the year until a day, for each group of tags."""
    last = date.fromisoformat(until[:10])
    if last.toordinal() < DAYS:
        return PastYear()
    first = (last - timedelta(days=DAYS - 1)).isoformat()
    texts = {group[0]: _text(histories, group, first) for group in histories.groups}
    return PastYear(until=until[:10], releases=texts)


def _text(histories: Histories, group: Sequence[str], first: str) -> str:
    """`version 12-21 10-04; base 12-12`; `none` if there was none."""
    found = [list(_iter_releases(histories, tag, first)) for tag in plainest_first(group)]
    days: dict[str, list[str]] = defaultdict(list)
    for day, label in max(found, key=len):
        days[label].append(day[5:])
    return "; ".join(f"{label} {' '.join(dict.fromkeys(of_label))}" for label, of_label in days.items()) or "none"


def _iter_releases(histories: Histories, tag: str, first: str) -> Iterator[tuple[str, str]]:
    """The day and the label of each release since a day, newest first."""
    for release in reversed(histories.releases(tag)):
        if release.since[:10] < first:
            return
        yield release.since[:10], release_label(release)
