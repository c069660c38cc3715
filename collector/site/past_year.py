"""Strips of the last year in the list of an image's tags: a mark for each release, in the form of its reason.

In the Markdown the column's heading is `Year to 2018-01-29`, and a cell has the days of each reason, which no name of
an image can imitate: `version 12-21 10-04; base 12-12`.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date
from functools import partial

from collector.pages.past_year import DAYS
from collector.site.timeline_picture import FORM_WORDS, form_of

_TABLE = re.compile(
    r"<table><thead><tr>(?:<th>[^<]*)*?<th>Year to (\d{4}-\d\d-\d\d)<(?:(?!</table>).)*</table>", re.DOTALL
)
_REASON = r"[a-z -]+(?: \d\d-\d\d)+"
_CELL = re.compile(rf"<td>({_REASON}(?:; {_REASON})*)(?=<)")
_MARKS = {"v": "0v12", "s": "4v8", "b": "0v12", "p": "0v12", "f": "0v12", "o": "8v4"}
"""Form of a reason → the beginning and length of its marks, from the top of the strip: forms differ without colours."""


def with_past_years(html: str) -> str:
    """The same page, where it has such tables. A key above the first one explains the forms."""
    if "<th>Year to " not in html:
        return html
    forms: set[str] = set()
    drawn = _TABLE.sub(partial(_draw_table, forms), html)
    if not forms:
        return drawn
    key = "".join(f"<li class={form}>{word}" for form, word in FORM_WORDS if form in forms)
    return drawn.replace("<table", f"<div class=ri-time aria-hidden=true><ul class=k>{key}</ul></div>\n<table", 1)


def _draw_table(forms: set[str], table: re.Match[str]) -> str:
    try:
        until = date.fromisoformat(table[1])
        return _CELL.sub(lambda cell: f"<td class=y>{_strip(cell[1], until, forms)}", table[0])
    except ValueError:
        return table[0]


def _strip(text: str, until: date, forms: set[str]) -> str:
    marks: dict[str, str] = {}
    counts: list[str] = []
    for reason in text.split("; "):
        label, *days = re.split(r" (?=\d)", reason)
        form = form_of(label)
        counts.append(f"{len(days)} × {label}")
        marks[form] = marks.get(form, "") + "".join(f"M{_place(day, until)} {_MARKS[form]}" for day in days)
    forms.update(marks)
    paths = "".join(f'<path class={form} d="{marks[form]}"/>' for form in reversed(_MARKS) if form in marks)
    picture = f'<svg viewBox="0 0 {DAYS} 12" preserveAspectRatio=none role=img>'
    return f"{picture}<title>{', '.join(counts)}</title>{paths}</svg>"


def _place(day: str, until: date) -> int:
    """The day's number in the year; of the last day 364."""
    for year in (until.year, until.year - 1):
        with suppress(ValueError):  # the 29th of February
            found = date.fromisoformat(f"{year:04}-{day}")
            if found <= until:
                return DAYS - 1 - (until - found).days
    raise ValueError(f"no such day: {day}")
