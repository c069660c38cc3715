"""The clocks that are believed, and the assumed times of the others."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.importer.commit_times import assume_order

NOW = 1000


@pytest.mark.parametrize(
    ("dates", "assumed"),
    [
        ([], []),
        ([10, 20, 20, 30], [10, 20, 20, 30]),
        ([10, 20, 500, 30, 40], [10, 20, 29, 30, 40]),
        ([10, 20, 30, 1, 40], [10, 20, 30, 30, 40]),
        ([10, 500, 490, 20, 30, 40], [10, 19, 19, 20, 30, 40]),
        ([1, 2, 9, 9, 9, 3, 4, 5, 6], [1, 2, 2, 2, 2, 3, 4, 5, 6]),
        ([20, 10], [20, 20]),
        ([20, 2000, 30], [20, 29, 30]),
        ([20, 30, 2000], [20, 30, 2000]),
        ([-1, 10, 20], [9, 10, 20]),
        ([10, 20, -1], [10, 20, 20]),
        ([-1], [0]),
    ],
)
def test_the_many_are_believed(dates: list[int], assumed: list[int]) -> None:
    assert assume_order(dates, NOW) == assumed


@given(st.lists(st.integers(-1, 60), max_size=12))
def test_no_commit_is_before_the_one_that_it_follows(dates: list[int]) -> None:
    assumed = assume_order(dates, NOW)
    assert assumed == sorted(assumed)
    assert len(assumed) == len(dates)


@given(st.lists(st.integers(0, 60), max_size=12), st.lists(st.integers(0, 60), max_size=4))
def test_longer_histories_never_move_a_commit_to_a_later_time(dates: list[int], more: list[int]) -> None:
    """So of two times of one commit in an archive, the earlier is the better known."""
    before, after = assume_order(dates, NOW), assume_order(dates + more, NOW)
    assert all(new <= old for old, new in zip(before, after[: len(before)], strict=True))
