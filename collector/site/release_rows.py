"""Tables of releases: each row gets an address and a label in the form of its cause, and the rows of its states are
folded away below it. Between the rows of a long list stand the months.

In the Markdown the row of a release begins with a link to itself, then what it is about in bold, and the rows of its
states with an arrow. comrak and the templates put none of these before text from images.
"""

from __future__ import annotations

import re
from datetime import date

from collector.site.timeline_picture import form_of

_MARK = '<tr><td><a href="#r-'
_TABLE = re.compile(r"<table>.*?</table>", re.DOTALL)
_RELEASE = re.compile(
    r'<tr><td><a href="#(r-[0-9a-f]+(?:-\d+)?)">((\d{4}-\d\d)[\d :-]+)</a><td><strong>([a-z\d ]+)</strong>'
)
_STATE = "<tr><td>↳ "
_STATES = re.compile(rf"(?:{_STATE}[^<]*(?:<(?!tr[ >]|/table>)[^<]*)*)+")
_MIN_ROWS = 12
"""Shorter lists have no headings of months."""


def with_states_folded(html: str) -> str:
    """The same page, where it has such tables."""
    return _TABLE.sub(_fold_table, html) if _MARK in html else html


def _fold_table(table: re.Match[str]) -> str:
    rows = table[0]
    if _MARK not in rows:
        return rows
    columns = rows.partition("<tbody>")[0].count("<th>")
    months = columns if rows.count(_MARK) >= _MIN_ROWS else 0
    return _STATES.sub(lambda states: _fold(states[0], columns), _with_labels(rows, months))


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


def _fold(rows: str, columns: int) -> str:
    bare = rows.replace(_STATE, "<tr><td>").replace("<td><td>", "<td>")
    return (
        f"<tr class=s><td colspan={columns}><details><summary>{rows.count(_STATE)} states</summary><table>"
        f"<thead><tr><th>When (UTC)<th>Platforms<th>Digest<tbody>{bare}</table></details>"
    )
