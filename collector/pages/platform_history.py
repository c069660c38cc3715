"""What became of each platform of a tag: since when it is the image that it is, why, and how large it was over time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import msgspec

from collector.diff.changes import ReasonCode
from collector.model.digests import Digest
from collector.model.images import Image
from collector.model.times import Time
from collector.pages.histories import SharedChange, TagChange

ImagesOf = Callable[[Digest | None], Mapping[str, Image] | None]
"""As `Histories.images`."""

_MAX_POINTS = 60


class Since(msgspec.Struct, frozen=True, kw_only=True):
    """When a platform of a tag came to be the image that it is."""

    time: Time
    reasons: tuple[ReasonCode, ...]


class SizePoint(msgspec.Struct, frozen=True, kw_only=True):
    """One change of a tag, and how large an image was from then on."""

    time: Time
    size: int | None
    """Compressed bytes of all layers; None if there was no such image."""


def trace_platforms(changes: Sequence[TagChange], images_of: ImagesOf) -> dict[str, Since]:
    """Of each platform of the last state that is known, by slug, when it became so. Times without it do not count."""
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


def trace_size(changes: Sequence[TagChange], images_of: ImagesOf, slug: str) -> tuple[SizePoint, ...]:
    """The size of one platform's image at each change, oldest first; of very many the last."""
    states = ((change, images_of(change.period.digest)) for change in changes[-_MAX_POINTS:])
    found = ((change, images.get(slug) if images else None) for change, images in states)
    return tuple(SizePoint(time=change.period.since, size=image.size if image else None) for change, image in found)


def _has(images: Mapping[str, Image], slug: str, image: Image) -> bool:
    return slug in images and images[slug].manifest == image.manifest


def _reasons(change: SharedChange, slug: str) -> tuple[ReasonCode, ...]:
    """Why this platform changed, in a change that may have several reasons on several platforms."""
    summary = change.summary
    for one, reasons in summary.images:
        if one == slug:
            return reasons
    if change.before and slug in summary.added:
        return ("platform-added",)
    return summary.codes
