"""The tags of one repository over time, each difference computed once however many tags share it."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property

import msgspec

from collector.archive.holdings import Holdings
from collector.diff.changes import Change
from collector.diff.differ import Differ
from collector.model.digests import Digest
from collector.model.images import Gone, State
from collector.model.platforms import Platform
from collector.model.timelines import Period
from collector.pages.natural import most_specific, newest_first, tag_key
from collector.pages.objects import ObjectStore, fill_store

_LEAD = Platform(os="linux", architecture="amd64")


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """One period of a tag, with the change that led to it."""

    period: Period
    change: Change
    compares: bool
    """Whether there are two states to compare, which are not one."""


class Timelines:
    """Every tag's moments, and which tags are the same image now."""

    def __init__(self, holdings: Holdings) -> None:
        self.holdings = holdings
        self._differ = Differ()
        self._known: dict[tuple[object, ...], Change] = {}
        self.moments: dict[str, list[Moment]] = {tag: [] for tag in newest_first(holdings.tags)}
        """By tag, the newest version first; oldest moment first."""
        self._walk()

    def state(self, digest: Digest | None) -> State | None:
        return self.holdings.state(digest) if digest else None

    def last_state(self, tag: str) -> tuple[Moment, State] | None:
        """The newest moment at which the tag pointed at something that is whole in the archive."""
        for moment in reversed(self.moments[tag]):
            state = self.state(moment.period.digest)
            if state is not None:
                return moment, state
        return None

    def is_live(self, tag: str) -> bool:
        return self.moments[tag][-1].period.digest is not None

    @cached_property
    def aliases(self) -> dict[Digest, tuple[str, ...]]:
        """The live tags by what they point at, the most specific first."""
        tags: dict[Digest, list[str]] = defaultdict(list)
        for tag, moments in self.moments.items():
            if digest := moments[-1].period.digest:
                tags[digest].append(tag)
        return {digest: by_precision(found) for digest, found in tags.items()}

    @cached_property
    def groups(self) -> tuple[tuple[str, ...], ...]:
        """The live tags by their image for linux/amd64, or for their first platform; the newest version first.

        `3.6.4` (Linux and Windows) and `3.6.4-stretch` (Linux alone) are different indexes around the same images:
        to a person they are the same image.
        """
        tags: dict[Digest, list[str]] = defaultdict(list)
        for digest, found in self.aliases.items():
            tags[self._lead(digest)].extend(found)
        groups = {most_specific(found): by_precision(found) for found in tags.values()}
        return tuple(groups[first] for first in newest_first(groups))

    @cached_property
    def store(self) -> ObjectStore:
        """All that the states contained, numbered in the order of time."""
        return fill_store(self.holdings, self._periods())

    @cached_property
    def group_of(self) -> dict[str, tuple[str, ...]]:
        return {tag: group for group in self.groups for tag in group}

    def _lead(self, digest: Digest) -> Digest:
        state = self.state(digest)
        if state is None or not state.images:
            return digest
        return next((image for image in state.images if image.platform == _LEAD), state.images[0]).manifest

    def _walk(self) -> None:
        """Go through the periods of all tags in the order of time."""
        last: dict[str, State] = {}
        was: dict[str, Period] = {}
        for now in self._periods():
            before, after = last.get(now.tag), self.state(now.digest)
            change = self._change(before, after, was.get(now.tag), now)
            compares = before is not None and after is not None and before.digest != after.digest
            self.moments[now.tag].append(Moment(period=now, change=change, compares=compares))
            was[now.tag] = now
            if after is not None:
                last[now.tag] = after

    def _periods(self) -> list[Period]:
        """Of all tags, in the order of time."""
        periods = (period for tag in self.moments for period in self.holdings.periods(tag))
        return sorted(periods, key=lambda period: (period.since, tag_key(period.tag)))

    def _change(self, before: State | None, after: State | None, was: Period | None, now: Period) -> Change:
        key = (before and before.digest, after and after.digest, _absence(was), _absence(now))
        if key not in self._known:
            self._known[key] = self._differ.change(before, after, was=was, now=now)
        return self._known[key]


def _absence(period: Period | None) -> tuple[bool, Gone | None]:
    return (period is not None and period.digest is None, period.gone if period else None)


def by_precision(tags: list[str]) -> tuple[str, ...]:
    """The most specific first, then as people read them."""
    first = most_specific(tags)
    return (first, *(tag for tag in newest_first(tags) if tag != first))
