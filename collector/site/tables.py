"""Tables without the tags that are optional in HTML (Living Standard, 13.1.2.4).

comrak always writes the tags of a table in the same order and on lines of their own, and escapes every < in text.
"""

from __future__ import annotations

from collector.site.release_rows import with_states_folded

_START = "<table>\n<thead>\n<tr>\n"
_END_OF_HEAD = "</tr>\n</thead>\n"
_START_OF_ROWS, _END_OF_ROWS = "<tbody>\n<tr>\n", "</td>\n</tr>\n</tbody>\n"
_BETWEEN_ROWS = "</td>\n</tr>\n<tr>\n"


def with_short_tables(html: str) -> str:
    """The same page with shorter tables; in tables of releases, states are folded away."""
    above, *tables = html.split(_START)
    return "".join([above, *map(_short, tables)]) if tables else html


def _short(html: str) -> str:
    """`html`: a table after its start, with what follows the table."""
    table, end, below = html.partition("</table>")
    head, _, rows = table.partition(_END_OF_HEAD)
    head = head.replace("</th>\n", "")
    if rows:
        rows = rows.removeprefix(_START_OF_ROWS).removesuffix(_END_OF_ROWS)
        rows = rows.replace(_BETWEEN_ROWS, "<tr>").replace("</td>\n", "")
        rows = f"<tbody>{with_states_folded(f'<tr>{rows}', columns=head.count('<th'))}"
    return f"<table><thead><tr>{head}{rows}{end}{below}"
