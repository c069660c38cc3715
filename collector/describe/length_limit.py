"""Descriptions within the limits of Docker Hub: 25,000 bytes of Markdown, and 100 for the short one.

What is pushed has no HTML, no comments and no relative links. A text that is too long loses the list of its tags to a
link; one that is still too long is cut where a block ends at a blank line, and says where the whole is.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate

import msgspec
from markdown_it.token import Token

from collector.describe.descriptions import Description
from collector.describe.fences import closed_fences
from collector.describe.html import without_html
from collector.describe.links import absolute_links
from collector.describe.markdown_structure import Structure, parse
from collector.describe.markdown_templates import render
from collector.describe.unambiguous import unambiguous
from collector.errors import InvalidValue
from collector.pages import markdown

LIMIT = 25_000
"""Bytes of the long text, in UTF-8."""
SHORT_LIMIT = 100
"""Bytes of the short one."""

_MAX_PASSES = 10
MAX_READ = 4 * LIMIT
"""Characters of a text that are looked at; the rest is far behind where it is cut."""
_BEFORE = frozenset({"heading_open", "hr"})
"""Blocks behind which a text should not end."""


class Fitted(msgspec.Struct, frozen=True, kw_only=True):
    """A description as it can be pushed."""

    text: str
    short: str
    notices: tuple[str, ...]
    """What was left out, in words."""


def fit(description: Description, limit: int = LIMIT) -> Fitted:
    """The description within the limits; `limit` are the bytes of the long text."""
    notices = []
    text, whole = plain(description.text, description.whole), description.whole
    if size := _excess(description.text, text, limit):
        notices.append(f"{size:,} bytes are too many for Docker Hub: a link stands for the list of tags")
        text = plain(description.brief, whole)
        if size := _excess(description.brief, text, limit):
            notices.append(f"{size:,} bytes without it are still too many: the text ends early, with a link to {whole}")
            text = cut(text, render("cut", whole=whole), limit)
    short = shorten(description.short)
    if short != " ".join(description.short.split()):
        notices.append(f"the short description is cut to {SHORT_LIMIT} bytes")
    return Fitted(text=text, short=short, notices=tuple(notices))


def _excess(text: str, made: str, limit: int) -> int:
    """Bytes of what was made of a text where that is too much; 0 where it is not."""
    size = len((text if len(text) > MAX_READ else made).encode())
    return size if size > limit else 0


def plain(text: str, whole: str) -> str:
    """The text, or as much of its beginning as can matter, as Docker Hub can show it; `whole` is its own address."""
    if len(text) > MAX_READ:
        text = text[: text.rfind("\n", 0, MAX_READ) + 1] or text[:MAX_READ]
    try:
        cleaned = _plain(text, whole)
    except InvalidValue:
        # Nothing that a person would write: shown as it is, which needs no understanding.
        cleaned = markdown.fence(text[: LIMIT // 4].strip("\n"))
    cleaned = cleaned.strip("\n")
    return f"{cleaned}\n" if cleaned.strip() else ""


def _plain(text: str, whole: str) -> str:
    for _ in range(_MAX_PASSES):
        before = text
        # Without HTML there may be links that were none before, and the like.
        text = closed_fences(absolute_links(without_html(unambiguous(text)), whole))
        if text == before:
            return text
    raise InvalidValue("Markdown that changes its meaning again and again")


def cut(text: str, note: str, limit: int = LIMIT) -> str:
    """The beginning of a text, up to a blank line between blocks, with a note behind it; at most `limit` bytes."""
    structure = parse(text)
    lines = structure.lines
    for line in _iter_places(structure, limit):
        kept = "\n".join(lines[:line]).rstrip(" \t\n")
        pieces = [kept, note, _definitions(structure, line)]
        shorter = "\n\n".join(piece for piece in pieces if piece) + "\n"
        if len(shorter.encode()) <= limit:
            return shorter
    return f"{note}\n"


def shorten(text: str, limit: int = SHORT_LIMIT) -> str:
    """One line of at most `limit` bytes, cut between words where it is too long."""
    words = " ".join(text.split())
    if len(words.encode()) <= limit:
        return words
    head = words.encode()[: limit - len("…".encode())].decode(errors="ignore")
    return f"{head.rpartition(' ')[0] or head}…"


def _iter_places(structure: Structure, limit: int) -> Iterator[int]:
    """Lines before which the text may end, the last first: behind a blank line, a block or an item of a list begins.

    Not behind a heading, which would have nothing below it. The first is the end, where that is not too far.
    """
    lines = structure.lines
    sizes = [0, *accumulate(len(line.encode()) + 1 for line in lines)]
    places = [len(lines)]
    last = ""
    for token in structure.tokens:
        is_block = token.level == 0 and token.nesting >= 0
        if token.map and (is_block or (token.level == 1 and token.type == "list_item_open")):
            line = token.map[0]
            if line and not lines[line - 1].strip(" \t") and last not in _BEFORE:
                places.append(line)
        last = token.type if is_block else last
    return (line for line in sorted(set(places), reverse=True) if sizes[line] <= limit)


def _definitions(structure: Structure, line: int) -> str:
    """The definitions of those links before this line that are defined behind it."""
    used = {label for (start, _), token in structure.iter_inline() if start < line for label in _labels(token)}
    return "\n".join(
        f"[{reference.label}]: <{reference.destination}>"
        for reference in structure.references
        if reference.lines[0] >= line and reference.label in used
    )


def _labels(token: Token) -> Iterator[str]:
    for child in token.children or ():
        if "label" in child.meta:
            yield child.meta["label"]
        yield from _labels(child)
