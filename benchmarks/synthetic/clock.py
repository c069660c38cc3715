"""The times at which the registry was observed: several runs on most days, each with a time and a source."""

from __future__ import annotations

from bisect import bisect_right
from datetime import UTC, date, datetime, timedelta
from functools import cache

from benchmarks.synthetic.draws import Draws, hash_of
from collector.model.times import Time, time_of

START = date(2016, 9, 6)

_RUNS_A_DAY = 6
_QUIET_DAYS = 26
"""Of a hundred: nothing was looked at, or nothing had changed."""
_INDEXES_FROM = 70
"""Hundredths of the time after which indexes take the place of single manifests."""


def runs_in(days: int) -> int:
    """About how many runs a number of days has."""
    return days * _RUNS_A_DAY * (100 - _QUIET_DAYS) // 100


class Clock:
    """Moments are counted in runs: run 0 is the first. Below 0 is what happened before, in steps of a few hours."""

    def __init__(self, *, seed: int, days: int, until: Time | None = None) -> None:
        """`days` is how long the history is; `until` cuts it off, and changes nothing before that."""
        self.times: list[Time] = []
        self.indexes_from = 0
        """The run from which on indexes are seen."""
        for day in range(days):
            draws = Draws(seed, "day", day)
            if draws.percent(_QUIET_DAYS) and day:
                continue
            if day * 100 < days * _INDEXES_FROM:
                self.indexes_from = len(self.times) + _RUNS_A_DAY
            self.times += [_moment(day, hour * 240 + draws.below(200)) for hour in range(_RUNS_A_DAY)]
        self.sources = [f"git:{hash_of(f'{seed} run {time}')[:40]}" for time in self.times]
        self.seen = len(self.times) if until is None else bisect_right(self.times, until)
        """Runs up to the end."""
        self.built = cache(self._built)
        """By run and step: when the step of an image was made that this run saw first."""

    @property
    def runs(self) -> int:
        """Of the whole history, also where it is cut off."""
        return len(self.times)

    def _built(self, run: int, step: int) -> Time:
        if run >= 0:
            moment = datetime.fromisoformat(self.times[min(run, self.runs - 1)])
        else:
            moment = datetime(START.year, START.month, START.day, tzinfo=UTC) + timedelta(hours=5 * run)
        return time_of(moment - timedelta(minutes=150) + timedelta(seconds=37 * step))


def _moment(day: int, minutes: int) -> Time:
    return time_of(datetime(START.year, START.month, START.day, tzinfo=UTC) + timedelta(days=day, minutes=minutes))
