"""Time, as an argument: what waits, and what expires, is tested without waiting."""

from __future__ import annotations

import random
import time
from datetime import UTC, datetime, timedelta

from collector.model.times import Time, time_of


class Clock:
    """The real one. Tests have one that only counts."""

    def now(self) -> datetime:
        """The moment, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds, to measure spans with."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)

    def chance(self) -> float:
        """From 0 up to 1."""
        return random.random()  # noqa: S311 - spreads waits, guards nothing

    def time_in(self, seconds: float) -> Time:
        """The moment so many seconds from now."""
        return time_of(self.now() + timedelta(seconds=min(seconds, 10**9)))
