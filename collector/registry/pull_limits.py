"""What servers say about how much, and how soon: `Retry-After`, pull limits, and rate limits.

Sources: RFC 9110, 10.2.3; distribution-spec, "Client rate limiting"; Docker's docs on usage and pulls, and of the API
of Docker Hub, which has had a time stamp where others have seconds. No number is known beforehand: they change.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

import msgspec

from collector.errors import InvalidValue
from collector.model.times import parse_http_date
from collector.registry.transport.http import Answer

_NUMBER = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,9})?\Z")
_QUOTA = re.compile(r"\s*([0-9]{1,9})(?:\s*;\s*w=([0-9]{1,9}))?")
_STAMPS_BEGIN = 10**9
"""Numbers above this are moments of the Unix clock, not seconds to wait."""


class PullLimit(msgspec.Struct, frozen=True, kw_only=True):
    """How many manifests may be fetched, as the last answer said."""

    limit: int | None
    remaining: int | None
    window: int | None
    """In seconds; None where the registry does not say."""


def pull_limit(answer: Answer) -> PullLimit | None:
    """Read `ratelimit-limit: 100;w=21600` and `ratelimit-remaining: 20;w=21600`; None: no limit is known."""
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


def seconds_to_wait(answer: Answer, now: Callable[[], datetime]) -> float | None:
    """What `Retry-After` (seconds, or a date), `X-Retry-After` or a used-up `X-RateLimit-*` ask for; never negative."""
    for name in ("Retry-After", "X-Retry-After"):
        value = answer.header(name).strip()
        if value and (wait := _wait(value, now)) is not None:
            return wait
    if answer.header("X-RateLimit-Remaining").strip() == "0":
        return _wait(answer.header("X-RateLimit-Reset").strip(), now)
    return None


def _wait(value: str, now: Callable[[], datetime]) -> float | None:
    if _NUMBER.match(value):
        number = float(value)
        return max(0.0, number - now().timestamp()) if number > _STAMPS_BEGIN else number
    try:
        moment = datetime.fromisoformat(parse_http_date(value))
    except (InvalidValue, ValueError):
        return None
    return max(0.0, (moment - now()).total_seconds())
