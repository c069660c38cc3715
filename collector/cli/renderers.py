"""Renders values as text for the command line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import msgspec

from collector.diff.changes import Pair
from collector.model.sizes import render_size, render_sizes_alike

T = TypeVar("T")


def render_sizes(sizes: Sequence[int]) -> str:
    """The sizes of a state's platforms: `8 platforms, 0.9-77.1 MB`; empty without platforms."""
    if len(sizes) < 2:
        return "".join(map(render_size, sizes))
    low, high = render_sizes_alike((min(sizes), max(sizes)))
    return f"{len(sizes)} platforms, {high if low == high else f'{low.split()[0]}-{high}'}"


def render_count(count: int, noun: str) -> str:
    """`1 page`, `2,112 pages`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def render_pair(pair: Pair[T] | None, render: Callable[[T], str] = str) -> str:
    """`before → after`; empty for no pair."""
    return f"{render(pair.before)} → {render(pair.after)}" if pair else ""


def render_command(value: str | tuple[str, ...]) -> str:
    """The value of a setting; a list of words as JSON, which shows where each word ends."""
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
