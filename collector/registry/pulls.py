"""The limit of pulls of one registry: what is left of it, and that nobody asks on when it is used up."""

from __future__ import annotations

import threading

from collector.errors import PullLimitReached
from collector.registry.pull_limits import PullLimit, pull_limit
from collector.registry.transport.clock import Clock
from collector.registry.transport.http import Answer


class PullGate:
    """Closed for a method once the registry has refused it. Docker Hub counts GET; HEAD goes on while it is let."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._reached: dict[str, PullLimitReached] = {}
        self.seen: PullLimit | None = None
        """What the registry said last; None: no limit is known."""

    def check(self, method: str) -> None:
        """Refuse what the registry has refused.

        Raises:
            PullLimitReached: it is not yet time to come back.
        """
        with self._lock:
            error = self._reached.get(method)
            if error is None:
                return
            if error.until is not None and error.until <= self._clock.time_in(0):
                del self._reached[method]
                return
        raise PullLimitReached(str(error), until=error.until, hint=error.hint)

    def note(self, answer: Answer) -> None:
        """Remember what an answer says about the limit."""
        self.seen = pull_limit(answer) or self.seen

    def close(self, method: str, error: PullLimitReached) -> None:
        """From now on refuse the method. One that is refused HEAD is refused GET as well."""
        with self._lock:
            for refused in ("GET", "HEAD") if method == "HEAD" else ("GET",):
                self._reached[refused] = error
