"""The history of each platform of a tag: when and why it got its image, and its size over time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import msgspec

from collector.diff.changes import ReasonCode
from collector.model.digests import Digest
from collector.model.images import Image
from collector.model.times import Time
from collector.pages.histories import SharedChange, TagChange
from collector.releases.release import Arrival, Cause

ImagesOf = Callable[[Digest | None], Mapping[str, Image] | None]
"""As `Histories.images`."""


class Since(msgspec.Struct, frozen=True, kw_only=True):
    """When a platform of a tag got its current image, and why."""

    time: Time
    reasons: tuple[ReasonCode, ...]


def trace_platforms(changes: Sequence[TagChange], images_of: ImagesOf) -> dict[str, Since]:
    """For each platform of the last known state, by slug, when it got its image. Times without the platform do not
    count.
    """
    since: dict[str, Since] = {}
    pending: Mapping[str, Image] | None = None
    for change in reversed(changes):
        images = images_of(change.period.digest)
        if images is None:
            continue
        if pending is None:
            pending = images
        pending = {slug: image for slug, image in pending.items() if _has(images, slug, image)}
        if not pending:
            break
        for slug in pending:
            since[slug] = Since(time=change.period.since, reasons=_reasons(change.shared, slug))
    return since


def arrival_codes(arrival: Arrival, cause: Cause) -> tuple[ReasonCode, ...]:
    """Why a platform's image differs from the last one that the tag had there, however many states ago.

    `cause`: of the release that brought it.
    """
    if arrival.codes:
        return arrival.codes
    if arrival.kind == "back":
        return ("platform-back",)
    return ("first-seen",) if cause == "first-seen" else ("new-platform",)


def _has(images: Mapping[str, Image], slug: str, image: Image) -> bool:
    return slug in images and images[slug].manifest == image.manifest


def _reasons(change: SharedChange, slug: str) -> tuple[ReasonCode, ...]:
    """The reasons for this platform, in a change that may have several reasons on several platforms."""
    summary = change.summary
    for one, reasons in summary.images:
        if one == slug:
            return reasons
    if change.before and slug in summary.added:
        return ("platform-added",)
    return summary.codes
