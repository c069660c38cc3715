"""The parts of a build: the steps and layers of its base, and its own."""

from __future__ import annotations

from functools import cache

import msgspec

from benchmarks.synthetic.bases import windows_version
from benchmarks.synthetic.draws import hash_of
from benchmarks.synthetic.plan import ImagePlan
from benchmarks.synthetic.recipe import render_step
from benchmarks.synthetic.values import LAYER, Build, Parts
from benchmarks.synthetic.world import World
from collector.model.digests import Digest
from collector.model.images import Layer, Step
from collector.model.platforms import Platform


class PartsOf:
    """The parts of one image's builds; what several share is the same object."""

    def __init__(self, plan: ImagePlan, world: World) -> None:
        self._plan = plan
        self._name = f"{world.seed} {plan.name}"
        self._clock = world.clock
        self._bases = world.bases
        self._text = cache(self._make_text)
        self._step = cache(self._make_step)
        self._layer = cache(self._make_layer)

    def of_base(self, build: Build) -> Parts:
        """What the build is built on."""
        return self._bases.parts(self._plan.variants[build.variant].base, build.platform, build.base)

    def of(self, build: Build) -> Parts:
        """All of it."""
        base, recipe = self.of_base(build), self._plan.recipe
        is_windows = build.platform.os == "windows"
        steps, layers = list(base.steps), list(base.layers)
        for number, place in enumerate(recipe.places):
            stamp = build.stamps[number]
            steps.append(self._step(number, build.variant, build.version, build.revisions[number], stamp))
            if place.size or is_windows:  # on Windows every step makes a layer
                # All lines and variants on one base share the layers before the first step that names a version.
                is_own = number >= recipe.version_place
                group = (build.line, build.variant) if is_own else (-1, self._plan.variants[build.variant].base.number)
                layers.append(self._layer(group, build.platform, number, stamp))
        return Parts(steps=tuple(steps), layers=tuple(layers))

    def _make_text(self, number: int, variant: int, version: str, revision: int) -> str:
        flavour = self._plan.variants[variant].suffix or "default"
        salt = f"{self._plan.name} {number}"
        place = self._plan.recipe.places[number]
        return render_step(place, salt=salt, version=version, revision=revision, variant=flavour)

    def _make_step(self, number: int, variant: int, version: str, revision: int, stamp: int) -> Step:
        return Step(created=self._clock.built(stamp, number + 5), text=self._text(number, variant, version, revision))

    def _make_layer(self, group: tuple[int, int], platform: Platform, number: int, stamp: int) -> Layer:
        digits = hash_of(f"{self._name} layer {group} {platform} {number} {stamp}")
        size = self._plan.recipe.places[number].size
        return Layer(
            digest=Digest(f"sha256:{digits}"),
            size=size + int(digits[:6], 16) * size // 2**27 + int(digits[6], 16),
            media_type=LAYER,
            last_modified=self._clock.built(stamp, number + 6),
        )


def platform_of(build: Build) -> Platform:
    """As an index says it: of Windows with the version."""
    if build.platform.os != "windows":
        return build.platform
    return msgspec.structs.replace(build.platform, os_version=windows_version(build.base))
