"""Limits descriptions to the sizes that Docker Hub accepts: 25,000 bytes of Markdown, and 100 bytes for the short one.

A pushed text contains no HTML, no comments and no relative links. In a text that is too long, a link replaces the list
of tags; a text that is still too long ends at a blank line between two blocks, with a link to the full text.
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

MAX_BYTES = 25_000
"""The limit of the long text, in bytes of UTF-8."""
MAX_SHORT_BYTES = 100
"""The limit of the short description, in bytes of UTF-8."""

_MAX_PASSES = 10
MAX_READ = 4 * MAX_BYTES
"""Characters of a text that are read; the rest is far beyond the limit."""
_NEVER_LAST = frozenset({"heading_open", "hr"})
"""Blocks with which a shortened text must not end."""


class LimitedDescription(msgspec.Struct, frozen=True, kw_only=True):
    """A description within the limits."""

    text: str
    short: str
    notices: tuple[str, ...]
    """What was left out, in sentences."""


def limit_length(description: Description, limit: int = MAX_BYTES) -> LimitedDescription:
    """The description within the limits. `limit`: bytes of the long text."""
    notices = []
    text, full_url = clean_markdown(description.text, description.full_url), description.full_url
    if size := _excess(description.text, text, limit):
        notices.append(f"{size:,} bytes are too many for Docker Hub: a link replaces the list of tags")
        text = clean_markdown(description.without_tags, full_url)
        if size := _excess(description.without_tags, text, limit):
            notices.append(
                f"{size:,} bytes without it are still too many: the text ends early, with a link to {full_url}"
            )
            text = truncate(text, render("cut", full_url=full_url), limit)
    short = shorten(description.short)
    if short != " ".join(description.short.split()):
        notices.append(f"the short description is cut to {MAX_SHORT_BYTES} bytes")
    return LimitedDescription(text=text, short=short, notices=tuple(notices))


def _excess(text: str, cleaned: str, limit: int) -> int:
    """The size of a cleaned text if it is over the limit, else 0."""
    size = len((text if len(text) > MAX_READ else cleaned).encode())
    return size if size > limit else 0


def clean_markdown(text: str, full_url: str) -> str:
    """The beginning of the text, as far as it can be used, without HTML and relative links. `full_url`: its address."""
    if len(text) > MAX_READ:
        text = text[: text.rfind("\n", 0, MAX_READ) + 1] or text[:MAX_READ]
    try:
        cleaned = _cleaned(text, full_url)
    except InvalidValue:
        # No real text is like this; it is shown as a block of code.
        cleaned = markdown.fence(text[: MAX_BYTES // 4].strip("\n"))
    cleaned = cleaned.strip("\n")
    return f"{cleaned}\n" if cleaned.strip() else ""


def _cleaned(text: str, full_url: str) -> str:
    for _ in range(_MAX_PASSES):
        before = text
        # Removing HTML can create links, closing a fence can create HTML, and so on.
        text = closed_fences(absolute_links(without_html(unambiguous(text)), full_url))
        if text == before:
            return text
    raise InvalidValue("the Markdown changes its meaning at every pass")


def truncate(text: str, note: str, limit: int = MAX_BYTES) -> str:
    """The beginning of a text, up to a blank line between blocks, followed by a note; at most `limit` bytes."""
    structure = parse(text)
    lines = structure.lines
    for line in _iter_places(structure, limit):
        kept = "\n".join(lines[:line]).rstrip(" \t\n")
        pieces = [kept, note, _definitions(structure, line)]
        shorter = "\n\n".join(piece for piece in pieces if piece) + "\n"
        if len(shorter.encode()) <= limit:
            return shorter
    return f"{note}\n"


def shorten(text: str, limit: int = MAX_SHORT_BYTES) -> str:
    """One line of at most `limit` bytes, cut between words if it is too long."""
    words = " ".join(text.split())
    if len(words.encode()) <= limit:
        return words
    head = words.encode()[: limit - len("…".encode())].decode(errors="ignore")
    return f"{head.rpartition(' ')[0] or head}…"


def _iter_places(structure: Structure, limit: int) -> Iterator[int]:
    """Lines before which the text may end, in reverse order: a block or a list item begins there, after a blank line.

    The text must not end with a heading. The first place is the end of the text, if it is near enough.
    """
    lines = structure.lines
    sizes = [0, *accumulate(len(line.encode()) + 1 for line in lines)]
    places = [len(lines)]
    last = ""
    for token in structure.tokens:
        is_block = token.level == 0 and token.nesting >= 0
        if token.map and (is_block or (token.level == 1 and token.type == "list_item_open")):
            line = token.map[0]
            if line and not lines[line - 1].strip(" \t") and last not in _NEVER_LAST:
                places.append(line)
        last = token.type if is_block else last
    return (line for line in sorted(set(places), reverse=True) if sizes[line] <= limit)


def _definitions(structure: Structure, line: int) -> str:
    """The definitions after this line of links that occur before it."""
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
