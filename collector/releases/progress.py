"""The progress of a release on each platform, from the whole history of its tag."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set

import msgspec

from collector.releases.draft import Draft
from collector.releases.platform_images import DAY, LONG_ABSENCE, TagPlatform
from collector.releases.release import CAUSE_WEIGHT, Cause, PlatformProgress, Progress

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
"""Causes that reach all operating systems. Linux and Windows have different steps and bases."""

_EXPECTED = frozenset[Cause]({"version", "steps", "base", "root-filesystem", "packages"})
"""Causes that are expected to reach all platforms; a mere rebuild is not."""


class Taken(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The part of a platform in a release."""

    moment: int
    draft: Draft
    causes: tuple[Cause, ...]
    """The cause of the update on this platform."""


class PlatformFates:
    """The progress of releases on each platform of a tag."""

    def __init__(self, taken: Mapping[TagPlatform, Sequence[Taken]], known_until: int) -> None:
        """`taken`: platform → in the order of time. `known_until`: when the archive last saw something change."""
        self._taken = taken
        self._known_until = known_until

    def progress(self, draft: Draft) -> tuple[PlatformProgress, ...]:
        """The platforms of a release: those that have it in the order of time, then the others by name."""
        lead = draft.lead if draft.cause != "back" else None
        arrived = lead.arrivals if lead else draft.platforms
        return (
            *(PlatformProgress(platform=one.platform, progress="arrived", since=one.since) for one in arrived.values()),
            *self._others(draft, arrived.keys()),
        )

    def absent(self, draft: Draft) -> tuple[PlatformProgress, ...]:
        """The progress of the platforms that the opening state of a release removed."""
        return tuple(
            PlatformProgress(platform=slug, progress=self._absent(draft, one)) for one, slug in draft.left.items()
        )

    def _absent(self, draft: Draft, platform: TagPlatform) -> Progress:
        if _dropped_since(platform, draft.moment, self._end(draft)) is not None:
            return "dropped"
        end = next((end for since, end in platform.absences if since >= draft.moment), None)
        if end is not None and end <= self._end(draft):
            return "returned"
        return "to-follow" if draft.closed_at is None else "dropped"

    def _others(self, draft: Draft, arrived: Set[TagPlatform]) -> Iterator[PlatformProgress]:
        lead = draft.lead
        if lead is None or lead.cause not in _EXPECTED or draft.cause == "back":
            return
        if draft.expected.keys() <= arrived:
            return
        systems = {_system(one) for one in arrived}
        concerned = [
            one
            for one in draft.expected
            if one not in arrived and (lead.cause in _EVERY_SYSTEM or _system(one) in systems)
        ]
        if not self._is_late(draft, lead.cause, concerned):
            for platform in concerned:
                yield from self._other(draft, lead.cause, platform)

    def _is_late(self, draft: Draft, cause: Cause, others: Sequence[TagPlatform]) -> bool:
        """Whether other platforms took a base shortly before this release did, and it then came to none of them."""
        if cause not in _BASES or self._end(draft) - draft.moment <= WINDOWS[cause]:
            return False
        taken = (one for platform in others for one in self._taken.get(platform, ()))
        return any(one.draft.cause == cause and 0 < draft.moment - one.moment <= _RECENT for one in taken)

    def _other(self, draft: Draft, cause: Cause, platform: TagPlatform) -> Iterator[PlatformProgress]:
        slug = draft.expected[platform]
        taken = (one for one in self._taken.get(platform, ()) if one.draft.number > draft.number)
        later = next((one for one in taken if _covers(one, cause)), None)
        end = min(later.moment, self._end(draft)) if later else self._end(draft)
        absent_since = platform.absent_since
        limit = window(cause, is_absent=absent_since is not None and absent_since <= draft.moment)
        dropped_since = _dropped_since(platform, draft.moment + limit, end)
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


def _dropped_since(platform: TagPlatform, begun_by: int, until: int) -> int | None:
    """The start, by `begun_by`, of an absence that was long before or at `until`; None if there is none."""
    for since, end in platform.absences:
        last = until if end is None else min(until, end)
        if since <= begun_by and last - since > LONG_ABSENCE:
            return since
    return None


def _system(platform: TagPlatform) -> str:
    return platform.slug.partition("-")[0]


def window(cause: Cause, *, is_absent: bool) -> int:
    """The seconds from its start within which a release is joined."""
    return WINDOWS["version"] if is_absent else WINDOWS[cause]


def _covers(taken: Taken, cause: Cause) -> bool:
    """Whether a platform with this update no longer needs an earlier one of that cause."""
    return any(CAUSE_WEIGHT[one] <= CAUSE_WEIGHT[cause] for one in taken.causes)
