"""The time that a server asks to wait: `Retry-After`, and rate limits that are used up.

Sources: RFC 9110, 10.2.3; Docker's docs of the API of Docker Hub, which has sent time stamps where others send seconds.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

from collector.errors import InvalidValue
from collector.model.times import parse_header_date
from collector.registry.transport.http import Answer

_NUMBER = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,9})?\Z")
_STAMPS_BEGIN = 10**9
"""Larger numbers are Unix times, not seconds to wait."""


def seconds_to_wait(answer: Answer, now: Callable[[], datetime]) -> float | None:
    """Seconds to wait, from `Retry-After` (seconds, or a date), `X-Retry-After` or a used-up `X-RateLimit-*`; never
    negative.
    """
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
        moment = datetime.fromisoformat(parse_header_date(value))
    except (InvalidValue, ValueError):
        return None
    return max(0.0, (moment - now()).total_seconds())
