"""The versions of an image that are kept up side by side, as 3.6 and 2.7 are: when each begins, is released, ends."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from benchmarks.synthetic.clock import runs_in
from benchmarks.synthetic.draws import Draws
from benchmarks.synthetic.plan import ImagePlan
from benchmarks.synthetic.world import World

_OF_A_MAJOR = 3
"""1.0, 1.1 and 1.2 are followed by 2.0."""
_THERE_AT_FIRST = 45
"""Of a hundred lines that there are in the end."""
_TAKES_PART = 65
"""Of a hundred lines, that have a release when the image has releases."""
_DAYS_TO_THE_END = 20
"""From the beginning of a new line to the end of the oldest."""
_RUNS_TO_AWAY = 1000
_AWAY = 8
"""Of a hundred lines, that are dropped for a while by mistake."""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One of them. Runs of the clock stand for times."""

    number: int
    releases: tuple[int, ...]
    """The first is when the line begins."""
    first_patch: int
    end: int
    """Past the last run where it is kept up."""
    away: tuple[int, int] | None
    """From when to when its tags are not there."""

    @property
    def begin(self) -> int:
        return self.releases[0]

    @property
    def major(self) -> str:
        return str(1 + self.number // _OF_A_MAJOR)

    @property
    def minor(self) -> str:
        return f"{self.major}.{self.number % _OF_A_MAJOR}"

    def version(self, release: int) -> str:
        return f"{self.minor}.{self.first_patch + release}"


def lines_of(plan: ImagePlan, world: World) -> list[Line]:
    """All lines that an image ever has, oldest first."""
    draws, clock = Draws(world.seed, "lines", plan.name), world.clock
    if plan.is_distribution:
        return [Line(number=n, releases=(0,), first_patch=0, end=clock.runs, away=None) for n in range(plan.lines)]
    at_first = max(1, plan.lines * _THERE_AT_FIRST // 100)
    ending = plan.lines // 3
    later = plan.lines - at_first + ending
    begins = [0] * at_first + [
        clock.runs * number // later + draws.below(max(1, clock.runs // later)) for number in range(later)
    ]
    ends = [begin + draws.gap(runs_in(_DAYS_TO_THE_END)) for begin in begins[len(begins) - ending :]]
    days = list(_iter_release_days(draws, runs_in(plan.release_days), clock.runs))
    return [
        _line(draws, days, number, begin, min(ends[number], clock.runs) if number < ending else clock.runs)
        for number, begin in enumerate(begins)
    ]


def _line(draws: Draws, days: list[int], number: int, begin: int, end: int) -> Line:
    # A fault is mended in several lines on one day, but not in all.
    releases = (begin, *(run for run in days if draws.percent(_TAKES_PART) and begin < run < end))
    first_patch = 0 if begin else draws.below(9)
    away = begin + draws.gap(_RUNS_TO_AWAY) if draws.percent(_AWAY) else None
    back = away + 1 + draws.below(12) if away else 0
    return Line(
        number=number,
        releases=releases,
        first_patch=first_patch,
        end=end,
        away=(away, back) if away and back < end else None,
    )


def _iter_release_days(draws: Draws, mean: int, runs: int) -> Iterator[int]:
    run = draws.gap(mean)
    while run < runs:
        yield run
        run += draws.gap(mean)
