"""The facts that say which layers and steps images have are told from all others by the first letters of their kind."""

from __future__ import annotations

from typing import get_args

from collector.archive.facts.codec import Fact


def test_no_two_kinds_of_fact_begin_with_the_same_three_letters() -> None:
    kinds = [fact.__struct_config__.tag[:3] for fact in get_args(Fact)]
    assert len(set(kinds)) == len(kinds) == 13
