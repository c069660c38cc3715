"""Closes fences of blocks of code, so that text after a description does not become part of them."""

from __future__ import annotations

import re

from markdown_it.token import Token

from collector.describe.markdown_structure import parse
from collector.errors import InvalidValue

_MAX_PASSES = 5


def closed_fences(text: str) -> str:
    """The text with a closing fence for each block of code that has none.

    Raises:
        InvalidValue: a block cannot be closed.
    """
    for _ in range(_MAX_PASSES):
        structure = parse(text)
        unclosed = [token for token in structure.tokens if token.type == "fence" and not _is_closed(token)]
        if not unclosed:
            return text
        lines = structure.lines
        for token in reversed(unclosed):
            start, end = token.map or (0, 0)
            head = lines[start].partition(token.markup)[0]
            # In a list, the number or bullet before the opening fence becomes white space before the closing fence.
            lines.insert(end, re.sub(r"[^>\t ]", " ", head) + token.markup)
        text = "\n".join(lines)
    raise InvalidValue("a block of code that cannot be closed")


def _is_closed(token: Token) -> bool:
    start, end = token.map or (0, 0)
    return end - start == token.content.count("\n") + 2
