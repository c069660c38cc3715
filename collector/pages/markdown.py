"""Values into Markdown, as data: whatever an archive holds, it comes out as the text that it is.

The pages are CommonMark with tables, rendered with raw HTML off. Text is escaped with backslashes; code
is fenced with more backticks than it holds; characters that change what the reader sees without being
seen (controls, bidirectional overrides, zero widths) are written as `⟨U+202E⟩`.
"""

from __future__ import annotations

import re

_SPECIAL = re.compile(
    r"([\\`*\[\]<>|~&$]"
    r"|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])"  # within a word it is plain
    r"|(?<= )#(?=#*\Z)"  # at the end of a heading it would be dropped
    r"|:(?=//)|(?<=\bwww)\.)"  # what GitHub makes links of
)
_AT_START = re.compile(r"[-+=#]|\d+[.)](?=\s|\Z)")
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
_BLANK = re.compile(r"\s+")
_TICKS = re.compile(r"`+")
_MAX_TICKS = 80
"""Backticks around a code span; more of them are no code span to cmark and comrak, and what is between is Markdown."""
_TABS = re.compile(r" ?\t[\t ]*")
_PLAIN = re.compile(r"[A-Za-z0-9 ,/]*\Z")


def visible(text: str) -> str:
    """Characters that cannot be seen, made visible. Tabs and line feeds stay."""
    return _UNSEEN.sub(lambda match: f"⟨U+{ord(match[0]):04X}⟩", text)


def _line(value: str) -> str:
    """On one line, each run of white space as one space; what cannot be seen made visible."""
    if value.isascii() and value.isprintable():  # nearly always; and then only spaces are left to see to
        return value if "  " not in value and value == value.strip() else _BLANK.sub(" ", value).strip()
    return _BLANK.sub(" ", visible(value)).strip()


def text(value: object) -> str:
    """Text on one line, that means nothing to Markdown."""
    words = _line(str(value))
    if _PLAIN.match(words):
        return words
    escaped = _SPECIAL.sub(r"\\\1", words)
    start = _AT_START.match(escaped)
    return f"{escaped[: start.end() - 1]}\\{escaped[start.end() - 1 :]}" if start else escaped


def code(value: object) -> str:
    """A code span on one line, or text where no code span can hold it. In a table, use `cell_code`."""
    words = _line(str(value))
    if "`" not in words:
        return f"`{words}`" if words else "(empty)"
    ticks = max(map(len, _TICKS.findall(words))) + 1
    return f"{'`' * ticks} {words} {'`' * ticks}" if ticks <= _MAX_TICKS else text(value)


def cell_code(value: object) -> str:
    """A code span in a table's cell, where a bar ends the cell unless it is escaped."""
    words = code(value)
    return text(value) if "\\|" in words else words.replace("|", "\\|")


def fence(value: str, language: str = "", indent: str = "") -> str:
    """A block of code with its fences, each line after `indent`."""
    shown = visible(value)
    ticks = max([2, *map(len, _TICKS.findall(shown))]) + 1
    lines = [f"{'`' * ticks}{language}", *shown.split("\n"), "`" * ticks]
    return "\n".join(f"{indent}{line}" if line else "" for line in lines)


def instruction(value: str) -> str:
    """A step as people write it in a Dockerfile: where the history has tabs for line breaks, break the line."""
    return _TABS.sub("\n\t", value)


def link(words: str, target: str) -> str:
    """A link; `words` is Markdown already, `target` an address that `Links` made."""
    return f"[{words}]({target})"
