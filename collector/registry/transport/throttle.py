"""The throttle of one host: the number of simultaneous requests, common pauses, and giving up."""

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
    """Limits the requests to one host. All threads share it, so a limit for one of them applies to all."""

    def __init__(self, slots: int, backoff: Backoff, clock: Clock) -> None:
        self._slots = threading.BoundedSemaphore(slots)
        self._backoff = backoff
        self._clock = clock
        self._lock = threading.Lock()
        self._opens = 0.0
        """The end of the common pause, on the monotonic clock."""
        self._pauses = 0
        """The number of pauses without a success between them."""
        self._failures = 0
        """The number of failed requests in a row, each tried several times."""
        self._closed_until = 0.0
        self._last: RegistryError | None = None

    def run(self, attempt: Callable[[], T]) -> T:
        """Make an attempt, and repeat it after temporary failures within the limits of the backoff.

        Raises:
            RegistryError: the error of the last attempt, or the one for which the host was given up.
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
        raise AssertionError("unreachable: the loop has no end")

    @contextmanager
    def _slot(self) -> Iterator[None]:
        """One of the slots, after any pause."""
        while True:
            while (left := self._opens - self._clock.monotonic()) > 0:
                # A different wait for each thread, so that they do not all continue at the same moment.
                self._clock.sleep(left * (1 + 0.1 * self._clock.chance()))
            with self._slots:
                if self._opens <= self._clock.monotonic():
                    self._refuse_if_given_up()
                    yield
                    return

    def _failed(self, trouble: TryAgain, number: int, started: float) -> float:
        """Seconds that this thread alone waits before the next attempt. Raises if there must be none."""
        too_long = (trouble.wait or 0) > self._backoff.longest
        if number == self._backoff.tries or too_long:
            if trouble.whole_host or isinstance(trouble.error, Unreachable):
                self._give_up(trouble.error, at_once=too_long, wait=trouble.wait or 0)
            raise trouble.error from None
        if not trouble.whole_host:
            return self._wait(trouble, number)
        with self._lock:
            # A request that began before the pause adds no new information.
            if started >= self._opens:
                self._pauses += 1
            self._opens = max(self._opens, self._clock.monotonic() + self._wait(trouble, max(self._pauses, 1)))
        return 0.0

    def _wait(self, trouble: TryAgain, failures: int) -> float:
        if trouble.wait is not None:
            return trouble.wait
        return self._backoff.delay(failures, self._clock.chance())

    def _succeed(self) -> None:
        if self._pauses or self._failures:
            with self._lock:
                self._pauses = self._failures = 0

    def _give_up(self, error: RegistryError, *, at_once: bool, wait: float = 0) -> None:
        with self._lock:
            self._failures += 1
            if at_once or self._failures >= self._backoff.max_failures:
                self._closed_until = self._clock.monotonic() + max(self._backoff.cooldown, wait)
                self._last = error

    def _refuse_if_given_up(self) -> None:
        with self._lock:
            last, closed = self._last, self._clock.monotonic() < self._closed_until
        if last is None or not closed:
            return
        message = f"{last}; this host gets no more requests for a while"
        if isinstance(last, Overloaded):
            raise Overloaded(message, until=last.until, hint=last.hint)
        raise Unreachable(message, hint=last.hint)
