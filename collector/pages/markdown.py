"""Values as Markdown, so that a page shows any text from an archive as text.

The pages are CommonMark with tables, rendered with raw HTML off. Text is escaped with backslashes; code
is fenced with more backticks than it contains; invisible characters are written as `⟨U+202E⟩`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from collector.model.invisible import show_invisible

# First the characters, which a search finds fast; then where they are special.
_SPECIAL = re.compile(
    r"[\\`*\[\]<>|~&$_#:.]"
    r"(?:(?<=[\\`*\[\]<>|~&$])"
    r"|(?<=_)(?:(?<![A-Za-z0-9]_)|(?![A-Za-z0-9]))"  # plain inside a word
    r"|(?<= #)(?=#*\Z)"  # would be dropped at the end of a heading
    r"|(?<=:)(?=//)|(?<=www\.))"  # GitHub makes links of these
)
_RUN = re.compile(r"[A-Za-z0-9.+_@-]+")
_ADDRESS = re.compile(r"[^@]@.*\.")
_AT_START = re.compile(r"[-+=#]|\d+[.)](?=\s|\Z)")
_BLANK = re.compile(r"\s+")
_TICKS = re.compile(r"`+")
_MAX_TICKS = 80
"""The maximum of backticks around a code span. cmark and comrak read longer runs as text, and the code as Markdown."""
_LINE_START = re.compile(r"\n(?!\n)")
"""Of each line that is not empty, except the first."""
_TABS = re.compile(r" ?\t[\t ]*")
_PLAIN = re.compile(r"[A-Za-z0-9 ,/]*\Z")


def _line(value: str) -> str:
    """A text on one line, with one space for each run of white space and visible forms of invisible characters."""
    if value.isascii() and value.isprintable():  # the usual case: only spaces may need a change
        return value if "  " not in value and value == value.strip() else _BLANK.sub(" ", value).strip()
    return _BLANK.sub(" ", show_invisible(value)).strip()


def text(value: object) -> str:
    """Text on one line, without any markup."""
    return _text(str(value))


@lru_cache(maxsize=8_192)
def _text(value: str) -> str:
    """Versions, licences and names are on many pages."""
    words = _line(value)
    if _PLAIN.match(words):
        return words
    escaped = "".join(_iter_escaped(words)) if "@" in words else _escape(words)
    start = _AT_START.match(escaped)
    return f"{escaped[: start.end() - 1]}\\{escaped[start.end() - 1 :]}" if start else escaped


def _escape(words: str) -> str:
    return _SPECIAL.sub(lambda special: f"\\{special[0]}", words)


def _iter_escaped(words: str) -> Iterator[str]:
    """The words; e-mail addresses as code, because GitHub makes links of them even if each character is escaped."""
    end = 0
    for run in _RUN.finditer(words):
        if _ADDRESS.search(run[0]):
            yield from (_escape(words[end : run.start()]), f"`{run[0]}`")
            end = run.end()
    yield _escape(words[end:])


def code(value: object) -> str:
    """A code span on one line, or text if a code span is impossible. In a table, use `cell_code`."""
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
    shown = show_invisible(value)
    ticks = "`" * (max([2, *map(len, _TICKS.findall(shown))]) + 1) if "`" in shown else "```"
    block = f"{indent}{ticks}{language}\n{shown}\n{ticks}"
    return _LINE_START.sub(f"\n{indent}", block) if indent else block


def instruction(value: str) -> str:
    """A step as written in a Dockerfile, with line breaks instead of the history's tabs."""
    return _TABS.sub("\n\t", value) if "\t" in value else value


def link(words: str, target: str) -> str:
    """A link. `words` is Markdown, `target` an address from `Links`."""
    return f"[{words}]({target})"
