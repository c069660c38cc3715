"""Splits a Dockerfile into instructions.

Sources: docs.docker.com/reference/dockerfile, "Format", "Parser directives", "Escape" and "Here-documents"; BuildKit,
frontend/dockerfile/parser/parser.go.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_DIRECTIVE = re.compile(r"#\s*([A-Za-z][A-Za-z0-9]*)\s*=\s*(.+?)\s*\Z")
_DIRECTIVES = frozenset({"syntax", "escape", "check"})
_SHELL_WORD = re.compile(r"""(?:[^\s"'\\]|\\.|"(?:\\.|[^"\\])*"|'[^']*')+""", re.DOTALL)
_HEREDOC = re.compile(r"[0-9]*<<(-?)([^<]+)\Z")
_WITH_HEREDOCS = frozenset({"RUN", "COPY", "ADD"})


class Instruction(msgspec.Struct, frozen=True, kw_only=True):
    """One instruction, with its lines joined."""

    name: str
    """The name, in capitals."""
    text: str
    """The text after the name."""
    line: int
    """The line of the name; the first line is 1."""
    offsets: tuple[int, ...]
    """The place in the file of each character of `text`."""

    def span(self, start: int, end: int) -> tuple[int, int] | None:
        """The place in the file of a part of `text`; None if it is empty, or split over lines."""
        if start >= end:
            return None
        first, last = self.offsets[start], self.offsets[end - 1] + 1
        return (first, last) if last - first == end - start else None


class _Line(msgspec.Struct, frozen=True):
    text: str
    """The line without its end."""
    number: int
    offset: int


def iter_instructions(text: str) -> Iterator[Instruction]:
    """The instructions of a Dockerfile, in order. Contents of here-documents and comments are left out."""
    lines = iter(_lines_of(text))
    escape = _escape_of(text)
    # An escape that is itself escaped continues nothing.
    continued = re.compile(rf"(|.*[^{re.escape(escape)}]){re.escape(escape)}[ \t]*\Z", re.DOTALL)
    for line in lines:
        if _is_blank(line.text):
            continue
        instruction = _join(line, lines, continued)
        yield instruction
        for is_indented, name in _heredocs_of(instruction):
            _skip_heredoc(lines, name, is_indented=is_indented)


def _lines_of(text: str) -> Iterator[_Line]:
    start = 1 if text.startswith("\ufeff") else 0
    for number, match in enumerate(_LINE.finditer(text, start), 1):
        yield _Line(match[0].removesuffix("\n").removesuffix("\r"), number, match.start())


def _escape_of(text: str) -> str:
    """The character that continues a line: a directive at the very top may set another one."""
    for line in _lines_of(text):
        directive = _DIRECTIVE.match(line.text.strip())
        if not directive or directive[1].lower() not in _DIRECTIVES:
            break
        if directive[1].lower() == "escape" and directive[2] == "`":
            return "`"
    return "\\"


def _is_blank(text: str) -> bool:
    """Whether a line is empty, or a comment."""
    bare = text.lstrip(" \t")
    return not bare.strip() or bare.startswith("#")


def _join(first: _Line, lines: Iterator[_Line], continued: re.Pattern[str]) -> Instruction:
    """An instruction from its first line on, with the lines that continue it."""
    characters: list[str] = []
    offsets: list[int] = []
    line: _Line | None = first
    while line is not None:
        match = continued.match(line.text)
        content = match[1] if match else line.text
        characters.append(content)
        offsets.extend(range(line.offset, line.offset + len(content)))
        line = next((one for one in lines if not _is_blank(one.text)), None) if match else None
    joined = "".join(characters)
    start = len(joined) - len(joined.lstrip())
    name = re.match(r"\S*", joined[start:])
    end = start + (len(name[0]) if name else 0)
    return Instruction(
        name=joined[start:end].upper(), text=joined[end:], line=first.number, offsets=tuple(offsets[end:])
    )


def _heredocs_of(instruction: Instruction) -> list[tuple[bool, str]]:
    """The here-documents that follow: whether tabs before the end mark count as nothing, and the end mark."""
    name, text = instruction.name, instruction.text
    if name == "ONBUILD":
        name, _, text = text.strip().partition(" ")
    if name.upper() not in _WITH_HEREDOCS:
        return []
    words = (_HEREDOC.match(word[0]) for word in _SHELL_WORD.finditer(text))
    return [(bool(word[1]), re.sub(r"[\"'\\]", "", word[2])) for word in words if word]


def _skip_heredoc(lines: Iterator[_Line], name: str, *, is_indented: bool) -> None:
    for line in lines:
        if (line.text.lstrip("\t") if is_indented else line.text) == name:
            return
