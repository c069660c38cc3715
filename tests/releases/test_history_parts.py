"""How a history is divided among pages, and where a release is found."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from collector.releases.history_parts import history_parts, history_path, is_short


@given(st.integers(1, 2000))
def test_every_state_is_in_one_part_and_older_parts_never_change(states: int) -> None:
    parts = history_parts(states)
    assert [state for part in parts for state in part] == list(range(states))
    assert history_parts(states + 1)[: len(parts) - 1] == parts[:-1]


def test_the_part_of_a_history_that_shows_a_state() -> None:
    assert (is_short(8), is_short(9)) == (True, False)
    assert [history_path(0, states) for states in (1, 8, 9, 499)] == ["", "", "history/", "history/"]
    assert [history_path(state, 749) for state in (0, 249, 250, 748)] == ["history/1/"] * 2 + ["history/"] * 2
    assert [history_path(state, 750) for state in (249, 250, 500)] == ["history/1/", "history/2/", "history/"]
