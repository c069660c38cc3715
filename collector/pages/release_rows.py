"""The releases of a repository's tags as rows of tables and of JSON."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec

from collector.bases.moves import BaseMove, base_moves
from collector.bases.parts import RepositoryBases
from collector.diff.changes import ReasonCode, ReasonDetail
from collector.model.digests import Digest
from collector.model.references import parse_repository
from collector.model.tag_order import plainest_first
from collector.model.times import Time, seconds_of
from collector.pages.addresses import Addresses
from collector.pages.base_rows import BaseMoveRow, base_move_row
from collector.pages.histories import Histories
from collector.pages.release_text import (
    BaseDay,
    arrivals_text,
    base_days_of_several,
    base_time,
    label_and_rest,
    last_text,
    progress_text,
    release_text,
    where_text,
)
from collector.releases import Release
from collector.releases.names import release_names
from collector.releases.release import Cause

_WEEK = 7 * 86_400
"""Seconds."""
_STILL_ABSENT = frozenset[ReasonDetail]({"never-seen", "still-gone", "still-gone-not-followed"})
_MAX_BASES = 8
"""The number of bases of a release that are shown: those of the most platforms."""
_MAX_SHOWN_BASES = 3


class ReleaseRow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One release of a tag: states that brought one update to its platforms."""

    states: tuple[int, ...]
    """The numbers of its states in the whole history, oldest first, from 0. Every state is in exactly one release."""
    since: Time | None = None
    """When its first state began; left out if it has one state. Time and tag name the release, and never change."""
    updated: Time | None = None
    """When its newest state or platform came; left out if nothing came after the first."""
    cause: Cause
    reasons: tuple[ReasonCode, ...] = ()
    """Left out, as `summary` is, if they are those of its only state."""
    summary: str = ""
    """The reasons in words. Contains text from images."""
    of: int = 0
    """The number of platforms that the tag had then. A tag with one platform lacks this member and those below."""
    arrived: dict[str, int] = {}
    """The slugs of the platforms that have it, with the numbers of the states that brought it to them."""
    to_follow: tuple[str, ...] = ()
    """Platforms that may still get it."""
    skipped: dict[str, Time | None] = {}
    """Platforms that did not get it, with the beginning of the later release that reached them instead."""
    dropped: tuple[str, ...] = ()
    """Platforms for which the tag then had no image, for longer than 30 days."""
    returned: tuple[str, ...] = ()
    """Platforms that were absent, and are back with the same image."""
    bases: tuple[BaseMoveRow, ...] = ()
    """The bases that moved, where the archive has their releases; the first 8."""


class ShownState(msgspec.Struct, frozen=True, kw_only=True):
    """One state of a release as a page shows it."""

    since: Time
    text: str
    """The platforms that it brought the release to, else why it differs from the state before."""
    digest: Digest | None


class MovedBase(NamedTuple):
    """A base that moved in a release, and the address of its own release."""

    row: BaseMoveRow
    address: str

    @property
    def name(self) -> str:
        """`debian:stretch-slim`."""
        return f"{self.row.image}:{self.row.tag}"


class ShownBase(msgspec.Struct, frozen=True, kw_only=True):
    """A base that moved in a release, as a page shows it."""

    name: str
    """`debian:stretch-slim`."""
    time: str
    """The day on which the release of the base began; with the minute where the day alone would name two."""
    address: str
    """The address of that release."""
    where: str
    """`on linux/s390x`; empty: on all platforms of the release."""


class ShownRelease(msgspec.Struct, frozen=True, kw_only=True):
    """One release as a page shows it."""

    anchor: str
    """The part of the page's address that leads to it: `r-33a5a60a9a15`."""
    since: Time
    label: str
    """Its cause in a word: `version`; that of platforms in full: `new platform`."""
    text: str
    """What it changed."""
    summary: str
    """The same beside the label; empty if the label says it."""
    progress: str
    """The number of platforms that have it, and the state of the others; empty if the tag has one platform."""
    bases: tuple[ShownBase, ...]
    """The first 3 of the bases that moved."""
    digest: Digest | None
    """The digest of its newest state."""
    states: tuple[ShownState, ...]
    """The newest first; empty if there is one, which the release says all of, or the page does not show them."""


class ImageReleaseRow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One update of an image: the releases of several tags that say the same and began within a week."""

    image: str
    address: str
    """The address of the history page of the first tag."""
    tags: tuple[str, ...]
    """The plainest names first: `3.6` before `3.6-slim`."""
    since: Time
    """The time of the first state of the first tag."""
    updated: Time | None = None
    """When the newest state or platform of any of the tags came; left out if nothing came after that first state."""
    cause: Cause
    reasons: tuple[ReasonCode, ...]
    summary: str
    progress: str = ""
    """The number of platforms of the first tag that have it, in words; left out if that tag has one platform."""


class ReleaseRows:
    """The rows of one repository."""

    def __init__(self, histories: Histories, bases: RepositoryBases, addresses: Addresses) -> None:
        """Rows of these histories.

        Args:
            histories: of the repository.
            bases: of its images.
            addresses: those of the current site.
        """
        self._histories = histories
        self._bases = bases
        self._addresses = addresses
        self._anchors: dict[str, dict[int, str]] = {}
        self._moved: dict[int, tuple[MovedBase, ...]] = {}
        # Tags with the same history have the same releases, which the histories keep.
        self._texts: dict[int, str] = {}
        self._progress: dict[int, str] = {}
        self._rows: dict[int, ReleaseRow] = {}
        self._shown: dict[tuple[int, bool], ShownRelease] = {}
        """The identity of a release, and whether with its states."""
        self._base_days: dict[int, frozenset[BaseDay]] = {}
        """The identity of a tag's releases → the days of which two releases of a base are."""
        self._platforms: dict[int, dict[int, list[str]]] = {}
        """The identity of a tag's releases → the number of a state → the platforms to which it brought an image."""

    def row(self, tag: str, release: Release) -> ReleaseRow:
        """The row of a release in JSON."""
        found = self._rows.get(id(release))
        if found is None:
            found = self._rows[id(release)] = self._row(tag, release)
        return found

    def _row(self, tag: str, release: Release) -> ReleaseRow:
        opening = self._histories.changes[tag][release.states[0]].shared
        reasons, summary = tuple(reason.code for reason in release.reasons), self.text(release)
        is_same = len(release.states) == 1 and (opening.summary.codes, opening.text) == (reasons, summary)
        releases = self._histories.releases(tag)
        fates: dict[str, list[str]] = defaultdict(list)
        for one in release.platforms:
            fates[one.progress].append(one.platform)
        has_platforms = release.of > 1 or len(release.platforms) > 1
        return ReleaseRow(
            states=release.states,
            since=release.since if len(release.states) > 1 else None,
            updated=release.updated if release.updated != release.since else None,
            cause=release.cause,
            reasons=() if is_same else reasons,
            summary="" if is_same else summary,
            of=release.of if has_platforms else 0,
            arrived=_arrived(release) if has_platforms else {},
            to_follow=tuple(fates["to-follow"]),
            skipped={
                one.platform: None if one.skipped_for is None else releases[one.skipped_for].since
                for one in release.platforms
                if one.progress == "skipped"
            },
            dropped=tuple(fates["dropped"]),
            returned=tuple(fates["returned"]),
            bases=tuple(base.row for base in self.bases(release)),
        )

    def shown(self, tag: str, releases: Sequence[Release], *, with_states: bool = True) -> tuple[ShownRelease, ...]:
        """Some releases of a tag as a page shows them, in their order."""
        return tuple(self._shown_release(tag, release, with_states=with_states) for release in releases)

    def _shown_release(self, tag: str, release: Release, *, with_states: bool) -> ShownRelease:
        with_states = with_states and len(release.states) > 1
        key = id(release), with_states
        if key not in self._shown:
            text, changes = self.text(release), self._histories.changes[tag]
            label, rest = label_and_rest(release, text)
            self._shown[key] = ShownRelease(
                anchor=self.anchors(tag)[release.states[0]],
                since=release.since,
                label=label,
                text=text,
                summary=rest,
                progress=self.progress(tag, release),
                bases=self.shown_bases(tag, release),
                digest=changes[release.states[-1]].period.digest,
                states=tuple(self._iter_states(tag, release)) if with_states else (),
            )
        return self._shown[key]

    def _iter_states(self, tag: str, release: Release) -> Iterator[ShownState]:
        """The states of a release, newest first."""
        brought = self._brought(tag)
        for place in reversed(release.states):
            change = self._histories.changes[tag][place]
            period, text = change.period, arrivals_text(brought.get(place, [])) or change.shared.text
            yield ShownState(since=period.since, text=text, digest=period.digest)

    def bases(self, release: Release) -> tuple[MovedBase, ...]:
        """The bases that moved in a release, those of the most platforms first."""
        found = self._moved.get(id(release))
        if found is None:
            moves = base_moves(release, self._bases)[:_MAX_BASES]
            slugs = {arrival.platform for arrival in release.arrivals} if moves else set()
            found = self._moved[id(release)] = tuple(
                MovedBase(
                    row=base_move_row(move, is_whole=slugs == set(move.platforms)), address=self._base_address(move)
                )
                for move in moves
            )
        return found

    def _base_address(self, move: BaseMove) -> str:
        tag = self._addresses.tag(parse_repository(move.base.repository), move.base.tag)
        return f"{tag}{move.release.path}"

    def shown_bases(self, tag: str, release: Release) -> tuple[ShownBase, ...]:
        """The first of the bases that moved in a release of a tag."""
        return tuple(
            ShownBase(
                name=base.name,
                time=base_time(base.row, self._days_of_several(tag)),
                address=base.address,
                where=where_text(base.row.platforms, self._histories.platform_names(tag)),
            )
            for base in self.bases(release)[:_MAX_SHOWN_BASES]
        )

    def _days_of_several(self, tag: str) -> frozenset[BaseDay]:
        releases = self._histories.releases(tag)
        found = self._base_days.get(id(releases))
        if found is None:
            rows = (base.row for release in releases for base in self.bases(release))
            found = self._base_days[id(releases)] = base_days_of_several(rows)
        return found

    def _brought(self, tag: str) -> dict[int, list[str]]:
        """The number of a state → the platforms to which it brought an image."""
        key = id(self._histories.releases(tag))
        if key not in self._platforms:
            found: dict[int, list[str]] = defaultdict(list)
            for arrival in self._histories.arrivals(tag):
                found[arrival.state].append(arrival.name)
            self._platforms[key] = found
        return self._platforms[key]

    def progress(self, tag: str, release: Release) -> str:
        """The progress of a release in words."""
        found = self._progress.get(id(release))
        if found is None:
            words = progress_text(release, self._histories.platform_names(tag))
            found = ", ".join(filter(None, [words, last_text(release)])) if words else ""
            self._progress[id(release)] = found
        return found

    def text(self, release: Release) -> str:
        """What a release changed, on one line."""
        found = self._texts.get(id(release))
        if found is None:
            found = self._texts[id(release)] = release_text(release)
        return found

    def anchors(self, tag: str) -> dict[int, str]:
        """The number of a release's first state → the name of the release in addresses."""
        if tag not in self._anchors:
            releases, periods = self._histories.releases(tag), self._histories.periods[tag]
            names = release_names(releases, periods)
            self._anchors[tag] = {release.states[0]: name for release, name in zip(releases, names, strict=True)}
        return self._anchors[tag]

    def latest(self, count: int) -> Iterator[dict[str, Release]]:
        """The last updates, newest first: the release of each tag that got it, the plainest tags first.

        Releases of several tags that say the same are one update if they began within a week. That a tag is still
        absent is no news.
        """
        found = [
            (tag, release)
            for tag in self._histories.changes
            for release in self._histories.releases(tag)[-count:]
            if is_news(release)
        ]
        found.sort(key=lambda one: one[1].since, reverse=True)
        updates: list[dict[str, Release]] = []
        newest: dict[str, dict[str, Release]] = {}
        for tag, release in found:
            if len(updates) >= count and _age(release, updates[count - 1]) > _WEEK:
                break
            text = self.text(release)
            update = newest.get(text)
            if update is None or tag in update or not 0 <= _age(release, update) <= _WEEK:
                update = newest[text] = {}
                updates.append(update)
            update[tag] = release
        for update in updates[:count]:
            yield {tag: update[tag] for tag in plainest_first(update)}


def is_news(release: Release) -> bool:
    """Whether it says more than that a tag is still absent."""
    return release.reasons[0].detail not in _STILL_ABSENT


def _age(release: Release, update: dict[str, Release]) -> int:
    """The seconds from a release to the newest one of an update; -1 if one of them has an invalid date."""
    latest = next(iter(update.values()))
    start, end = seconds_of(release.since), seconds_of(latest.since)
    return -1 if start is None or end is None else end - start


def _arrived(release: Release) -> dict[str, int]:
    """The platforms that a release is about and that have it, with the number of the state that brought it to each."""
    first: dict[str, int] = {}
    for arrival in release.arrivals:
        first.setdefault(arrival.platform, arrival.state)
    return {one.platform: first[one.platform] for one in release.platforms if one.progress == "arrived"}
