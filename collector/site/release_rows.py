"""Tables of releases: each row gets an address and a label in the form of its cause, and the rows of its states are
folded away below it. Between the rows of a long list stand the months.

In the Markdown the row of a release begins with a link to itself, then what it is about in bold, and the rows of its
states with an arrow. comrak and the templates put none of these before text from images.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby

from collector.site.timeline_picture import form_of

_MARK = '<tr><td><a href="#r-'
_RELEASE = re.compile(
    r'<tr><td><a href="#(r-[0-9a-f]+(?:-\d+)?)">((\d{4}-\d\d)[\d :-]+)</a><td><strong>([a-z\d ]+)</strong>'
)
_STATE = "><td>↳ "
"""The beginning of the row of a state, after `<tr`."""
_MIN_ROWS = 12
"""Shorter lists have no headings of months."""


def with_states_folded(html: str) -> str:
    """The same page, where it has such tables."""
    if _MARK not in html:
        return html
    above, *tables = html.split("<table>")
    return "<table>".join([above, *map(_fold_table, tables)])


def _fold_table(html: str) -> str:
    """`html`: a table after its start tag, with what follows the table."""
    if _MARK not in html:
        return html
    table, end, below = html.partition("</table>")
    columns = table.partition("<tbody>")[0].count("<th>")
    months = columns if table.count(_MARK) >= _MIN_ROWS else 0
    head, *rows = _with_labels(table, months).split("<tr")
    return "".join([head, *_iter_folded(rows, columns), end, below])


def _iter_folded(rows: Sequence[str], columns: int) -> Iterator[str]:
    """`rows`: each after its `<tr`."""
    for are_states, run in groupby(rows, lambda row: row.startswith(_STATE)):
        found = list(run)
        yield _fold(found, columns) if are_states else "".join(f"<tr{row}" for row in found)


def _with_labels(rows: str, months: int) -> str:
    """`months`: the columns that the heading of a month goes over; 0: there are none."""
    last = ""

    def label(row: re.Match[str]) -> str:
        nonlocal last
        anchor, when, month, word = row.groups()
        heading = f"<tr class=m><th colspan={months}>{_name(month)}" if months and month != last else ""
        last = month
        return f"{heading}<tr id={anchor}><td>{when}<td><strong class={form_of(word)}>{word}</strong>"

    return _RELEASE.sub(label, rows)


def _name(month: str) -> str:
    """`December 2017`."""
    try:
        return date.fromisoformat(f"{month}-01").strftime("%B %Y")
    except ValueError:
        return month


def _fold(states: Sequence[str], columns: int) -> str:
    bare = "".join(f"<tr><td>{state.removeprefix(_STATE)}" for state in states).replace("<td><td>", "<td>")
    return (
        f"<tr class=s><td colspan={columns}><details><summary>{len(states)} states</summary><table>"
        f"<thead><tr><th>When (UTC)<th>Platforms<th>Digest<tbody>{bare}</table></details>"
    )
