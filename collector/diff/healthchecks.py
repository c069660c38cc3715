r"""Health checks as text, from the fields of a config or from a step, into which Go printed a struct:
`HEALTHCHECK &{["CMD-SHELL" "curl -f http://localhost/"] "30s" "3s" "0s" "0s" '\x03'}`.
"""

from __future__ import annotations

import re

from collector.model.images import Healthcheck

_SECOND = 10**9
"""Nanoseconds."""
_MAX_LENGTH = 4_000
"""The number of characters of a step that are read."""
_PRINTED = re.compile(r"&\{\[((?:\"(?:[^\"\\]|\\[^\n])*\" ?)*)\] ((?:\"[0-9a-zµ.]*\" ){2,4})'(\\?[^']{0,9})'\}")
_QUOTED = re.compile(r'"((?:[^"\\]|\\[^\n])*)"')
_ESCAPE = re.compile(r"\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|([^xu]))")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "v": "\v", "f": "\f", "b": "\b", "a": "\a"}
_DURATION = re.compile(r"([0-9]{1,6})(?:\.([0-9]{1,9}))?(h|m(?!s)|s|ms|µs|ns)")
_UNITS = {"h": 3600 * _SECOND, "m": 60 * _SECOND, "s": _SECOND, "ms": 10**6, "µs": 10**3, "ns": 1}


def healthcheck_words(check: Healthcheck) -> str:
    """`curl -f http://localhost/ (every 30 s, timeout 3 s, 3 retries)`; default values are left out."""
    if check.test[:1] == ("NONE",):
        return "disabled"
    words = check.test[1:] if check.test[:1] in {("CMD",), ("CMD-SHELL",)} else check.test
    test = " ".join(words) or ("nothing" if check.test else "inherited from the base image")
    times = [
        f"every {_seconds(check.interval)}" if check.interval else "",
        f"timeout {_seconds(check.timeout)}" if check.timeout else "",
        f"start period {_seconds(check.start_period)}" if check.start_period else "",
        f"start interval {_seconds(check.start_interval)}" if check.start_interval else "",
        f"{check.retries} {'retry' if check.retries == 1 else 'retries'}" if check.retries else "",
    ]
    said = ", ".join(filter(None, times))
    return f"{test} ({said})" if said else test


def printed_healthcheck(text: str) -> Healthcheck | None:
    """The health check in a step's text without its instruction; None if it has another form."""
    found = _PRINTED.fullmatch(text) if len(text) <= _MAX_LENGTH else None
    if not found:
        return None
    times = [_nanoseconds(time) for time in _QUOTED.findall(found[2])]
    retries = _unescaped(found[3])
    return Healthcheck(
        test=tuple(_unescaped(word) for word in _QUOTED.findall(found[1])),
        interval=times[0],
        timeout=times[1],
        start_period=times[2] if len(times) > 2 else 0,
        start_interval=times[3] if len(times) > 3 else 0,
        retries=ord(retries) if len(retries) == 1 else 0,
    )


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(_escaped_char, text)


def _escaped_char(found: re.Match[str]) -> str:
    if found[3]:
        return _ESCAPES.get(found[3], found[3])
    code = int(found[1] or found[2], 16)
    return "\ufffd" if 0xD800 <= code < 0xE000 else chr(code)


def _nanoseconds(text: str) -> int:
    """`1m30s`, `1.5s`, `500ms`."""
    return sum(
        int(whole) * _UNITS[unit] + (int(rest) * _UNITS[unit] // 10 ** len(rest) if rest else 0)
        for whole, rest, unit in _DURATION.findall(text)
    )


def _seconds(nanoseconds: int) -> str:
    """`30 s`, `1 min 30 s`, `0.5 s`."""
    whole, rest = divmod(nanoseconds, _SECOND)
    if rest:
        return f"{whole}.{rest:09}".rstrip("0") + " s"
    if whole < 60:
        return f"{whole} s"
    minutes, seconds = divmod(whole, 60)
    return f"{minutes} min {seconds} s" if seconds else f"{minutes} min"
