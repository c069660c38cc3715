"""The plan of all images: their names, numbers of tags, variants, platforms and bases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import isqrt

import msgspec

from benchmarks.synthetic.bases import DISTRIBUTIONS, Base, Bases
from benchmarks.synthetic.draws import Draws, quantile
from benchmarks.synthetic.platforms import LINUX, WINDOWS, choose_platforms
from benchmarks.synthetic.recipe import NOTHING, Recipe, write_recipe
from collector.model.platforms import Platform

_TAGS = (2, 3, 5, 6, 7, 7, 8, 10, 12, 13, 15, 19, 21, 26, 31, 36, 54, 89, 104, 175, 258)
"""Live tags of an image, at every twentieth: half of the images have 15 and fewer, a few have hundreds."""

_LARGE = 40
"""Tags, from which on an image has more platforms than others."""
_RELEASE_DAYS = (17, 27, 44, 74, 160, 800)
"""Between releases: every fifth."""
_EDIT_DAYS = (35, 60, 95, 150, 250, 800)

MOST_SPELLINGS = 3
"""From so many variants on, the first can also be had by its distribution's name: `3.6-basalt`."""

_TAGS_AN_IMAGE = 31
_FEWEST_IMAGES = 8
_COLLECTED = 16
"""Of so many images one is asked of a registry; what is known of the others comes from pages."""
_STEPS = (3859688306, 3468523226, 3117001274, 2801104767, 2517223199, 2262111973)
"""Powers of 1 / 1.11278, which solves x**7 = x + 1, as shares of 2**32: their multiples fill a space of six dimensions
evenly, however many are taken, so that a few images are as mixed as many are."""
_VARIANTS = ("slim", "alpine", "jre", "fpm", "onbuild", "management", "apache", "cli", "debug", "lite", "full")
_SYLLABLES = (
    "ba be co da di do fa ga jo ka la li lo ma me mo na ni no pa po ra re ri ro sa se ta te ti to va ve xo za".split()
)


class Variant(msgspec.Struct, frozen=True, kw_only=True):
    """One way to build an image, in tags behind the version: `3.6-slim`."""

    suffix: str
    base: Base
    platforms: Sequence[Platform]


class ImagePlan(msgspec.Struct, frozen=True, kw_only=True):
    """One image, before anything happens to it."""

    name: str
    registry: str
    path: str
    tags: int
    """Live ones at the end, about."""
    lines: int
    """Versions that are kept up at the same time at the end, as 3.6 and 2.7 are."""
    variants: tuple[Variant, ...]
    """The first is what one gets without a suffix. Of a distribution there is one for each line."""
    recipe: Recipe
    release_days: int
    """Between releases of a line, on average."""
    edit_days: int
    is_distribution: bool = False

    @property
    def is_collected(self) -> bool:
        return self.registry != "docker.io"

    @property
    def windows(self) -> int | None:
        """The variant for Windows."""
        return next((number for number, one in enumerate(self.variants) if one.base.is_windows), None)


def count_images(tags: int, images: int | None = None) -> int:
    """How many images have so many live tags, beside the distributions; `images` is somebody's wish."""
    return images or min(tags, max(_FEWEST_IMAGES, tags // _TAGS_AN_IMAGE))


def plan_images(seed: int, tags: int, count: int, bases: Bases) -> Iterator[ImagePlan]:
    """The distributions, and `count` other images."""
    distributions = [_plan_distribution(name, bases) for name in DISTRIBUTIONS[: max(1, tags // 40)]]
    yield from distributions
    tags = max(count, tags - sum(one.tags for one in distributions))
    shares = [quantile(_TAGS, _place(number, 0)) for number in range(count)]
    names = set(DISTRIBUTIONS)
    for number, share in enumerate(shares):
        draws = Draws(seed, "image", number)
        name = _name(draws, number, names)
        names.add(name)
        yield _plan_image(draws, number, name, max(1, tags * share // sum(shares)), bases)


def _place(number: int, dimension: int) -> int:
    """Where an image stands in one of its properties, from 0 up to 2**32."""
    return (number + 1) * _STEPS[dimension] % 2**32


def _plan_distribution(name: str, bases: Bases) -> ImagePlan:
    own = [base for base in bases.distributions if base.name == name]
    variants = tuple(Variant(suffix="", base=base, platforms=LINUX[: 7 - 2 * base.release]) for base in own)
    return ImagePlan(
        name=name,
        registry="docker.io",
        path=f"library/{name}",
        tags=3 * len(own) + 1,
        lines=len(own),
        variants=variants,
        recipe=NOTHING,
        release_days=0,
        edit_days=0,
        is_distribution=True,
    )


def _plan_image(draws: Draws, number: int, name: str, tags: int, bases: Bases) -> ImagePlan:
    is_large = tags > _LARGE
    base = bases.choose(draws, place=_place(number, 5), is_large=is_large)
    platforms = choose_platforms(_place(number, 1), is_large=is_large)
    variants = tuple(_iter_variants(draws, tags, base, platforms, bases))
    is_collected = number % _COLLECTED == 3
    return ImagePlan(
        name=name,
        registry="ghcr.io" if is_collected else "docker.io",
        path=f"{name}/{name}" if is_collected else f"library/{name}",
        tags=tags,
        lines=_count_lines(tags, len(variants)),
        variants=variants,
        recipe=write_recipe(draws, name, length=_place(number, 4)),
        release_days=quantile(_RELEASE_DAYS, _place(number, 2)),
        edit_days=quantile(_EDIT_DAYS, _place(number, 3)),
    )


def _count_lines(tags: int, variants: int) -> int:
    """Of each line and variant two tags are live, of each third line one more; a first variant may count twice."""
    spelled = variants + (variants >= MOST_SPELLINGS)
    return max(1, (6 * (tags - spelled) + 7 * spelled) // (14 * spelled))


def _iter_variants(
    draws: Draws, tags: int, base: Base, platforms: Sequence[Platform], bases: Bases
) -> Iterator[Variant]:
    count = max(1, min(len(_VARIANTS), isqrt(tags) * 3 // 4))
    yield Variant(suffix="", base=base, platforms=platforms)
    for suffix in _VARIANTS[: count - 1]:
        other = bases.beside(base) if suffix in ("alpine", "lite") else base
        fewer = platforms[: max(1, len(platforms) * 2 // 3)]
        yield Variant(suffix=suffix, base=other, platforms=fewer if draws.percent(40) else platforms)
    if count > 2 and draws.percent(25):
        yield Variant(suffix="windows", base=bases.windows, platforms=WINDOWS)


def _name(draws: Draws, number: int, taken: set[str]) -> str:
    name = "".join(draws.one_of(_SYLLABLES) for _ in range(2 + draws.below(3)))
    return name if name not in taken else f"{name}{number}"
