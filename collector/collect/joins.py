"""Waiting for what is under way: one object that many ask for, and many parts that one object needs."""

from __future__ import annotations

from collections.abc import Callable

from collector.errors import RegistryError

Done = Callable[[RegistryError | None], None]
"""Called once, with what stood in the way, or None."""


class Task:
    """Something that is fetched once, however many ask for it."""

    def __init__(self) -> None:
        self._waiting: list[Done] = []
        self._is_over = False
        self._error: RegistryError | None = None

    def then(self, done: Done) -> None:
        """Call when it is over; at once where it is."""
        if self._is_over:
            done(self._error)
        else:
            self._waiting.append(done)

    def end(self, error: RegistryError | None) -> None:
        """It is over: tell all who wait."""
        self._is_over, self._error = True, error
        waiting, self._waiting = self._waiting, []
        for done in waiting:
            done(error)


class Join:
    """Is over when all its parts are, with the error of the first that failed."""

    def __init__(self, done: Done) -> None:
        self._done = done
        self._left = 1
        self._error: RegistryError | None = None

    def part(self) -> Done:
        """One more part: to be called when that is over."""
        self._left += 1
        return self._end_one

    def close(self) -> None:
        """No more parts will come."""
        self._end_one(None)

    def _end_one(self, error: RegistryError | None) -> None:
        self._error = self._error or error
        self._left -= 1
        if self._left == 0:
            self._done(self._error)
