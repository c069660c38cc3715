"""Records when tags were looked at, so that the next run begins with those not looked at for longest.

    archive/visits/2026-11.jsonl     one line a run and repository: {"repository": …, "tags": …, "time": …}

Visits are not kept in the journals of the repositories, because a visit that finds nothing new must not change a page.
(No registry has a folder called `visits`: the name of a registry contains a dot or a port.)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import msgspec

from collector.archive.facts.forms import Form
from collector.archive.journal import append_lines, iter_lines, make_folder
from collector.archive.layout import journal_of, month_of
from collector.model import times
from collector.model.json_text import NOT_DECODABLE
from collector.model.times import Time, is_in_calendar

FOLDER = "visits"

_TimeText = Annotated[Time, Form(times.PATTERN).meta]

_MONTHS_READ = 3
"""Visits older than this count as never."""


class Visit(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The tags of a repository that were looked at in one run."""

    repository: str
    """The full name."""
    time: _TimeText
    tags: tuple[str, ...] | None = None
    """The tags; None for all tags of the repository in the archive, as on most days."""
    rehearsed: bool = False
    """Whether the time was given to try out a history."""


class Looks(msgspec.Struct, frozen=True, kw_only=True):
    """When registries were last asked, as far as the archive recorded it; rehearsed visits are left out."""

    repositories: dict[str, _TimeText] = {}
    """Full name → the last visit of all its tags."""
    tags: dict[str, dict[str, _TimeText]] = {}
    """Full name → tag → its last visit, where that was later."""

    @property
    def newest(self) -> Time | None:
        """The newest visit; None if there is none."""
        of_tags = (time for tags in self.tags.values() for time in tags.values())
        return max((*self.repositories.values(), *of_tags), default=None)


NO_LOOKS = Looks()


class LastVisits:
    """When a repository, and each of its tags, was last looked at."""

    def __init__(self, visits: Mapping[tuple[str, str | None], Time]) -> None:
        self._visits = visits
        self._repositories: dict[str, Time] = {}
        for (name, _), time in visits.items():
            self._repositories[name] = max(self._repositories.get(name, time), time)

    def of_repository(self, name: str) -> str:
        """The last visit of a repository, by its full name; empty if it was never visited."""
        return self._repositories.get(name, "")

    def of_tag(self, name: str, tag: str) -> str:
        """The last visit of a tag of a repository in the archive; empty if it was never visited."""
        return max(self._visits.get((name, tag), ""), self._visits.get((name, None), ""))


_ENCODER = msgspec.json.Encoder(order="sorted")
_DECODER = msgspec.json.Decoder(Visit)


def add_visit(root: Path, visit: Visit) -> None:
    """Add a visit."""
    make_folder(root / FOLDER)
    append_lines(journal_of(root / FOLDER, month_of(visit.time)), _ENCODER.encode(visit) + b"\n")


def last_visits(root: Path) -> LastVisits:
    """Read the visits; invalid lines are left out."""
    return LastVisits(_last_times(_iter_visits(root)))


def last_looks(root: Path, names: Iterable[str]) -> Looks:
    """Read when the tags of some repositories were last asked for.

    Args:
        root: the archive's folder.
        names: the full names of the repositories.
    """
    found = _last_times(visit for visit in _iter_visits(root) if not visit.rehearsed)
    known = set(names)
    repositories = {name: time for (name, tag), time in sorted(found.items(), key=_by_name) if tag is None}
    tags: dict[str, dict[str, Time]] = {}
    for (name, tag), time in sorted(found.items(), key=_by_name):
        if tag is not None and name in known and time > repositories.get(name, ""):
            tags.setdefault(name, {})[tag] = time
    return Looks(repositories={name: time for name, time in repositories.items() if name in known}, tags=tags)


def _by_name(one: tuple[tuple[str, str | None], Time]) -> tuple[str, str]:
    (name, tag), _ = one
    return name, tag or ""


def _last_times(visits: Iterable[Visit]) -> dict[tuple[str, str | None], Time]:
    """The last visit of each tag of a repository; of None, of all its tags."""
    last: dict[tuple[str, str | None], Time] = {}
    for visit in visits:
        for tag in (None,) if visit.tags is None else visit.tags:
            key = (visit.repository, tag)
            last[key] = max(last.get(key, visit.time), visit.time)
    return last


def _iter_visits(root: Path) -> Iterator[Visit]:
    for path in sorted((root / FOLDER).glob("????-??.jsonl"))[-_MONTHS_READ:]:
        for _, line in iter_lines(path):
            if isinstance(line, bytes):
                with suppress(*NOT_DECODABLE):
                    visit = _DECODER.decode(line)
                    if is_in_calendar(visit.time):
                        yield visit
