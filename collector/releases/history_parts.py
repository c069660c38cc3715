"""The division of a tag's history among pages, by the number of its states."""

from __future__ import annotations

_SHORT = 8
"""States; a history with at most this many is on the tag's own page."""
_PART = 250
"""States in one part of a very long history. The newest part has up to twice as many, so that older parts never change.
"""


def is_short(states: int) -> bool:
    """Whether the tag's own page has the whole history."""
    return states <= _SHORT


def history_parts(states: int) -> list[range]:
    """The numbers of the states in each part, the oldest part first."""
    older = _older_parts(states)
    return [*(range(part * _PART, (part + 1) * _PART) for part in range(older)), range(older * _PART, states)]


def history_path(state: int, states: int) -> str:
    """The page that shows a state, below the tag's page: ``, `history/`, `history/1/`.

    Args:
        state: its number, oldest first, from 0.
        states: how many there are.
    """
    return "" if is_short(states) else part_path(state, states)


def part_path(state: int, states: int) -> str:
    """The address of the part that has a state. Its JSON exists even if the part has no page of its own."""
    part = state // _PART
    return f"history/{part + 1}/" if part < _older_parts(states) else "history/"


def _older_parts(states: int) -> int:
    return max(0, states // _PART - 1)
