"""What became of each platform of a tag: since when it is the image that it is, why, and how large it was over time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import msgspec

from collector.diff.changes import ReasonCode
from collector.model.digests import Digest
from collector.model.images import Image
from collector.model.times import Time
from collector.pages.histories import Difference, Moment

ImagesOf = Callable[[Digest | None], Mapping[str, Image] | None]
"""As `Timelines.images`."""

_MOST_POINTS = 60


class Since(msgspec.Struct, frozen=True, kw_only=True):
    """When a platform of a tag came to be the image that it is."""

    time: Time
    reasons: tuple[ReasonCode, ...]


class SizePoint(msgspec.Struct, frozen=True, kw_only=True):
    """One change of a tag, and how large an image was from then on."""

    time: Time
    size: int | None
    """Compressed bytes of all layers; None where there was no such image."""


def trace_platforms(moments: Sequence[Moment], images_of: ImagesOf) -> dict[str, Since]:
    """Of each platform of the last state that is known, by slug, when it became so. Times without it do not count."""
    since: dict[str, Since] = {}
    pending: Mapping[str, Image] | None = None
    for moment in reversed(moments):
        images = images_of(moment.period.digest)
        if images is None:
            continue
        if pending is None:
            pending = images
        pending = {slug: image for slug, image in pending.items() if _has(images, slug, image)}
        if not pending:
            break
        for slug in pending:
            since[slug] = Since(time=moment.period.since, reasons=_reasons(moment.difference, slug))
    return since


def trace_size(moments: Sequence[Moment], images_of: ImagesOf, slug: str) -> tuple[SizePoint, ...]:
    """The size of one platform's image at each change, oldest first; of very many the last."""
    states = ((moment, images_of(moment.period.digest)) for moment in moments[-_MOST_POINTS:])
    found = ((moment, images.get(slug) if images else None) for moment, images in states)
    return tuple(SizePoint(time=moment.period.since, size=image.size if image else None) for moment, image in found)


def _has(images: Mapping[str, Image], slug: str, image: Image) -> bool:
    return slug in images and images[slug].manifest == image.manifest


def _reasons(difference: Difference, slug: str) -> tuple[ReasonCode, ...]:
    """Why this platform changed, in a change that may have several reasons on several platforms."""
    outline = difference.outline
    for one, reasons in outline.images:
        if one == slug:
            return reasons
    if difference.before and slug in outline.added:
        return ("platform-added",)
    return outline.codes
