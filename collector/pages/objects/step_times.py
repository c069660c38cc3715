"""Encodes the times of steps as the seconds between them, which are usually small numbers and take fewer bytes."""

from __future__ import annotations

from collections.abc import Iterable

from collector.model.times import Time, seconds_of
from collector.pages.objects.shapes import StepTime


def encode_step_times(times: Iterable[Time | None]) -> tuple[StepTime, ...]:
    """The seconds from each time to the next. The first time and invalid dates stay unchanged."""
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
