"""What became of each platform of a tag: since when it is the image that it is, why, and how large it was over time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import msgspec

from collector.diff.changes import Change, ReasonCode
from collector.model.digests import Digest
from collector.model.images import Image, State
from collector.model.platforms import platform_slugs
from collector.model.times import Time
from collector.pages.timelines import Moment

StateOf = Callable[[Digest | None], State | None]

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


def by_slug(state: State) -> dict[str, Image]:
    """The images of a state by their platform in addresses."""
    return dict(zip(platform_slugs(image.platform for image in state.images), state.images, strict=True))


def trace_platforms(moments: Sequence[Moment], state_of: StateOf) -> dict[str, Since]:
    """Of each platform of the last state that is known, by slug, when it became so. Times without it do not count."""
    since: dict[str, Since] = {}
    pending: Mapping[str, Image] | None = None
    for moment in reversed(moments):
        state = state_of(moment.period.digest)
        if state is None:
            continue
        images = by_slug(state)
        if pending is None:
            pending = images
        pending = {slug: image for slug, image in pending.items() if _has(images, slug, image)}
        if not pending:
            break
        for slug in pending:
            since[slug] = Since(time=moment.period.since, reasons=_reasons(moment.change, slug))
    return since


def trace_size(moments: Sequence[Moment], state_of: StateOf, slug: str) -> tuple[SizePoint, ...]:
    """The size of one platform's image at each change, oldest first; of very many the last."""
    states = ((moment, state_of(moment.period.digest)) for moment in moments[-_MOST_POINTS:])
    images = ((moment, by_slug(state).get(slug) if state else None) for moment, state in states)
    return tuple(SizePoint(time=moment.period.since, size=image.size if image else None) for moment, image in images)


def _has(images: Mapping[str, Image], slug: str, image: Image) -> bool:
    return slug in images and images[slug].manifest == image.manifest


def _reasons(change: Change, slug: str) -> tuple[ReasonCode, ...]:
    """Why this platform changed, in a change that may have several reasons on several platforms."""
    for image in change.images:
        if image.slug == slug:
            return image.reasons
    if change.before and any(fact.slug == slug for fact in change.platforms_added):
        return ("platform-added",)
    return tuple(reason.code for reason in change.reasons)
