"""Sizes for people: `29.4 MB (29,429,891 bytes)`, `232 B`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

_UNITS = ("B", "KB", "MB", "GB", "TB", "PB", "EB")


@lru_cache(8192)
def render_size(size: int) -> str:
    """The rounded size alone, in units of 1000 bytes: `29.4 MB`."""
    return render_sizes_alike((size,))[0]


def render_short_size(size: int) -> str:
    """The size with as few digits as a list needs: `351 MB`, `5.4 GB`, `25 B`."""
    unit = _unit_of(size)
    value = size / 1000**unit
    return f"{value:.0f} {_UNITS[unit]}" if value >= 10 else render_size(size)


def render_sizes_alike(sizes: Sequence[int]) -> list[str]:
    """Sizes of one thing, all in the unit of the largest: `0.9 MB`, `29.4 MB`. A small one has up to three decimals."""
    unit = _unit_of(max(sizes, default=0))
    return [f"{_rounded(size, unit)} {_UNITS[unit]}" for size in sizes]


def _unit_of(size: int) -> int:
    value, unit = float(size), 0
    while value >= 1000 and unit < len(_UNITS) - 1:
        value /= 1000
        unit += 1
    return unit


def _rounded(size: int, unit: int) -> str:
    if unit == 0:
        return str(size)
    value = float(size)
    for _ in range(unit):
        value /= 1000
    digits = 1 if value == 0 or value >= 0.05 else 2 if value >= 0.005 else 3
    return f"{value:.{digits}f}"


def render_exact_size(size: int) -> str:
    """The rounded size, and the exact bytes where rounding lost some."""
    return f"{render_size(size)} ({size:,} bytes)" if size >= 1000 else render_size(size)
