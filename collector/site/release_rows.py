"""Tables of releases: each row gets an address and a label in the form of its cause, and the rows of its states are
folded away below it. Between the rows of a long list stand the months.

In the Markdown the row of a release begins with a link to itself, then what it is about in bold, and the rows of its
states with an arrow. comrak and the templates put none of these before text from images.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache

from collector.site.timeline_picture import form_of

_ROW = '<tr><td><a href="#r-'
"""The beginning of the row of a release."""
_RELEASE = re.compile(r'([0-9a-f]+(?:-\d+)?)">((\d{4}-\d\d)[\d :-]+)</a><td><strong>([a-z\d ]+)</strong>')
"""What follows the beginning."""
_STATE = "<tr><td>↳ "
"""The beginning of the row of a state."""
_MIN_ROWS = 12
"""Shorter lists have no headings of months."""


def with_states_folded(rows: str, columns: int) -> str:
    """The same rows of a table, if they are those of releases. `columns`: of the table."""
    above, *releases = rows.split(_ROW)
    if above or not releases:
        return rows
    return "".join(_iter_rows(releases, columns))


def _iter_rows(releases: Sequence[str], columns: int) -> Iterator[str]:
    """`releases`: each after the beginning of its row, with the rows of its states."""
    last = ""
    for release in releases:
        row, *states = release.split(_STATE)
        if found := _RELEASE.match(row):
            anchor, when, month, word = found.groups()
            if month != last and len(releases) >= _MIN_ROWS:
                yield f"<tr class=m><th colspan={columns}>{_name(month)}"
            last = month
            yield f"<tr id=r-{anchor}><td>{when}<td><strong class={form_of(word)}>{word}</strong>{row[found.end() :]}"
        else:
            yield f"{_ROW}{row}"
        if states:
            yield _fold(states, columns)


@lru_cache(1024)
def _name(month: str) -> str:
    """`December 2017`."""
    try:
        return date.fromisoformat(f"{month}-01").strftime("%B %Y")
    except ValueError:
        return month


def _fold(states: Sequence[str], columns: int) -> str:
    """`states`: each after the beginning of its row."""
    bare = "<tr><td>".join(["", *states]).replace("<td><td>", "<td>")
    return (
        f"<tr class=s><td colspan={columns}><details><summary>{len(states)} states</summary><table>"
        f"<thead><tr><th>When (UTC)<th>Platforms<th>Digest<tbody>{bare}</table></details>"
    )
