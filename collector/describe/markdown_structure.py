"""The structure of Markdown, by markdown-it: the lines of code, HTML, links and tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache, lru_cache
from typing import Any

import msgspec
from markdown_it import MarkdownIt
from markdown_it.token import Token

from collector.errors import InvalidValue

Range = tuple[int, int]
"""The first line, and the line after the last."""

_LINE_END = re.compile(r"\r\n?")
_MAX_DEPTH = 100
_MAX_PASSES = 20
"""A change may give the text a new structure: without `<b>`, `<<b>b>` is a tag."""
_MAX_TICKS = 80
"""The maximum around a code span. cmark and comrak have this limit; other parsers have none."""


class Reference(msgspec.Struct, frozen=True, kw_only=True):
    """The definition of a link: `[label]: destination "title"`."""

    label: str
    """In the normalised form in which labels are compared."""
    destination: str
    title: str
    lines: Range


class Structure(msgspec.Struct, frozen=True, kw_only=True):
    """A text and its tokens."""

    text: str
    """Ends with a line feed."""
    tokens: list[Token]
    references: tuple[Reference, ...]
    """The first definition of a label counts."""

    @property
    def lines(self) -> list[str]:
        """A new list of the lines without their ends."""
        return self.text.split("\n")[:-1]

    def iter_inline(self) -> Iterator[tuple[Range, Token]]:
        """Each piece of running text with its lines; the cells of a table's row have the same."""
        for token in self.tokens:
            if token.type == "inline" and token.map:
                yield (token.map[0], token.map[1]), token


@lru_cache(maxsize=4)
def parse(text: str) -> Structure:
    """The structure of a text.

    Raises:
        InvalidValue: its lists and quotes are nested too deeply.
    """
    text = _LINE_END.sub("\n", text).replace("\0", "\ufffd")
    text = text if text.endswith("\n") else f"{text}\n"
    environment: dict[str, Any] = {}
    tokens = _parser().parse(text, environment)
    if any(token.level >= _MAX_DEPTH - 1 for token in tokens):
        raise InvalidValue(f"lists and quotes are nested deeper than {_MAX_DEPTH} levels")
    if any("`" * (_MAX_TICKS + 1) in token.content for token in tokens if token.type == "inline"):
        raise InvalidValue(f"more than {_MAX_TICKS} backticks in a row")
    found = [*environment.get("references", {}).items()]
    found += [(one["label"], one) for one in environment.get("duplicate_refs", ())]
    references = tuple(
        Reference(label=label, destination=one["href"], title=one["title"], lines=(one["map"][0], one["map"][1]))
        for label, one in found
    )
    return Structure(text=text, tokens=tokens, references=references)


def rewrite(
    text: str,
    find: Callable[[Structure], Iterable[tuple[Range, bool]]],
    change: Callable[[str, bool], str],
    *,
    problem: str,
) -> str:
    """Change parts of a text until none is found.

    Args:
        text: Markdown.
        find: yields the lines of each part, and its kind.
        change: gets the lines and the kind of a part, and returns its new lines.
        problem: what is wrong if there is no end.

    Raises:
        InvalidValue: there are still parts after many passes, or lists and quotes are nested too deeply.
    """
    for _ in range(_MAX_PASSES):
        structure = parse(text)
        found = dict(find(structure))
        if not found:
            return text
        lines = structure.lines
        for (start, end), kind in sorted(found.items(), reverse=True):
            lines[start:end] = change("\n".join(lines[start:end]), kind).split("\n")
        text = "\n".join(lines)
    raise InvalidValue(problem)


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"maxNesting": _MAX_DEPTH, "store_labels": True}).enable("table")
    # Other parsers accept links that markdown-it refuses.
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    return parser
