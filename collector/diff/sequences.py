"""Longest common subsequences, by a bounded form of Myers' greedy algorithm ("An O(ND) Difference Algorithm", 1986).

Its time grows with the number of differences, which is small between successive states, and not with the number of
repeated elements, which an attacker could choose. `difflib` has neither property.
"""

from __future__ import annotations

from collections.abc import Sequence


def common_pairs(before: Sequence[str], after: Sequence[str], *, limit: int) -> list[tuple[int, int]]:
    """The places (in `before`, in `after`) of a longest common subsequence, ascending in both.

    If more than `limit` elements differ, only the common start and end are found.
    """
    start, end = common_ends(before, after)
    middle = _myers(before[start : len(before) - end], after[start : len(after) - end], limit)
    return [
        *((place, place) for place in range(start)),
        *((start + left, start + right) for left, right in middle),
        *((len(before) - place, len(after) - place) for place in range(end, 0, -1)),
    ]


def common_ends(before: Sequence[str], after: Sequence[str]) -> tuple[int, int]:
    """The number of equal elements at the start, and of the others the number of equal ones at the end."""
    shorter = min(len(before), len(after))
    start = 0
    while start < shorter and before[start] == after[start]:
        start += 1
    end = 0
    while end < shorter - start and before[-1 - end] == after[-1 - end]:
        end += 1
    return start, end


def _myers(before: Sequence[str], after: Sequence[str], limit: int) -> list[tuple[int, int]]:
    size_before, size_after = len(before), len(after)
    if not size_before or not size_after or abs(size_before - size_after) > limit:
        return []
    bound = min(limit, size_before + size_after)
    reached = [0] * (2 * bound + 3)  # by diagonal: the furthest place in `before`; diagonal k is at k + bound + 1
    trace = []
    for differences in range(bound + 1):
        trace.append(reached[bound + 1 - differences - 1 : bound + 1 + differences + 2])
        for diagonal in range(-differences, differences + 1, 2):
            at = bound + 1 + diagonal
            down = diagonal == -differences or (diagonal != differences and reached[at - 1] < reached[at + 1])
            x = reached[at + 1] if down else reached[at - 1] + 1
            y = x - diagonal
            while x < size_before and y < size_after and before[x] == after[y]:
                x += 1
                y += 1
            reached[at] = x
            if x >= size_before and y >= size_after:
                return _walk_back(trace, size_before, size_after)
    return []


def _walk_back(trace: list[list[int]], x: int, y: int) -> list[tuple[int, int]]:
    pairs = []
    for differences in range(len(trace) - 1, -1, -1):
        reached = trace[differences]  # diagonals -differences-1 … differences+1
        diagonal = x - y
        at = diagonal + differences + 1
        down = diagonal == -differences or (diagonal != differences and reached[at - 1] < reached[at + 1])
        from_x = reached[at + 1] if down else reached[at - 1]
        from_y = from_x - (diagonal + 1 if down else diagonal - 1)
        while x > max(from_x, 0) and y > max(from_y, 0):
            x -= 1
            y -= 1
            pairs.append((x, y))
        x, y = from_x, from_y
    pairs.reverse()
    return pairs
