"""Sizes for people: `29.4 MB (29,429,891 bytes)`, `232.0 B`."""

from __future__ import annotations

_UNITS = ("B", "KB", "MB", "GB", "TB", "PB", "EB")


def render_size(size: int) -> str:
    """The rounded size alone, in units of 1000 bytes: `29.4 MB`."""
    value = float(size)
    unit = 0
    while value >= 1000 and unit < len(_UNITS) - 1:
        value /= 1000
        unit += 1
    return f"{value:.1f} {_UNITS[unit]}"


def render_exact_size(size: int) -> str:
    """The rounded size, and the exact bytes where rounding lost some."""
    return f"{render_size(size)} ({size:,} bytes)" if size >= 1000 else render_size(size)
