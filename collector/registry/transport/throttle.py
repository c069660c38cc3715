"""The pace of one host: how many requests at once, when all of them wait, and when to give up."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import TypeVar

from collector.errors import Overloaded, RegistryError, Unreachable
from collector.registry.settings import Backoff
from collector.registry.transport.clock import Clock
from collector.registry.transport.network_errors import TryAgain

T = TypeVar("T")


class Throttle:
    """Shared by all threads that send requests to one host: a limit for one of them holds for all of them."""

    def __init__(self, slots: int, backoff: Backoff, clock: Clock) -> None:
        self._slots = threading.BoundedSemaphore(slots)
        self._backoff = backoff
        self._clock = clock
        self._lock = threading.Lock()
        self._opens = 0.0
        """When the pause for all is over, on the monotonic clock."""
        self._pauses = 0
        """Pauses in a row, without a success between them."""
        self._surrendered = 0
        """Requests in a row for which all tries failed."""
        self._closed_until = 0.0
        self._last: RegistryError | None = None

    def run(self, attempt: Callable[[], T]) -> T:
        """Make an attempt, and repeat it after temporary failures, within the bounds of the backoff.

        Raises:
            RegistryError: what the last attempt ended in, or what the host was given up for a moment ago.
        """
        for number in count(1):
            with self._slot():
                started = self._clock.monotonic()
                try:
                    result = attempt()
                except TryAgain as trouble:
                    wait = self._failed(trouble, number, started)
                except Unreachable as error:
                    self._give_up(error, at_once=False)
                    raise
                except RegistryError:
                    self._succeed()
                    raise
                else:
                    self._succeed()
                    return result
            if wait:
                self._clock.sleep(wait)
        raise AssertionError("counting never ends")

    @contextmanager
    def _slot(self) -> Iterator[None]:
        """One of the slots, outside of any pause."""
        while True:
            while (left := self._opens - self._clock.monotonic()) > 0:
                # A little more for each, so that the threads do not all come back in the same moment.
                self._clock.sleep(left * (1 + 0.1 * self._clock.chance()))
            with self._slots:
                if self._opens <= self._clock.monotonic():
                    self._refuse_if_given_up()
                    yield
                    return

    def _failed(self, trouble: TryAgain, number: int, started: float) -> float:
        """Seconds for which this thread alone waits before it tries again. Raises if it should not."""
        too_long = (trouble.wait or 0) > self._backoff.longest
        if number == self._backoff.tries or too_long:
            if trouble.whole_host or isinstance(trouble.error, Unreachable):
                self._give_up(trouble.error, at_once=too_long, wait=trouble.wait or 0)
            raise trouble.error from None
        if not trouble.whole_host:
            return self._wait(trouble, number)
        with self._lock:
            # A request that was under way when the pause began says nothing new.
            if started >= self._opens:
                self._pauses += 1
            self._opens = max(self._opens, self._clock.monotonic() + self._wait(trouble, max(self._pauses, 1)))
        return 0.0

    def _wait(self, trouble: TryAgain, failures: int) -> float:
        if trouble.wait is not None:
            return trouble.wait
        return self._backoff.delay(failures, self._clock.chance())

    def _succeed(self) -> None:
        if self._pauses or self._surrendered:
            with self._lock:
                self._pauses = self._surrendered = 0

    def _give_up(self, error: RegistryError, *, at_once: bool, wait: float = 0) -> None:
        with self._lock:
            self._surrendered += 1
            if at_once or self._surrendered >= self._backoff.surrender:
                self._closed_until = self._clock.monotonic() + max(self._backoff.left_alone, wait)
                self._last = error

    def _refuse_if_given_up(self) -> None:
        with self._lock:
            last, closed = self._last, self._clock.monotonic() < self._closed_until
        if last is None or not closed:
            return
        message = f"{last}; given up for now, not asked again"
        if isinstance(last, Overloaded):
            raise Overloaded(message, until=last.until, hint=last.hint)
        raise Unreachable(message, hint=last.hint)
