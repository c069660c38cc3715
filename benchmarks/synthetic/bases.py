"""The base images. A base moves for all images at once, so a third of an archive may change on one day.

A few distributions are under all images; between them and many images there is a runtime, which several images share
and which moves whenever its distribution does, and now and then by itself.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cache

import msgspec

from benchmarks.synthetic.clock import Clock, runs_in
from benchmarks.synthetic.draws import Draws, hash_of, made_up_digest
from benchmarks.synthetic.values import FOREIGN_LAYER, LAYER, Parts
from collector.model.images import Layer, Step
from collector.model.platforms import Platform
from collector.model.times import Time

DISTRIBUTIONS = ("basalt", "larch", "mica", "onyx")
RELEASES = 3
"""Of each distribution."""

_DAYS_BETWEEN_MOVES = (38, 46, 58, 75)
"""Of each distribution, on average."""
_POPULARITY = (34, 10, 8, 16, 4, 3, 10, 3, 3, 5, 2, 2)
"""Which share of images is built on which release of which distribution."""
_SHELLS = ("bash", "/bin/sh")
"""Of the distributions in turn: large ones, and small ones."""
_ROOTS = (25_000_000, 4_000_000)
_TOOLS = 40_000_000
_RUNTIME_DAYS = 110
_RUNTIME_STEPS = 6
_IMAGES_A_RUNTIME = 3
_ON_RUNTIMES = 65
"""Of a hundred small images; large ones all are."""
_WINDOWS_DAYS = 31
_WINDOWS_LAYER = 4_069_985_900


class Base(msgspec.Struct, frozen=True, kw_only=True):
    """A release of a distribution, a runtime on one, or Windows."""

    name: str
    number: int
    release: int
    moves: tuple[int, ...]
    """The runs in which it moved; the first stands for what was there before."""
    below: Base | None = None
    """Of a runtime: its distribution."""
    is_windows: bool = False

    @property
    def root(self) -> Base:
        return self.below or self

    @property
    def version(self) -> str:
        return f"{self.release + 7}"


class Bases:
    """All bases, and what each version of them is made of."""

    def __init__(self, seed: int, clock: Clock, *, images: int) -> None:
        """For so many images."""
        self._seed = seed
        self._clock = clock
        self.distributions = [
            self._base(place * RELEASES + release, name, release, days)
            for place, (name, days) in enumerate(zip(DISTRIBUTIONS, _DAYS_BETWEEN_MOVES, strict=True))
            for release in range(RELEASES)
        ]
        self._runtimes = [self._runtime(number) for number in range(1 + images // _IMAGES_A_RUNTIME)]
        self.windows = msgspec.structs.replace(self._base(-1, "pane", 0, _WINDOWS_DAYS), is_windows=True)
        self.parts = cache(self._parts)
        """By base, platform and version."""

    def choose(self, draws: Draws, *, place: int, is_large: bool) -> Base:
        """One for an image, by its place among all (from 0 up to 2**32); popular ones more often."""
        if is_large or place * 100 < _ON_RUNTIMES * 2**32:
            return draws.one_of(self._runtimes)
        return self.distributions[draws.weighted(_POPULARITY)]

    def beside(self, base: Base) -> Base:
        """Another distribution, for an image's smaller variant."""
        return self.distributions[(base.root.number + RELEASES) % len(self.distributions)]

    def delay(self, base: Base, platform: Platform, version: int) -> int:
        """How many runs later than the first a platform gets a version."""
        if platform.architecture == "amd64" or not version:
            return 0
        return 1 + Draws(self._seed, "delay", base.number, str(platform), version).below(12)

    def _base(self, number: int, name: str, release: int, days: int) -> Base:
        moves = tuple(_iter_moves(Draws(self._seed, "base", name, release), runs_in(days), self._clock.runs))
        return Base(name=name, number=number, release=release, moves=moves)

    def _runtime(self, number: int) -> Base:
        draws = Draws(self._seed, "runtime", number)
        below = self.distributions[draws.weighted(_POPULARITY)]
        own = list(_iter_moves(draws, runs_in(_RUNTIME_DAYS), self._clock.runs))[1:]
        moves = tuple(sorted({*below.moves, *own}))
        number += len(self.distributions)
        return Base(name=f"runtime{number}", number=number, release=below.release, moves=moves, below=below)

    def _parts(self, base: Base, platform: Platform, version: int) -> Parts:
        what = f"{self._seed} {base.name} {base.release} {platform} {version}"
        made = self._clock.built(base.moves[version] + self.delay(base, platform, version), 0)
        if base.is_windows:
            return _windows_parts(self._seed, version, (self._clock.built(base.moves[0], 0), made))
        if base.below is None:
            return _distribution_parts(base, what, made)
        below = self.parts(base.below, platform, bisect_right(base.below.moves, base.moves[version]) - 1)
        return _runtime_parts(base, below, what, made)


def windows_version(version: int) -> str:
    """The version of Windows that an image says it is."""
    return f"10.0.14393.{1480 + 31 * version}"


def _iter_moves(draws: Draws, mean: int, runs: int) -> Iterator[int]:
    run = -draws.gap(mean)
    while run < runs:
        yield run
        run = max(run + draws.gap(mean), 1)


def _distribution_parts(base: Base, what: str, made: Time) -> Parts:
    is_small = base.number // RELEASES % 2
    texts = [f"ADD file:{hash_of(what)} in / "]
    sizes = [_ROOTS[is_small]]
    if not is_small and base.release == 0:
        texts.append(f"RUN apt-get update; apt-get install -y {base.name}-tools; rm -rf /var/lib/apt/lists/*")
        sizes.append(_TOOLS // 3)
    texts.append(f'CMD ["{_SHELLS[is_small]}"]')
    return Parts(steps=_steps(texts, made), layers=_layers(what, sizes, made))


def _runtime_parts(base: Base, below: Parts, what: str, made: Time) -> Parts:
    texts = [f"RUN set -ex; \tinstall {base.name} part {place}; \tcleanup" for place in range(_RUNTIME_STEPS)]
    texts.insert(2, f"ENV {base.name.upper()}_BUILD={hash_of(what.partition(' linux')[0])[:8]}")
    sizes = [_TOOLS // 4**place for place in range(_RUNTIME_STEPS)]
    steps = _steps([*texts, f'CMD ["{base.name}"]'], made)
    return Parts(steps=(*below.steps, *steps), layers=(*below.layers, *_layers(what, sizes, made)))


def _windows_parts(seed: int, version: int, made: Sequence[Time]) -> Parts:
    """As Windows has them: each step makes a layer."""
    texts = (f"RUN Apply image {windows_version(0)}", f"RUN Install update {windows_version(version)}")
    sizes = (_WINDOWS_LAYER, 10**9 + 3_000_000 * version)
    layers = tuple(
        Layer(digest=made_up_digest(f"{seed} windows {place} {version * place}"), size=size, media_type=FOREIGN_LAYER)
        for place, size in enumerate(sizes)
    )
    return Parts(
        steps=tuple(Step(created=time, text=text) for time, text in zip(made, texts, strict=True)), layers=layers
    )


def _steps(texts: Sequence[str], made: Time) -> tuple[Step, ...]:
    return tuple(Step(created=made, text=text) for text in texts)


def _layers(what: str, sizes: Sequence[int], made: Time) -> tuple[Layer, ...]:
    digests = [made_up_digest(f"{what} layer {place}") for place in range(len(sizes))]
    return tuple(
        Layer(digest=digest, size=size + int(digest[-4:], 16), media_type=LAYER, last_modified=made)
        for digest, size in zip(digests, sizes, strict=True)
    )
