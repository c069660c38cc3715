"""The clock as an argument, so that waits and expiry are tested without waiting."""

from __future__ import annotations

import random
import time
from datetime import UTC, datetime, timedelta

from collector.model.times import Time, time_of


class Clock:
    """The real clock. Tests use one that only counts."""

    def now(self) -> datetime:
        """The current time in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds, for measuring spans."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)

    def chance(self) -> float:
        """A random number: at least 0, below 1."""
        return random.random()  # noqa: S311 - spreads waits, guards nothing

    def time_in(self, seconds: float) -> Time:
        """The time this many seconds from now."""
        return time_of(self.now() + timedelta(seconds=min(seconds, 10**9)))
