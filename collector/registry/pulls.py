"""The limit of pulls of one registry: how answers state it, and a gate that closes when it is reached.

Sources: distribution-spec, "Client rate limiting"; Docker's docs on usage and pulls. The code assumes no number,
because the numbers change.
"""

from __future__ import annotations

import re
import threading

import msgspec

from collector.errors import PullLimitReached
from collector.registry.transport.clock import Clock
from collector.registry.transport.http import Answer

_QUOTA = re.compile(r"\s*([0-9]{1,9})(?:\s*;\s*w=([0-9]{1,9}))?")


class PullLimit(msgspec.Struct, frozen=True, kw_only=True):
    """The number of manifests that may be fetched, according to the last answer."""

    limit: int | None
    remaining: int | None
    window: int | None
    """In seconds; None if the registry does not give it."""


def pull_limit(answer: Answer) -> PullLimit | None:
    """Read `ratelimit-limit: 100;w=21600` and `ratelimit-remaining: 20;w=21600`; None if there is no limit."""
    limit = _QUOTA.match(answer.header("RateLimit-Limit"))
    remaining = _QUOTA.match(answer.header("RateLimit-Remaining"))
    if not limit and not remaining:
        return None
    window = next((found[2] for found in (remaining, limit) if found and found[2]), None)
    return PullLimit(
        limit=int(limit[1]) if limit else None,
        remaining=int(remaining[1]) if remaining else None,
        window=int(window) if window else None,
    )


class PullGate:
    """Closed for a method after the registry has refused it. Docker Hub counts GET; HEAD continues while it is
    allowed.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._reached: dict[str, PullLimitReached] = {}

    def check(self, method: str) -> None:
        """Raise if the gate is closed for a method.

        Raises:
            PullLimitReached: the limit still lasts.
        """
        with self._lock:
            error = self._reached.get(method)
            if error is None:
                return
            if error.until is not None and error.until <= self._clock.time_in(0):
                del self._reached[method]
                return
        raise PullLimitReached(str(error), until=error.until, hint=error.hint)

    def close(self, method: str, error: PullLimitReached) -> None:
        """Close the gate for a method. A limit on HEAD applies to GET as well."""
        with self._lock:
            for refused in ("GET", "HEAD") if method == "HEAD" else ("GET",):
                self._reached[refused] = error
