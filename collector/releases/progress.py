"""How far a release is on each platform, when the whole history of its tag is known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from collector.model.times import Time
from collector.releases.draft import Draft
from collector.releases.platform_images import DAY, LONG_ABSENCE, PlatformImages
from collector.releases.release import CAUSE_WEIGHT, Cause, PlatformProgress

WINDOWS: Mapping[Cause, int] = {
    "version": 30 * DAY,
    "steps": 14 * DAY,
    "base": 7 * DAY,
    "root-filesystem": 7 * DAY,
    "packages": 7 * DAY,
    "rebuilt": 2 * DAY,
    "metadata": 2 * DAY,
}
"""Seconds from a release's start within which a platform joins it. One that was absent all the time has 30 days."""

_RECENT = 14 * DAY
"""Seconds between two releases about a base within which the second may be the first on a late platform."""

_BASES = frozenset[Cause]({"base", "root-filesystem"})

_EVERY_SYSTEM = frozenset[Cause]({"version"})
"""What reaches all operating systems. Linux and Windows have other steps and bases."""

_EXPECTED = frozenset[Cause]({"version", "steps", "base", "root-filesystem", "packages"})
"""What is expected to reach further platforms; a mere rebuild is not."""


class Taken(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """That a platform took part in a release."""

    moment: int
    draft: Draft
    causes: tuple[Cause, ...]
    """Of what it brought to the platform."""


class PlatformFates:
    """What became of each platform of a tag."""

    def __init__(self, images: PlatformImages, taken: Mapping[str, Sequence[Taken]], known_until: int) -> None:
        """`taken`: by platform, in the order of time. `known_until`: when the archive last saw something change."""
        self._images = images
        self._taken = taken
        self._known_until = known_until

    def progress(self, draft: Draft) -> tuple[PlatformProgress, ...]:
        """The platforms of a release: those that have it in the order of time, then the others by name."""
        lead = draft.lead if draft.cause != "back" else None
        arrived: dict[str, Time] = {}
        for one in lead.arrivals.values() if lead else draft.arrivals:
            arrived.setdefault(one.platform, one.since)
        return (
            *(PlatformProgress(platform=slug, progress="arrived", since=since) for slug, since in arrived.items()),
            *self._others(draft, set(arrived)),
        )

    def absent(self, draft: Draft) -> tuple[PlatformProgress, ...]:
        """What became of the platforms that the opening state of a release took away."""
        return tuple(self._absent(draft, self._images.name_now(slug)) for slug in draft.left)

    def _absent(self, draft: Draft, slug: str) -> PlatformProgress:
        if self._dropped_since(slug, draft.moment, self._end(draft)) is not None:
            return PlatformProgress(platform=slug, progress="dropped")
        ends = (end for since, end in self._images.absences.get(slug, ()) if since >= draft.moment)
        end = next(ends, None)
        if end is not None and end <= self._end(draft):
            return PlatformProgress(platform=slug, progress="returned")
        return PlatformProgress(platform=slug, progress="to-follow" if draft.closed_at is None else "dropped")

    def _others(self, draft: Draft, arrived: set[str]) -> Iterator[PlatformProgress]:
        lead = draft.lead
        if lead is None or lead.cause not in _EXPECTED or draft.cause == "back":
            return
        systems = {slug.partition("-")[0] for slug in arrived}
        here = {self._images.name_now(slug) for slug in arrived}
        slugs = sorted({self._images.name_now(slug) for slug in draft.expected} - here)
        concerned = [slug for slug in slugs if lead.cause in _EVERY_SYSTEM or slug.partition("-")[0] in systems]
        if not self._is_late(draft, lead.cause, concerned):
            for slug in concerned:
                yield from self._other(draft, lead.cause, slug)

    def _is_late(self, draft: Draft, cause: Cause, others: Sequence[str]) -> bool:
        """Whether other platforms took a base shortly before this release did, and it then came to none of them."""
        if cause not in _BASES or self._end(draft) - draft.moment <= WINDOWS[cause]:
            return False
        taken = (one for slug in others for one in self._taken.get(slug, ()))
        return any(one.draft.cause == cause and 0 < draft.moment - one.moment <= _RECENT for one in taken)

    def _other(self, draft: Draft, cause: Cause, slug: str) -> Iterator[PlatformProgress]:
        taken = (one for one in self._taken.get(slug, ()) if one.draft.number > draft.number)
        later = next((one for one in taken if _covers(one, cause)), None)
        end = min(later.moment, self._end(draft)) if later else self._end(draft)
        absent_since = self._images.absent_since(slug)
        limit = window(cause, is_absent=absent_since is not None and absent_since <= draft.moment)
        dropped_since = self._dropped_since(slug, draft.moment + limit, end)
        if dropped_since is not None:
            # Of a platform that was absent before, an earlier release tells that it was dropped.
            if dropped_since >= draft.moment:
                yield PlatformProgress(platform=slug, progress="dropped")
        elif later is None and end - draft.moment <= limit and draft.closed_at is None:
            yield PlatformProgress(platform=slug, progress="to-follow")
        else:
            is_soon = later is not None and later.moment - draft.moment <= LONG_ABSENCE
            skipped_for = later.draft.number if later is not None and is_soon else None
            yield PlatformProgress(platform=slug, progress="skipped", skipped_for=skipped_for)

    def _end(self, draft: Draft) -> int:
        return self._known_until if draft.closed_at is None else draft.closed_at

    def _dropped_since(self, slug: str, begun_by: int, until: int) -> int | None:
        """Since when the platform was absent for long, where that had begun by a moment, and was so until another."""
        for since, end in self._images.absences.get(slug, ()):
            last = until if end is None else min(until, end)
            if since <= begun_by and last - since > LONG_ABSENCE:
                return since
        return None


def window(cause: Cause, *, is_absent: bool) -> int:
    """The seconds from its start within which a release is joined."""
    return WINDOWS["version"] if is_absent else WINDOWS[cause]


def _covers(taken: Taken, cause: Cause) -> bool:
    """Whether a platform that took this has no need of an earlier update of that cause."""
    return any(CAUSE_WEIGHT[one] <= CAUSE_WEIGHT[cause] for one in taken.causes)
