"""An axis of time, a thousand units wide, with ticks at round moments."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

WIDTH = 1000
TICK_SPACE = 14
"""The height of the ticks' words."""

_MAX_TICKS = 5
_LAST_WORDS = 820
"""Beyond it a tick's words would not fit."""
_DAY = 86_400
_MONTH = 28 * _DAY
"""The shortest month, in seconds."""
_LAST_MOMENT = 253_402_300_799
"""The end of the year 9999, after which the calendar has no moment."""
_MONTH_STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 6000, 12_000, 60_000)
_MIN_SPAN = 3600
_AFTER = 0.06
"""The share of the span that is added after the last moment, because its state continues."""


class Axis:
    """From a little before the first moment to a little after the last, in seconds since 1970."""

    def __init__(self, first: int, last: int) -> None:
        span = max(last - first, _MIN_SPAN)
        self.start = first
        self.end = last + max(round(span * _AFTER), 1)
        self._span = self.end - self.start
        self.ticks = tuple((self.place(moment), words) for moment, words in _ticks(self.start, self.end))
        """Places, with their words."""

    def place(self, moment: int) -> int:
        """The place of a moment."""
        return max(0, min(WIDTH, round((moment - self.start) * WIDTH / self._span)))


def _ticks(start: int, end: int) -> list[tuple[int, str]]:
    """As many ticks as there is room for: years, months, days, or hours."""
    limit = min(start + (end - start) * _LAST_WORDS // WIDTH, _LAST_MOMENT)
    for seconds in (3600, 3 * 3600, 6 * 3600, 12 * 3600, _DAY, 2 * _DAY, 4 * _DAY, 8 * _DAY):
        if (end - start) // seconds <= _MAX_TICKS:
            hours = range(-(-start // seconds) * seconds, limit, seconds)
            form = "%Y-%m-%d" if seconds >= _DAY else "%m-%d %H:%M"
            return [(moment, _moment(moment).strftime(form)) for moment in hours]
    months = next(step for step in _MONTH_STEPS if (end - start) // (step * _MONTH) <= _MAX_TICKS)
    moments = [moment for moment in _months(start, months) if moment <= limit]
    return [(moment, _moment(moment).strftime("%Y-%m" if months < 12 else "%Y")) for moment in moments]


def _months(start: int, step: int) -> list[int]:
    """The beginnings of every so many months from the start on, more than there are ticks."""
    first = _moment(start)
    months = -(-(first.year * 12 + first.month) // step) * step
    years = (divmod(month, 12) for month in range(months, months + (_MAX_TICKS + 2) * step, step))
    return [int(datetime(year, month + 1, 1, tzinfo=UTC).timestamp()) for year, month in years if 0 < year < 10_000]


def _moment(seconds: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
