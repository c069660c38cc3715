"""The times and causes of rebuilds of each line and variant on each platform, and of added and removed tags."""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum
from typing import NamedTuple

from benchmarks.synthetic.clock import runs_in
from benchmarks.synthetic.draws import Draws
from benchmarks.synthetic.lines import Line
from benchmarks.synthetic.plan import ImagePlan, Variant
from benchmarks.synthetic.world import World

_ANNOUNCED = 80
"""Of a hundred releases, whose tags are looked for before they are there."""
_SLOWEST = 14
"""Runs after which the last platform follows the first."""
_LAG = 4
"""Runs within which an image follows when its base has moved."""
_FILES_EVERY_EDITS = 4
_REBUILT_DAYS = 800
_METADATA_DAYS = 5000


class Kind(IntEnum):
    """Why something is another."""

    ANNOUNCE = 0
    RELEASE = 1
    BASE = 2
    EDIT = 3
    REBUILD = 4
    METADATA = 5
    AWAY = 6
    BACK = 7
    END = 8


class Update(NamedTuple):
    """One build, or one line's tags coming and going; in the order of time."""

    run: int
    """In which it is seen."""
    line: int
    variant: int
    kind: Kind
    platform: int
    """Its place in the variant's."""
    number: int
    """Of the release, the base's version, or the step that was edited."""
    made: int
    """The run by whose time it was built."""


class Edit(NamedTuple):
    """A change of the Dockerfile, or of a file beside it."""

    run: int
    step: int
    revision: int
    """Of the step's text, from then on."""


def edits_of(plan: ImagePlan, world: World) -> list[Edit]:
    """All edits of an image's Dockerfile, in the order of time."""
    draws = Draws(world.seed, "edits", plan.name)
    edits: list[Edit] = []
    run = draws.gap(runs_in(plan.edit_days or 1))
    while run < world.clock.runs and plan.recipe.places:
        copied = plan.recipe.copied(draws) if draws.below(_FILES_EVERY_EDITS) == 0 else None
        step = plan.recipe.edited(draws) if copied is None else copied
        edits.append(Edit(run, step, 1 + sum(edit.step == step for edit in edits)))
        run += draws.gap(runs_in(plan.edit_days))
    return edits


def updates_of(plan: ImagePlan, world: World, lines: list[Line], edits: list[Edit]) -> list[Update]:
    """All that happens to an image, in the order of time."""
    updates: list[Update] = []
    for line in lines:
        for number, variant in enumerate(plan.variants):
            if not plan.is_distribution or number == line.number:
                builds = _Builds(world, plan, line, number, variant)
                updates += builds.releases()
                updates += builds.moves()
                updates += builds.edits(edits)
                updates += builds.rest()
        updates += _comings(line)
    return sorted(update for update in updates if update.run < world.clock.runs)


def _comings(line: Line) -> Iterator[Update]:
    if line.away:
        yield Update(line.away[0], line.number, 0, Kind.AWAY, 0, 0, 0)
        yield Update(line.away[1], line.number, 0, Kind.BACK, 0, 0, 0)
    yield Update(line.end, line.number, 0, Kind.END, 0, 0, 0)


class _Builds:
    """The builds of one line in one variant."""

    def __init__(self, world: World, plan: ImagePlan, line: Line, number: int, variant: Variant) -> None:
        self._world = world
        self._words = (world.seed, "builds", plan.name)
        self._plan = plan
        self._line = line
        self._number = number
        self._variant = variant

    def releases(self) -> Iterator[Update]:
        """The first and all that follow, each with its tags a little before it."""
        for release, run in enumerate(self._line.releases):
            at_once = run == 0  # the archive begins with all platforms that there are
            updates = list(self._builds(Kind.RELEASE, run, release, at_once=at_once))
            draws = Draws(*self._words, "announced", run)
            if run and draws.percent(_ANNOUNCED):
                yield updates[0]._replace(run=max(0, updates[0].run - 1 - draws.below(3)), kind=Kind.ANNOUNCE)
            yield from updates

    def moves(self) -> Iterator[Update]:
        """With each move of the base."""
        base = self._variant.base
        for version, moved in enumerate(base.moves):
            if version and moved > self._line.begin:
                lag = 0 if self._plan.is_distribution else Draws(*self._words, base.number, version).below(_LAG)
                for place, platform in enumerate(self._variant.platforms):
                    made = moved + self._world.bases.delay(base, platform, version) + lag
                    yield self._update(made + self._line.number % 2, Kind.BASE, place, version, made)

    def edits(self, edits: list[Edit]) -> Iterator[Update]:
        """With each edit of the Dockerfile."""
        for number, edit in enumerate(edits):
            if edit.run > self._line.begin:
                yield from self._builds(Kind.EDIT, edit.run, number)

    def rest(self) -> Iterator[Update]:
        """What happens now and then without a reason that anybody sees."""
        for kind, days in ((Kind.REBUILD, _REBUILT_DAYS), (Kind.METADATA, _METADATA_DAYS)):
            draws = Draws(*self._words, kind.name)
            run = draws.gap(runs_in(days))
            while run < self._world.clock.runs and not self._plan.is_distribution:
                if run > self._line.begin:
                    yield from self._builds(kind, run, run)
                run += draws.gap(runs_in(days))

    def _builds(self, kind: Kind, run: int, number: int, *, at_once: bool = False) -> Iterator[Update]:
        """On every platform: on the first at once, on the others in the hours and days after."""
        draws = Draws(*self._words, kind.name, run)
        for place in range(len(self._variant.platforms)):
            made = run if place == 0 or at_once else run + 1 + draws.below(_SLOWEST)
            yield self._update(made + self._number % 2, kind, place, number, made)

    def _update(self, run: int, kind: Kind, place: int, number: int, made: int) -> Update:
        return Update(run, self._line.number, self._number, kind, place, number, made)
