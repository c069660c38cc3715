"""The times of the commits on a source's main line, corrected where a clock contradicts the others.

Times on the line should never decrease. The largest set of commits whose times never decrease is believed. Every other
commit is assumed to lie between its believed neighbours. So a clock that is twenty years fast or slow moves only its
own commit.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from collector.importer.git import run
from collector.model.times import Time, seconds_of, time_of

_LATEST = 253402300799
"""9999-12-31T23:59:59Z in Unix time, the latest time that can be written."""
_UNKNOWN = -1
"""The time of a commit whose date cannot be read."""


class CommitTimes(msgspec.Struct, frozen=True, kw_only=True):
    """The commits of a main line, with their times."""

    tip: str
    seconds: Mapping[str, int]
    """When each commit was made, in Unix time; never before its parent."""
    notices: tuple[str, ...]
    """A message for each commit whose own date was not believed, with the assumed time."""


def read_commit_times(git_dir: Path, tip: str, now: Time | None = None) -> CommitTimes:
    """The times of all commits on the main line up to `tip`.

    A commit with a date after `now` is believed only if no other commit follows.

    Raises:
        SourceError: git cannot read the history.
    """
    arguments = ["--reverse", "--topo-order", "--first-parent", "--format=tformat:%H %ct", "--end-of-options", tip]
    lines = [line.partition(" ") for line in run(git_dir, "log", *arguments, "--").decode().splitlines()]
    dates = [_date(seconds) for _, _, seconds in lines]
    latest = (seconds_of(now) if now else None) or _LATEST
    assumed = assume_order(dates, latest)
    ids = [commit for commit, _, _ in lines]
    return CommitTimes(
        tip=tip,
        seconds=dict(zip(ids, assumed, strict=True)),
        notices=tuple(_iter_notices(ids, dates, assumed, latest)),
    )


def assume_order(dates: Sequence[int], now: int) -> list[int]:
    """The same dates, except that those that contradict most others are moved between their neighbours."""
    believed = _longest_in_order(dates, now)
    followers: list[int | None] = [None] * len(dates)
    follower: int | None = None
    for place in reversed(range(len(dates))):
        followers[place] = follower
        if place in believed:
            follower = dates[place]
    assumed, last = [], 0
    for date, follower in zip(dates, followers, strict=True):
        # Before the next commit, so that both keep their order in the archive.
        is_late = follower is not None and not 0 <= date <= follower
        last = max(last, follower - 1 if is_late and follower is not None else date)
        assumed.append(last)
    return assumed


def _longest_in_order(dates: Sequence[int], now: int) -> set[int]:
    """The places of the largest set of dates that never decrease; of several such sets, the one with the earlier
    commits.

    Patience sorting from the last commit to the first: `ends[n]` is the place of the best first date of n + 1 dates.
    """
    ends: list[int] = []
    keys: list[int] = []
    following: dict[int, int | None] = {}
    for place in reversed(range(len(dates))):
        if not 0 <= dates[place] <= now:
            continue
        length = bisect_right(keys, -dates[place])
        following[place] = ends[length - 1] if length else None
        keys[length : length + 1] = [-dates[place]]
        ends[length : length + 1] = [place]
    found: set[int] = set()
    start = ends[-1] if ends else None
    while start is not None:
        found.add(start)
        start = following[start]
    return found


def _iter_notices(ids: Sequence[str], dates: Sequence[int], assumed: Sequence[int], now: int) -> Iterator[str]:
    for commit, date, taken in zip(ids, dates, assumed, strict=True):
        if date != taken:
            dated = (
                f"dated {_time(date)}, which contradicts the commits around it"
                if date != _UNKNOWN
                else "without a date"
            )
            yield f"commit {commit} is {dated}: assumed to be of {_time(taken)}"
        elif date > now:
            yield f"commit {commit} is dated {_time(date)}, in the future; accepted, as no later commit contradicts it"


def _date(seconds: str) -> int:
    return min(int(seconds), _LATEST) if seconds.isdigit() else _UNKNOWN


def _time(seconds: int) -> Time:
    return time_of(datetime.fromtimestamp(seconds, UTC))
