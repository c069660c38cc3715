from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from collector.diff.sequences import common_pairs

LISTS = st.lists(st.sampled_from("abcd"), max_size=12)


def longest(before: list[str], after: list[str]) -> int:
    """The length of a longest common subsequence, by the usual table."""
    row = [0] * (len(after) + 1)
    for left in before:
        above = row[:]
        for place, right in enumerate(after):
            row[place + 1] = above[place] + 1 if left == right else max(above[place + 1], row[place])
    return row[-1]


@given(LISTS, LISTS)
def test_the_pairs_are_a_longest_common_subsequence(before: list[str], after: list[str]) -> None:
    pairs = common_pairs(before, after, limit=100)
    assert all(before[left] == after[right] for left, right in pairs)
    assert all(one[0] < two[0] and one[1] < two[1] for one, two in pairwise(pairs))
    assert len(pairs) == longest(before, after)


@given(LISTS, LISTS, st.integers(min_value=0, max_value=6))
def test_with_any_limit_the_pairs_are_common_and_ascending(before: list[str], after: list[str], limit: int) -> None:
    pairs = common_pairs(before, after, limit=limit)
    assert all(before[left] == after[right] for left, right in pairs)
    assert all(one[0] < two[0] and one[1] < two[1] for one, two in pairwise(pairs))


def test_beyond_the_limit_the_common_start_and_end_are_still_found() -> None:
    before, after = ["start", *"abcdefgh", "end"], ["start", *"ijkl", "a", *"mnop", "end"]
    assert common_pairs(before, after, limit=3) == [(0, 0), (9, 10)]
    assert (1, 5) in common_pairs(before, after, limit=30)


def test_a_hundred_thousand_elements_with_few_differences() -> None:
    before = [str(number % 7) for number in range(100_000)]
    after = [*before[:50_000], "new", *before[50_001:]]
    assert len(common_pairs(before, after, limit=400)) == 99_999
