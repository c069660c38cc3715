"""The releases of a tag, from its states: a pure function, so an archive that grew day by day has the same ones.

A state belongs to the first of these that exists:

1. the release that it opens, if one of its updates joins no existing release;
2. the newest release that one of its updates joins;
3. the newest release, if the state has no update and follows within a day, or brings platforms back;
4. a release of its own.

Only earlier states decide which release a state joins, so a new observation changes only releases that are still open.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

import msgspec

from collector.diff.changes import Reason
from collector.model.images import Image, State
from collector.model.timelines import Period
from collector.model.times import Time, seconds_of
from collector.releases.draft import Draft, platform_counts
from collector.releases.image_updates import ImageUpdate, UpdatePart
from collector.releases.platform_images import (
    DAY,
    LONG_ABSENCE,
    ImageArrival,
    PlatformImages,
    StateArrivals,
    StateImages,
    TagPlatform,
    images_of,
)
from collector.releases.progress import PlatformFates, Taken, window
from collector.releases.release import CAUSE_WEIGHT, Arrival, Cause, PlatformProgress, Release

_NEW_PLATFORMS = 7 * DAY
"""Seconds within which new platforms are one release."""
_FIRST_PLATFORMS = 30 * DAY
"""Seconds after a tag came, or came back, within which its platforms follow."""
_FOLLOW_UP = DAY
"""Seconds after a platform's update within which a newer base, or a rebuild, belongs to the same release."""
_CLOSED = frozenset[Cause]({"gone", "unreadable"})
_PLATFORM_CODES = frozenset({"platform-added", "platform-removed"})

Compare = Callable[[Image, Image], ImageUpdate]


class TagState(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One state of a tag, with the reasons of its change."""

    period: Period
    state: State | None
    """None if the tag was gone or unreadable, or if its state is incomplete in the archive."""
    reasons: tuple[Reason, ...]
    """The reasons why it differs from the previous state."""


class _Entry(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A state with its place in the history."""

    place: int
    since: Time
    moment: int
    """The same in seconds since 1970."""
    reasons: tuple[Reason, ...]


class _Incoming(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A platform's update, before it belongs to a release."""

    platform: TagPlatform
    arrival: Arrival
    parts: tuple[UpdatePart, ...]
    """The updates of the image; empty: the platform is new, or back."""
    was_absent: bool

    @property
    def signs(self) -> tuple[str, ...]:
        """Those of what it is about."""
        return self.parts[0].signs if self.parts else ()

    @property
    def all_signs(self) -> tuple[str, ...]:
        """Those by which later ones join it."""
        return tuple(sign for part in self.parts for sign in part.signs) or (self.arrival.kind,)


def releases_of(
    states: Sequence[TagState],
    compare: Compare,
    *,
    known_until: Time,
    images_of_state: Callable[[State], StateImages] = images_of,
) -> tuple[Release, ...]:
    """The releases of one tag, oldest first.

    Args:
        states: all of the tag's, oldest first.
        compare: what an image brings to whoever had another, as `ImageUpdates.between`.
        known_until: when the archive last saw something change; what may still follow depends on it.
        images_of_state: as `images_of`; perhaps one that remembers.
    """
    fold = _Fold(compare, PlatformImages(images_of_state))
    for place, state in enumerate(states):
        fold.add(place, state)
    return fold.finish(_seconds(known_until))


class _Fold:
    """Reads the states of a tag in their order."""

    def __init__(self, compare: Compare, images: PlatformImages) -> None:
        self._compare = compare
        self._images = images
        self._drafts: list[Draft] = []
        self._by_sign: dict[str, Draft] = {}
        """The newest release with each sign."""
        self._latest: dict[TagPlatform, tuple[Draft, Cause, int]] = {}
        """Platform → the release that it joined last, the update, and the time."""
        self._arrival: Draft | None = None
        """The release in which the tag came, or came back."""
        self._boundary: Cause | None = "first-seen"
        """The cause of the release that the next state opens in any case; None: it need not open one."""
        self._taken: dict[TagPlatform, list[Taken]] = defaultdict(list)

    def add(self, place: int, state: TagState) -> None:
        """Adds the next state."""
        since = state.period.since
        entry = _Entry(place=place, since=since, moment=_seconds(since), reasons=state.reasons)
        if state.state is None:
            self._add_absence(entry, is_gone=state.period.gone is not None)
            return
        expected = self._images.expected(entry.moment)
        found = self._images.enter(state.state, entry.moment)
        incoming = [self._incoming(entry, one) for one in found.images]
        if self._boundary is not None:
            self._open_boundary(entry, self._boundary, incoming)
        elif not incoming:
            self._add_quiet(entry, found)
        elif draft := self._add_updates(entry, incoming):
            draft.expected, draft.left = expected, _slugs_of(found.left)

    def _add_absence(self, entry: _Entry, *, is_gone: bool) -> None:
        """The tag is gone, and nothing is joined across that; or what is there could not be understood."""
        self._begin(entry, "gone" if is_gone else "unreadable", entry.reasons)
        if not is_gone:
            return
        self._images.leave(entry.moment)
        for draft in reversed(self._drafts):
            if draft.closed_at is not None:
                break
            draft.closed_at = entry.moment
        self._by_sign.clear()
        self._latest.clear()
        self._arrival = None
        self._boundary = self._boundary or "back"

    def _open_boundary(self, entry: _Entry, cause: Cause, incoming: Sequence[_Incoming]) -> None:
        is_back = cause == "back" and incoming
        draft = self._begin(entry, cause, (Reason(code="back"),) if is_back else entry.reasons)
        self._boundary, self._arrival = None, draft
        for one in incoming:
            self._join(draft, one, entry)
        draft.settle_lead()

    def _add_updates(self, entry: _Entry, incoming: Sequence[_Incoming]) -> Draft | None:
        """Adds the changes of a state; returns the release that it opens, if any."""
        homes = self._homes(incoming, entry.moment)
        joined = [home for home in homes if home is not None]
        begun = None
        if len(joined) == len(incoming):
            max(joined, key=lambda draft: draft.number).states.append(entry.place)
        else:
            begun = self._begin(entry, "index", ())
        for home, one in zip(homes, incoming, strict=True):
            draft = home or begun
            if draft is not None:
                self._join(draft, one, entry)
        if begun is not None:
            begun.settle_lead()
        return begun

    def _add_quiet(self, entry: _Entry, found: StateArrivals) -> None:
        """Adds a state without a new image: platforms left or returned, or only the index changed."""
        newest = self._drafts[-1]
        is_same_day = entry.moment - newest.last_moment <= _FOLLOW_UP
        if newest.cause not in _CLOSED and not found.left and (found.has_returned or is_same_day):
            newest.states.append(entry.place)
            newest.touch(entry.since, entry.moment)
            return
        others = tuple(reason for reason in entry.reasons if reason.code not in _PLATFORM_CODES)
        draft = self._begin(
            entry, "platform-absent" if found.left else "index", others if found.left else entry.reasons
        )
        draft.left = _slugs_of(found.left)

    def _begin(self, entry: _Entry, cause: Cause, reasons: Sequence[Reason]) -> Draft:
        draft = Draft(len(self._drafts), entry.since, entry.moment, cause, reasons)
        draft.states.append(entry.place)
        self._drafts.append(draft)
        return draft

    def _incoming(self, entry: _Entry, found: ImageArrival) -> _Incoming:
        is_long_absent = found.absent_since is not None and entry.moment - found.absent_since > LONG_ABSENCE
        is_back = is_long_absent and self._boundary is None
        parts = self._compare(found.before, found.after).parts if found.before is not None and not is_back else ()
        return _Incoming(
            platform=found.platform,
            arrival=Arrival(
                platform=found.platform.slug,
                name=str(found.after.platform),
                since=entry.since,
                state=entry.place,
                manifest=found.after.manifest,
                before=found.before.manifest if found.before else None,
                kind="new" if found.before is None else "back" if is_back else "changed",
                codes=tuple(part.reason.code for part in parts),
            ),
            parts=parts,
            was_absent=found.absent_since is not None or found.before is None,
        )

    def _homes(self, incoming: Sequence[_Incoming], moment: int) -> list[Draft | None]:
        """The release that each update joins; None: it begins a new one, with all of the state that are the same."""
        if len(incoming) == 1:
            return [self._same(incoming[0], moment) or self._other_home(incoming[0], moment)]
        same = [self._same(one, moment) for one in incoming]
        others = [None if draft else self._other_home(one, moment) for draft, one in zip(same, incoming, strict=True)]
        found = [draft or other for draft, other in zip(same, others, strict=True)]
        begun = {sign for draft, one in zip(found, incoming, strict=True) if draft is None for sign in one.signs}
        if None in found:  # A new platform that comes with another update is told there.
            found = [None if draft is self._arrival else draft for draft in found]
        return [
            None if draft is not other and not begun.isdisjoint(one.signs) else draft
            for draft, other, one in zip(found, others, incoming, strict=True)
        ]

    def _same(self, one: _Incoming, moment: int) -> Draft | None:
        """The newest release of the same update, where its time is not over and the platform is not in it."""
        draft = self._newest_with(one.signs)
        if draft is None:
            return None
        cause, group = one.parts[0].cause, draft.group_of(one.parts[0])
        is_over = moment - draft.moment > window(cause, is_absent=one.was_absent)
        # The base of a platform that is new since is another one. A version or steps are known by more.
        is_new_since = cause not in ("version", "steps") and one.platform.first_seen > draft.moment
        return None if group is None or one.platform in group.arrivals or is_over or is_new_since else draft

    def _other_home(self, one: _Incoming, moment: int) -> Draft | None:
        """The release in which the tag came, for a platform that follows; or the one that a new base follows."""
        first = self._arrival
        is_open = (
            first is not None and moment - first.moment <= _FIRST_PLATFORMS and one.platform not in first.platforms
        )
        if is_open and one.was_absent:
            return first
        if one.parts:
            return self._followed(one.platform, one.parts[0].cause, moment)
        draft = self._by_sign.get(one.arrival.kind)
        is_about_them = draft is not None and draft.cause in ("new-platform", "platform-back")
        return draft if draft is not None and is_about_them and moment - draft.moment <= _NEW_PLATFORMS else None

    def _newest_with(self, signs: Sequence[str]) -> Draft | None:
        known = [self._by_sign[sign] for sign in signs if sign in self._by_sign]
        return max(known, key=lambda draft: draft.number, default=None)

    def _followed(self, platform: TagPlatform, cause: Cause, moment: int) -> Draft | None:
        """The release that the platform joined within the last day, where this is only a newer base or a rebuild."""
        draft, before, joined = self._latest.get(platform, (None, cause, 0))
        is_lesser = CAUSE_WEIGHT[before] < CAUSE_WEIGHT[cause] >= CAUSE_WEIGHT["base"]
        return draft if is_lesser and moment - joined <= _FOLLOW_UP else None

    def _join(self, draft: Draft, one: _Incoming, entry: _Entry) -> None:
        draft.add(one.platform, one.arrival, one.parts)
        draft.touch(entry.since, entry.moment)
        causes: tuple[Cause, ...] = tuple(part.cause for part in one.parts) or ("new-platform",)
        self._latest[one.platform] = draft, causes[0], entry.moment
        self._taken[one.platform].append(Taken(moment=entry.moment, draft=draft, causes=causes))
        for sign in one.all_signs:
            known = self._by_sign.get(sign)
            if known is None or known.number < draft.number:
                self._by_sign[sign] = draft

    def finish(self, known_until: int) -> tuple[Release, ...]:
        """The releases, oldest first."""
        fates = PlatformFates(self._taken, known_until)
        return tuple(_finished(draft, fates) for draft in self._drafts)


def _slugs_of(platforms: Iterable[TagPlatform]) -> dict[TagPlatform, str]:
    """The slugs of platforms as of now, sorted."""
    return dict(sorted(((one, one.slug) for one in platforms), key=lambda item: item[1]))


def _finished(draft: Draft, fates: PlatformFates) -> Release:
    platforms, reasons = fates.progress(draft), [*draft.all_reasons()]
    if draft.lead is None or draft.lead.cause in ("new-platform", "platform-back"):
        absent = fates.absent(draft)
        platforms = (*platforms, *absent)
        reasons += _absence_reasons(absent)
    return Release(
        cause=draft.cause,
        reasons=tuple(reasons),
        since=draft.since,
        updated=draft.updated,
        states=tuple(draft.states),
        arrivals=tuple(draft.arrivals),
        platforms=platforms,
        of=len(draft.expected.keys() | draft.platforms.keys()),
    )


def _absence_reasons(absent: Sequence[PlatformProgress]) -> list[Reason]:
    dropped = [one.platform for one in absent if one.progress == "dropped"]
    others = [one.platform for one in absent if one.progress != "dropped"]
    reasons = []
    if dropped:
        reasons.append(Reason(code="platform-dropped", counts=platform_counts(dropped)))
    if others:
        reasons.append(Reason(code="platform-absent", counts=platform_counts(others)))
    return reasons


def _seconds(moment: Time) -> int:
    """Since 1970; a day that no calendar has, in a damaged archive, counts as long ago."""
    return seconds_of(moment) or 0
