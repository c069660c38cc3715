"""Tables of releases: each row gets an address, and the rows of its states are folded away below it.

In the Markdown the row of a release begins with a link to itself, and the rows of its states with an arrow. In front of
what comes from images comrak and the templates put neither.
"""

from __future__ import annotations

import re

_MARK = '<tr><td><a href="#r-'
_TABLE = re.compile(r"<table>.*?</table>", re.DOTALL)
_RELEASE = re.compile(r'<tr><td><a href="#(r-[0-9a-f]+(?:-\d+)?)">([\d :-]+)</a>')
_STATE = "<tr><td>↳ "
_STATES = re.compile(rf"(?:{_STATE}[^<]*(?:<(?!tr[ >]|/table>)[^<]*)*)+")


def with_states_folded(html: str) -> str:
    """The same page, where it has such tables."""
    return _TABLE.sub(_fold_table, html) if _MARK in html else html


def _fold_table(table: re.Match[str]) -> str:
    rows = table[0]
    if _MARK not in rows:
        return rows
    columns = rows.partition("<tbody>")[0].count("<th>")
    return _STATES.sub(lambda states: _fold(states[0], columns), _RELEASE.sub(r"<tr id=\1><td>\2", rows))


def _fold(rows: str, columns: int) -> str:
    bare = rows.replace(_STATE, "<tr><td>").replace("<td><td>", "<td>")
    return (
        f"<tr class=s><td colspan={columns}><details><summary>{rows.count(_STATE)} states</summary><table>"
        f"<thead><tr><th>When (UTC)<th>Platforms<th>Digest<tbody>{bare}</table></details>"
    )
