from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.model.tag_order import most_specific, newest_first, tag_key

_TAGS = st.lists(st.from_regex(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,12}", fullmatch=True), unique=True)


@pytest.mark.parametrize(
    "ordered",
    [
        ["3.10", "3.9", "3.2", "3", "2.7.18", "2.7"],
        ["3.6.4", "3.6", "3.6rc1", "3.6-slim", "3"],
        ["10.0.16299.192", "10.0.16299.15", "10.0.14393.2007"],
        ["20180129", "20171212"],
        ["2", "1", "alpine", "edge", "latest"],
        ["v1.10", "v1.9", "latest"],
        ["1.10-alpine", "1.9-alpine3.6", "1.9-alpine"],
    ],
)
def test_people_read_the_newest_version_first(ordered: list[str]) -> None:
    assert newest_first(sorted(ordered)) == ordered


@given(_TAGS)
def test_the_order_does_not_depend_on_the_input_order(tags: list[str]) -> None:
    ordered = newest_first(tags)
    assert sorted(ordered) == sorted(tags)
    assert newest_first(reversed(tags)) == ordered
    assert len({tag_key(tag) for tag in tags}) == len(tags)


@pytest.mark.parametrize(
    ("tags", "first"),
    [
        (["3", "3.6", "3.6.4", "latest"], "3.6.4"),
        (["latest", "stretch"], "latest"),
        (["3.6.4-slim-stretch", "3.6.4-slim", "3.6.4"], "3.6.4"),
        (["edge"], "edge"),
        (["3.6-slim", "slim", "3-slim", "3.6.4-slim"], "3.6.4-slim"),
    ],
)
def test_the_most_specific_tag_names_the_image(tags: list[str], first: str) -> None:
    assert most_specific(tags) == most_specific(tags[::-1]) == first
