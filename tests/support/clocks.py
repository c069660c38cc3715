"""A clock that counts instead of waiting."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

from collector.registry.transport.clock import Clock


class CountingClock(Clock):
    """Starts at a fixed time. Sleeping advances it for all threads, and is recorded."""

    def __init__(self, moment: str = "2026-11-20T08:00:00+00:00") -> None:
        self._start = datetime.fromisoformat(moment).astimezone(UTC)
        self._lock = threading.Lock()
        self.passed = 0.0
        self.slept: list[float] = []

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self.passed)

    def monotonic(self) -> float:
        return 1000.0 + self.passed

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self.slept.append(seconds)
            self.passed += seconds

    def chance(self) -> float:
        return 0.0
