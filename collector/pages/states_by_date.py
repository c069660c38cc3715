"""What every tag of an image pointed at, and when: a small file, from which the browser answers for any date."""

from __future__ import annotations

from datetime import datetime

import msgspec

from collector.model.digests import Digest
from collector.model.timelines import Period
from collector.model.times import Time
from collector.pages.documents import Asset
from collector.pages.histories import Histories

_SHA256 = "sha256:"
MISSING, REMOVED, UNREADABLE = -1, -2, -3


class TagStates(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The states of all tags of an image."""

    until: Time
    """When a tag of the image was last observed."""
    digests: tuple[str, ...]
    """All digests of the tags, in order of time; without the `sha256:`."""
    objects: tuple[int | None, ...]
    """The number of the object of each digest; null if the archive lacks a part of it."""
    tags: dict[str, tuple[tuple[int, int], ...]]
    """The states of each tag, oldest first: seconds since the previous one (for the first, since 1970), and the place
    of its digest.

    Instead of a place: -1 the registry had no such tag, -2 no longer followed, -3 could not be read."""
    rehearsed: dict[str, tuple[int, ...]] = {}
    """Tag → the numbers, from 0, of the states whose time was given to try out a history."""


def states_asset(histories: Histories, image_address: str) -> Asset:
    """The file, beside the image's twin. Its name begins with a hyphen, unlike that of any tag or image."""
    places: dict[Digest, int] = {}
    periods = {tag: [change.period for change in changes] for tag, changes in histories.changes.items()}
    for period in sorted((one for each in periods.values() for one in each), key=lambda one: (one.since, one.tag)):
        if period.digest:
            places.setdefault(period.digest, len(places))
    content = TagStates(
        until=histories.holdings.known_until,
        digests=tuple(digest.removeprefix(_SHA256) for digest in places),
        objects=tuple(histories.store.number(digest) for digest in places),
        tags={tag: _steps(each, places) for tag, each in periods.items()},
        rehearsed={tag: numbers for tag, each in periods.items() if (numbers := _rehearsed(each))},
    )
    return Asset(path=f"api/v1/{image_address}-states.json", content=msgspec.json.encode(content))


def _steps(periods: list[Period], places: dict[Digest, int]) -> tuple[tuple[int, int], ...]:
    steps = []
    before = 0
    for period in periods:
        now = _seconds(period.since)
        steps.append((now - before, _place(period, places)))
        before = now
    return tuple(steps)


def _rehearsed(periods: list[Period]) -> tuple[int, ...]:
    return tuple(number for number, period in enumerate(periods) if period.is_rehearsed)


def _place(period: Period, places: dict[Digest, int]) -> int:
    if period.digest:
        return places[period.digest]
    return {"missing": MISSING, "removed": REMOVED, None: UNREADABLE}[period.gone]


def _seconds(time: Time) -> int:
    return int(datetime.fromisoformat(time).timestamp())
