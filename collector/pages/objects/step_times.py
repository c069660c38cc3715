"""The times of steps, as the seconds between one and the next: these are mostly few, and take fewer bytes."""

from __future__ import annotations

from collections.abc import Iterable

from collector.model.times import Time, seconds_of
from collector.pages.objects.shapes import StepTime


def encode_step_times(times: Iterable[Time | None]) -> tuple[StepTime, ...]:
    """Of each the seconds since the last one before it. The first, and what no calendar has, stay unchanged."""
    encoded: list[StepTime] = []
    last: int | None = None
    for time in times:
        now = seconds_of(time) if time else None
        if now is None or last is None:
            encoded.append(time)
        else:
            encoded.append(now - last)
        last = last if now is None else now
    return tuple(encoded)
