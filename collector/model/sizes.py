"""Sizes as classic pages write them: `29.4 MB (29429891 bytes)`, `232.0 B`."""

from __future__ import annotations

import re

from collector.errors import InvalidValue

_UNITS = ("B", "KB", "MB", "GB", "TB", "PB", "EB")
_SIZE = re.compile(r"(?:[0-9]{1,4}\.[0-9] [KMGTPE]B \(([0-9]{4,18}) bytes\)|([0-9]{1,3})\.0 B)\Z")


def render_size(size: int) -> str:
    """The rounded size alone, in units of 1000 bytes: `29.4 MB`."""
    value = float(size)
    unit = 0
    while value >= 1000 and unit < len(_UNITS) - 1:
        value /= 1000
        unit += 1
    return f"{value:.1f} {_UNITS[unit]}"


def render_exact_size(size: int, *, group_digits: bool = False) -> str:
    """The rounded size, and the exact bytes where rounding lost some; with commas between thousands where asked for."""
    exact = f"{size:,}" if group_digits else f"{size}"
    return f"{render_size(size)} ({exact} bytes)" if size >= 1000 else render_size(size)


def parse_exact_size(text: str) -> int:
    """The exact bytes.

    Raises:
        InvalidValue: it is not in that form.
    """
    match = _SIZE.match(text)
    if not match:
        raise InvalidValue(f"not a size: {text[:60]!r}")
    return int(match[1] or match[2])
