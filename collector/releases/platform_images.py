"""The platforms of a tag through time: the last image of each, and when the tag had none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping

import msgspec

from collector.diff.platform_matches import may_be_same
from collector.model.images import Image, State
from collector.model.platforms import Platform, platform_slug

DAY = 86_400
LONG_ABSENCE = 30 * DAY
"""Seconds after which a platform counts as dropped, and as back when it comes again."""

StateImages = Mapping[str, tuple[Image, ...]]
"""By the slug of a platform its images; an index may have several for one."""


class ImageArrival(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A platform with an image that it did not have in the state before, or ever."""

    platform: str
    before: Image | None
    """The last that the tag had there."""
    after: Image
    absent_since: int | None
    """Since when the tag had no image for it; None if it had one until now."""


class StateArrivals(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What one state brings."""

    images: tuple[ImageArrival, ...]
    returned: tuple[str, ...]
    """Platforms that were absent and have the same image as before."""
    left: tuple[str, ...]
    """Platforms of the state before that are absent now."""


def images_of(state: State) -> StateImages:
    """The images of a state by platform, in their order."""
    found: dict[str, tuple[Image, ...]] = {}
    for image in state.images:
        slug = platform_slug(image.platform)
        found[slug] = (*found.get(slug, ()), image)
    return found


class PlatformImages:
    """The platforms of one tag, state by state."""

    def __init__(self, images_of_state: Callable[[State], StateImages] = images_of) -> None:
        self._images_of = images_of_state
        self._last: dict[str, tuple[Image, ...]] = {}
        self._here: frozenset[str] = frozenset()
        self.absences: dict[str, list[tuple[int, int | None]]] = defaultdict(list)
        """By platform, from when to when it was absent; None: it still is. In seconds since 1970."""
        self.first_seen: dict[str, int] = {}
        """By platform, when the tag had it first."""
        self._renamed: dict[str, str] = {}

    def expected(self, moment: int) -> frozenset[str]:
        """The platforms that the tag has, or had not long before this moment."""
        absent = [slug for slug in self._last if slug not in self._here and self._is_long_absent(slug, moment)]
        return frozenset(self._last.keys() - absent)

    def absent_since(self, platform: str) -> int | None:
        """Since when the platform is absent; None if it is there."""
        absences = self.absences.get(platform)
        return absences[-1][0] if absences and absences[-1][1] is None else None

    def name_now(self, platform: str) -> str:
        """The slug under which the platform goes on: its variant or Windows version may be said since."""
        while platform in self._renamed:
            platform = self._renamed[platform]
        return platform

    def leave(self, moment: int) -> None:
        """Notes that the tag is gone, and all its platforms with it."""
        self._note_presence(frozenset(), moment)

    def enter(self, state: State, moment: int) -> StateArrivals:
        """Notes the next state, and returns what it brings."""
        images = self._images_of(state)
        self._rename(images)
        here = frozenset(images)
        if state.unread:
            here |= {slug for slug in map(platform_slug, state.unread) if slug in self._last}
        arrivals = tuple(self._iter_arrivals(images))
        moved = {one.platform for one in arrivals}
        returned: tuple[str, ...] = ()
        left: tuple[str, ...] = ()
        if here != self._here:
            returned = tuple(sorted(slug for slug in here - self._here - moved if slug in self._last))
            left = tuple(sorted(self._here - here))
            self._note_presence(here, moment)
        self._last.update(images)
        for slug in images:
            self.first_seen.setdefault(slug, moment)
        return StateArrivals(images=arrivals, returned=returned, left=left)

    def _iter_arrivals(self, images: StateImages) -> Iterator[ImageArrival]:
        for slug, after in images.items():
            before = self._last.get(slug, ())
            if before == after:
                continue
            if len(before) == len(after) == 1 and before[0].manifest != after[0].manifest:  # the usual case
                yield ImageArrival(
                    platform=slug, before=before[0], after=after[0], absent_since=self.absent_since(slug)
                )
                continue
            known = {image.manifest for image in before}
            new = next((image for image in after if image.manifest not in known), None)
            if new is not None:
                kept = {image.manifest for image in after}
                old = next((image for image in before if image.manifest not in kept), before[0] if before else None)
                yield ImageArrival(platform=slug, before=old, after=new, absent_since=self.absent_since(slug))

    def _note_presence(self, here: frozenset[str], moment: int) -> None:
        for slug in self._here - here:
            self.absences[slug].append((moment, None))
        for slug in here - self._here:
            if (since := self.absent_since(slug)) is not None:
                self.absences[slug][-1] = (since, moment)
        self._here = here

    def _is_long_absent(self, platform: str, moment: int) -> bool:
        since = self.absent_since(platform)
        return since is not None and moment - since > LONG_ABSENCE

    def _rename(self, images: StateImages) -> None:
        """Goes on with a platform whose variant or Windows version one state does not say, where it can be no other."""
        new = [slug for slug in images if slug not in self._last]
        if not new or not self._last:
            return
        free = [slug for slug in self._last if slug not in images]
        for slug in new:
            platform = images[slug][0].platform
            old = [other for other in free if _may_be(self._last[other][0].platform, platform)]
            rivals = [other for other in new if _may_be(images[other][0].platform, platform)]
            if len(old) == 1 and rivals == [slug]:
                free.remove(old[0])
                self._move(old[0], slug)

    def _move(self, old: str, new: str) -> None:
        self._last[new] = self._last.pop(old)
        self.absences[new] = self.absences.pop(old, [])
        self.first_seen[new] = self.first_seen.pop(old)
        self._renamed.pop(new, None)
        self._renamed[old] = new
        if old in self._here:
            self._here = (self._here - {old}) | {new}


def _may_be(left: Platform, right: Platform) -> bool:
    return (left.os, left.architecture) == (right.os, right.architecture) and may_be_same(left, right)
