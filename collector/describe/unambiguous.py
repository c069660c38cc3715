r"""Rewrites Markdown that parsers read differently.

cmark and comrak, the engines of GitHub and GitLab, read some texts differently from markdown-it: what one takes for
code, the other takes for HTML. Such texts are rare and never intended. They are rewritten so that all parsers read them
alike.

- Indented code directly after another block, or anything after the definition of a link: a blank line is inserted.
- Lines of only white space become empty.
- `[label]:` at the start of a paragraph, where it defines nothing: its colon becomes `&#58;`.
- Backticks that begin no code span become `\``, because they confuse cmark about later backticks.
- A tag at the start of a line within a code span: its `<` becomes `&lt;`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from markdown_it.token import Token

from collector.describe.inline import ESCAPED, LABEL_END, end_of_code
from collector.describe.markdown_structure import Range, Structure, parse

_MARK = re.compile(rf"{ESCAPED}|`+")
_LABEL = re.compile(r"\[(?:[^\[\]\\]|\\.)*\]:", re.DOTALL)
_LABEL_END = re.compile(LABEL_END)
_TAG_AT_START = re.compile(r"(\n[ \t>]*)<")


def unambiguous(text: str) -> str:
    """The text in a form that all parsers read alike."""
    structure = parse(text)
    lines = structure.lines
    pieces: dict[Range, list[Token]] = {}
    for piece, token in structure.iter_inline():
        pieces.setdefault(piece, []).append(token)
    for (start, end), tokens in pieces.items():
        lines[start:end] = _one_reading("\n".join(lines[start:end]), tokens).split("\n")
    for line in set(range(len(lines))) - _in_code(structure):
        lines[line] = lines[line].strip(" \t") and lines[line]
    for line in sorted(_missing_blank_lines(structure), reverse=True):
        if 0 < line < len(lines) and lines[line] and lines[line - 1]:
            lines.insert(line, "")
    return "\n".join(lines)


def _in_code(structure: Structure) -> set[int]:
    """The lines of blocks of code."""
    blocks = (token.map for token in structure.tokens if token.type in {"fence", "code_block"} and token.map)
    return {line for start, end in blocks for line in range(start, end)}


def _missing_blank_lines(structure: Structure) -> set[int]:
    """Lines that another parser might join to the previous line: indented code, and text after a definition."""
    definitions = {reference.lines for reference in structure.references}
    behind = {end for _, end in definitions} - {start for start, _ in definitions}
    for before, token in pairwise(structure.tokens):
        # Code at the start of a list item is on the line of its mark or below it, where a blank line would end the
        # item.
        if token.type == "code_block" and token.map and before.type != "list_item_open":
            behind.add(token.map[0])
    return behind


def _one_reading(chunk: str, tokens: Sequence[Token]) -> str:
    """Rewrite running text, or a row of a table with its cells; the number of lines stays the same."""
    if len(tokens) == 1 and _LABEL.match(tokens[0].content):
        chunk = _LABEL_END.sub(r"\1]&#58;", chunk, count=1)
    if "`" not in chunk or ("<" not in chunk and "](" not in chunk):
        return chunk
    if len(tokens) > 1:
        # A code span ends with its cell.
        is_clear = all(_with_escapes(token.content) == token.content for token in tokens)
        return chunk if is_clear else chunk.replace("`", "&#96;")
    return _with_escapes(chunk)


def _with_escapes(text: str) -> str:
    """The text with escapes for backticks that begin no code span, and for tags at the start of a line inside one."""
    out = []
    position = 0
    while mark := _MARK.search(text, position):
        out.append(text[position : mark.start()])
        end = mark.end() if mark[0][0] == "\\" else end_of_code(text, mark)
        if end is None:
            out.append("\\`" * len(mark[0]))
        else:
            out.append(_TAG_AT_START.sub(r"\1&lt;", text[mark.start() : end]))
        position = end or mark.end()
    return "".join([*out, text[position:]])
