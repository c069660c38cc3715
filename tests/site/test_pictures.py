"""The pictures that the site draws from the data in a page."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from collector.site.body import render_body
from collector.site.pictures import draw_sizes
from tests.support.html import elements

DAYS = st.dates().map(str)
ROWS = st.lists(st.tuples(DAYS, st.one_of(st.just("-"), st.integers(0, 2**60).map(str))), min_size=1, max_size=60)


def test_a_line_and_a_tick_for_each_change() -> None:
    svg = draw_sizes("2018-01-01 100\n2018-01-11 200\n2018-01-21 -\n")
    line, ticks = re.findall(r'd="([^"]*)"', svg)
    assert line == "M0 46H290V3H580V51H600"
    assert ticks == "M0 60v-6M290 60v-6M580 60v-6"


@given(ROWS)
def test_it_stays_inside_its_frame(rows: list[tuple[str, str]]) -> None:
    ordered = sorted(rows)
    svg = draw_sizes("".join(f"{day} {size}\n" for day, size in ordered))
    assert [element.name for element in elements(svg)] == ["svg", "path", "path"]
    line = re.findall(r'd="([^"]*)"', svg)[0]
    assert all(0 <= int(x) <= 600 for x in re.findall(r"H(-?\d+)", line))
    assert all(0 <= int(y) <= 60 for y in re.findall(r"V(-?\d+)", line))


def test_only_the_data_of_a_picture_becomes_one() -> None:
    assert "<svg" in render_body("```sizes\n2018-01-01 1\n```\n")
    assert "<svg" not in render_body("```sizes\n2018-01-01 <b>\n```\n")
    assert "<svg" not in render_body("```text\n2018-01-01 1\n```\n")
