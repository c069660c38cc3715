"""The tags of one repository over time, each difference computed once however many tags share it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import cached_property, partial
from types import MappingProxyType

import msgspec

from collector.archive.holdings import Holdings
from collector.diff.changes import Change
from collector.diff.differ import Differ
from collector.diff.summary import Outline
from collector.model.digests import Digest
from collector.model.images import Gone, Image, State
from collector.model.platforms import Platform, platform_slugs
from collector.model.timelines import Period
from collector.pages.documents import key_of
from collector.pages.fingerprints import Fingerprints
from collector.pages.objects import ObjectStore, fill_store
from collector.pages.tag_order import most_specific, newest_first, tag_key

_LEAD = Platform(os="linux", architecture="amd64")


class Difference:
    """A step that tags went through, once however many did: in a few words, and in full where somebody asks."""

    def __init__(self, key: bytes, before: Digest | None, outline: Outline, make: Callable[[], Change]) -> None:
        self.key = key
        """Equal keys, equal changes, within one version of this program."""
        self.before = before
        """As `Change.before`."""
        self.outline = outline
        self._make = make

    @cached_property
    def change(self) -> Change:
        return self._make()


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """One period of a tag, with what led to it."""

    period: Period
    difference: Difference
    compares: bool
    """Whether there are two states to compare, which are not one."""


class Timelines:
    """Every tag's moments, and which tags are the same image now."""

    def __init__(self, holdings: Holdings, outlines: Mapping[bytes, Outline] = MappingProxyType({})) -> None:
        """`outlines`: what an earlier build remembers; they are not worked out again."""
        self.holdings = holdings
        self.outlines: dict[bytes, Outline] = {}
        """To be remembered: of all differences between two states, by their keys."""
        self._remembered = outlines
        self._differ = Differ()
        self._differences: dict[tuple[object, ...], Difference] = {}
        self._prints = Fingerprints()
        self._images: dict[Digest, Mapping[str, Image]] = {}
        self.periods = {tag: holdings.periods(tag) for tag in newest_first(holdings.tags)}
        """By tag, the newest version first; oldest period first."""
        self.moments: dict[str, list[Moment]] = {tag: [] for tag in self.periods}
        """In the same order."""
        self._walk()

    def state(self, digest: Digest | None) -> State | None:
        return self.holdings.state(digest) if digest else None

    def images(self, digest: Digest | None) -> Mapping[str, Image] | None:
        """The images of a state by their platform in addresses; None where it is not known."""
        state = self.state(digest)
        if digest is None or state is None:
            return None
        if digest not in self._images:
            self._images[digest] = by_slug(state)
        return self._images[digest]

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
        return fill_store(self.holdings, self._in_order)

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
        for now in self._in_order:
            before, after = last.get(now.tag), self.state(now.digest)
            compares = before is not None and after is not None and before.digest != after.digest
            difference = self._difference(before, after, was.get(now.tag), now)
            self.moments[now.tag].append(Moment(period=now, difference=difference, compares=compares))
            was[now.tag] = now
            if after is not None:
                last[now.tag] = after

    @cached_property
    def _in_order(self) -> list[Period]:
        """The periods of all tags in the order of time."""
        periods = (period for of_tag in self.periods.values() for period in of_tag)
        return sorted(periods, key=lambda period: (period.since, tag_key(period.tag)))

    def _difference(self, before: State | None, after: State | None, was: Period | None, now: Period) -> Difference:
        known = (before and before.digest, after and after.digest, _absence(was), _absence(now))
        if known not in self._differences:
            key = key_of(self._prints.of(before), self._prints.of(after), *known)
            outline = self._remembered.get(key) or self._differ.outline(before, after, was=was, now=now)
            if before is not None and after is not None:
                self.outlines[key] = outline
            make = partial(self._differ.change, before, after, was=was, now=now)
            self._differences[known] = Difference(key, before.digest if before else None, outline, make)
        return self._differences[known]


def by_slug(state: State) -> dict[str, Image]:
    """The images of a state by their platform in addresses."""
    return dict(zip(platform_slugs(image.platform for image in state.images), state.images, strict=True))


def _absence(period: Period | None) -> tuple[bool, Gone | None] | None:
    return (period.digest is None, period.gone) if period else None


def by_precision(tags: list[str]) -> tuple[str, ...]:
    """The most specific first, then as people read them."""
    first = most_specific(tags)
    return (first, *(tag for tag in newest_first(tags) if tag != first))
