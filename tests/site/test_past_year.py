"""The strips of the last year in the list of an image's tags."""

from __future__ import annotations

import re
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from collector.site.body import render_body
from tests.support.html import elements


def page(*cells: str, until: str = "2024-03-01") -> str:
    rows = "\n".join(f"| `t` | 2024-01-01 | version | {cell} | 1 MB |" for cell in cells)
    return (
        f"# app\n\n## Tags\n\n| Tags | Last change | Why | Year to {until} | amd64 |\n|---|---|---|---|--:|\n{rows}\n"
    )


def strips(html: str) -> list[str]:
    return re.findall(r"<td class=y>(<svg.*?</svg>)", html)


def test_a_mark_for_each_release_in_the_form_of_its_reason_and_the_same_in_words() -> None:
    (strip,) = strips(render_body(page("version 03-01 02-29; base 03-03; packages 12-31")))
    assert re.findall(r'<path class=(\w) d="([^"]*)"', strip) == [
        ("o", "M303 8v4"),
        ("b", "M0 0v12"),
        ("v", "M364 0v12M363 0v12"),
    ]
    assert "<title>2 × version, 1 × base, 1 × packages</title>" in strip


def test_the_forms_are_named_once_above_the_table() -> None:
    html = render_body(page("steps 02-02", "none", "version 02-02"))
    above, _, table = html.partition("<table")
    assert re.findall(r"<li class=(\w)>([^<]*)", above) == [("v", "version"), ("s", "steps")]
    assert "<td>none" in table
    assert len(strips(table)) == 2


def test_what_is_no_year_stays_text() -> None:
    for made in (page("version 13-01"), page("version 02-30"), page("version"), page("base 01-01", until="2024-13-01")):
        html = render_body(made)
        assert "<svg" not in html
        assert "ri-time" not in html


def test_a_name_of_a_tag_draws_nothing() -> None:
    cell = "version 02-02"
    html = render_body(page("none").replace("`t`", f"`{cell}`, [`{cell}`](x/index.md)"))
    assert "<svg" not in html


@given(st.lists(st.text(st.sampled_from("version base;0-12 |`<>&"), max_size=30), max_size=3), st.dates())
def test_any_cell_leaves_a_table(cells: list[str], until: date) -> None:
    html = render_body(page(*cells, until=str(until)))
    assert [one.name for one in elements(html)].count("table") == 1
