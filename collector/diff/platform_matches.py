"""Matches the platforms of two states."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable
from typing import NamedTuple

import msgspec

from collector.model.images import Image, State
from collector.model.platforms import Platform, platform_slug


class Placed(NamedTuple):
    """An image with the slug of its platform, which is unique in its state."""

    slug: str
    image: Image


class Matching(msgspec.Struct, frozen=True, kw_only=True):
    """Every image of both states, once, in the order of the second state. Attestations are left out."""

    both: list[tuple[Placed, Placed]]
    removed: list[Placed]
    added: list[Placed]


def placed_images(state: State | None) -> dict[str, Placed]:
    """The images of a state by slug."""
    placed = zip(state.slugs, state.images, strict=True) if state else ()
    return {slug: Placed(slug, image) for slug, image in placed}


def match_platforms(before: State | None, after: State | None) -> Matching:
    """Pair the images of two states by platform.

    Equal platforms are paired first. Then equal slugs are paired, so that the monthly update of Windows (another fourth
    number) is a platform that changed. Last come platforms whose variant or Windows version one state does not contain,
    if exactly one platform fits.
    """
    removed, added = placed_images(before), placed_images(after)
    if _platforms(removed) == _platforms(added):  # the usual case
        return Matching(both=list(zip(removed.values(), added.values(), strict=True)), removed=[], added=[])
    place = {slug: number for number, slug in enumerate(added)}
    both = [
        *_take_equal(removed, added, lambda placed: placed.image.platform),
        *_take_equal(removed, added, lambda placed: placed.slug),
        *_take_unsaid(removed, added),
    ]
    both.sort(key=lambda pair: place[pair[1].slug])
    return Matching(both=both, removed=_without_unread(removed, after), added=_without_unread(added, before))


def _platforms(placed: dict[str, Placed]) -> list[Platform]:
    return [one.image.platform for one in placed.values()]


def _without_unread(left: dict[str, Placed], other: State | None) -> list[Placed]:
    """The images of one state, without platforms that the other state has but that could not be read there."""
    unread = {platform_slug(platform) for platform in (other.unread if other else ())}
    return [placed for placed in left.values() if platform_slug(placed.image.platform) not in unread]


def _take_equal(
    removed: dict[str, Placed], added: dict[str, Placed], key: Callable[[Placed], Hashable]
) -> list[tuple[Placed, Placed]]:
    """Remove pairs with equal keys from both; several images with one key are paired in order."""
    waiting = defaultdict(list)
    for slug in reversed(removed):
        waiting[key(removed[slug])].append(slug)
    pairs = []
    for slug, placed in list(added.items()):
        rivals = waiting.get(key(placed))
        if rivals:
            pairs.append((removed.pop(rivals.pop()), added.pop(slug)))
    return pairs


def _take_unsaid(removed: dict[str, Placed], added: dict[str, Placed]) -> list[tuple[Placed, Placed]]:
    families = defaultdict[tuple[str, str], tuple[list[str], list[str]]](lambda: ([], []))
    for number, side in enumerate((removed, added)):
        for slug, placed in side.items():
            platform = placed.image.platform
            families[platform.os, platform.architecture][number].append(slug)
    pairs = []
    for old, new in families.values():
        if len(old) == len(new) == 1 and may_be_same(removed[old[0]].image.platform, added[new[0]].image.platform):
            pairs.append((removed.pop(old[0]), added.pop(new[0])))
    return pairs


def may_be_same(left: Platform, right: Platform) -> bool:
    """Whether two platforms differ only in a variant or a Windows version that one of them does not say."""
    said = (left.variant, right.variant), (left.os_version, right.os_version)
    return all(one == other or not one or not other for one, other in said)
