"""The platforms of a tag through time: the last image of each, and when the tag had none."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import msgspec

from collector.diff.platform_matches import may_be_same
from collector.model.images import Image, State
from collector.model.platforms import Platform, platform_slug

DAY = 86_400
LONG_ABSENCE = 30 * DAY
"""Seconds after which an absent platform counts as dropped, and as back when it returns."""

StateImages = Mapping[str, tuple[Image, ...]]
"""Slug of a platform → its images; an index may have several for one."""


class TagPlatform:
    """One platform of a tag through its whole history, even if its slug changes."""

    def __init__(self, slug: str, first_seen: int) -> None:
        self.slug = slug
        """The current slug: it changes when an index begins to name the variant or the Windows version."""
        self.images: tuple[Image, ...] = ()
        """The last image that the tag had on the platform."""
        self.first_seen = first_seen
        """When the tag first had the platform, in seconds since 1970."""
        self.absences: list[tuple[int, int | None]] = []
        """Its absences, oldest first: from and until, in seconds since 1970; None: it is still absent."""

    @property
    def absent_since(self) -> int | None:
        """The beginning of its present absence; None if it is not absent."""
        return self.absences[-1][0] if self.absences and self.absences[-1][1] is None else None

    def is_long_absent(self, moment: int) -> bool:
        """Whether it counts as dropped at this moment."""
        return self.absent_since is not None and moment - self.absent_since > LONG_ABSENCE


class ImageArrival(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A platform with an image that it did not have in the previous state."""

    platform: TagPlatform
    before: Image | None
    """The last image that the tag had on the platform."""
    after: Image
    absent_since: int | None
    """The time since which the tag had no image for the platform; None if it had one until now."""


class StateArrivals(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The changes of one state to the platforms of its tag."""

    images: tuple[ImageArrival, ...]
    has_returned: bool
    """Whether a platform was absent and has the same image as before."""
    left: frozenset[TagPlatform]
    """Platforms of the previous state that this one lacks."""


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
        self._platforms: dict[str, TagPlatform] = {}
        """Current slug → platform, for every platform that the tag ever had."""
        self._sorted: Mapping[TagPlatform, str] = {}
        """The same platforms with their slugs, sorted by slug."""
        self._here: frozenset[TagPlatform] = frozenset()

    def expected(self, moment: int) -> Mapping[TagPlatform, str]:
        """The platforms that the tag has, or had not long before this moment, with their slugs, sorted by slug."""
        if len(self._here) == len(self._platforms):
            return self._sorted
        return {one: slug for one, slug in self._sorted.items() if not one.is_long_absent(moment)}

    def leave(self, moment: int) -> None:
        """Records that the tag is gone, and with it all its platforms."""
        self._note_presence(frozenset(), moment)

    def enter(self, state: State, moment: int) -> StateArrivals:
        """Records the next state, and returns its changes."""
        images = self._images_of(state)
        if not images.keys() <= self._platforms.keys():
            self._add_new(images, moment)
        unread = {slug for slug in map(platform_slug, state.unread) if slug in self._platforms}
        here = frozenset(map(self._platforms.__getitem__, images.keys() | unread))
        arrivals = tuple(self._iter_arrivals(images))
        for slug, found in images.items():
            self._platforms[slug].images = found
        if here == self._here:
            return StateArrivals(images=arrivals, has_returned=False, left=frozenset())
        returned = here - self._here - {one.platform for one in arrivals}
        left = self._here - here
        self._note_presence(here, moment)
        return StateArrivals(images=arrivals, has_returned=bool(returned), left=left)

    def _add_new(self, images: StateImages, moment: int) -> None:
        self._rename(images)
        for slug in images:
            if slug not in self._platforms:
                self._platforms[slug] = TagPlatform(slug, moment)
        self._sorted = {self._platforms[slug]: slug for slug in sorted(self._platforms)}

    def _iter_arrivals(self, images: StateImages) -> Iterator[ImageArrival]:
        for slug, after in images.items():
            platform = self._platforms[slug]
            before = platform.images
            if before == after:
                continue
            known, kept = {image.manifest for image in before}, {image.manifest for image in after}
            new = next((image for image in after if image.manifest not in known), None)
            if new is not None:
                old = next((image for image in before if image.manifest not in kept), before[0] if before else None)
                yield ImageArrival(platform=platform, before=old, after=new, absent_since=platform.absent_since)

    def _note_presence(self, here: frozenset[TagPlatform], moment: int) -> None:
        for platform in self._here - here:
            platform.absences.append((moment, None))
        for platform in here - self._here:
            if (since := platform.absent_since) is not None:
                platform.absences[-1] = (since, moment)
        self._here = here

    def _rename(self, images: StateImages) -> None:
        """Continues a platform whose variant or Windows version a state does not name, if only one can be meant."""
        free = [one for slug, one in self._platforms.items() if slug not in images]
        if not free:
            return
        new = [slug for slug in images if slug not in self._platforms]
        for slug in new:
            platform = images[slug][0].platform
            old = [one for one in free if _may_be(one.images[0].platform, platform)]
            rivals = [other for other in new if _may_be(images[other][0].platform, platform)]
            if len(old) == 1 and rivals == [slug]:
                free.remove(old[0])
                self._platforms[slug] = self._platforms.pop(old[0].slug)
                old[0].slug = slug


def _may_be(left: Platform, right: Platform) -> bool:
    return (left.os, left.architecture) == (right.os, right.architecture) and may_be_same(left, right)
