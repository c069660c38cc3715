"""Plans what `--push` writes to Docker Hub, and finds texts of other authors that this would replace.

A pushed text ends with a line whose link contains checksums of the text and of the short description. If the checksums
match the texts on Docker Hub, nobody has changed these since, and they may be replaced.
"""

from __future__ import annotations

import hashlib
import re
from difflib import unified_diff

import msgspec

from collector.describe.descriptions import Description
from collector.describe.length_limit import MAX_BYTES, LimitedDescription, limit_length
from collector.describe.markdown_templates import render

_MADE = re.compile(r"[?&]made=([0-9a-f]{16})(?:-([0-9a-f]{8}))?\b")
_CONTEXT = 2
"""The number of lines that are shown around a change."""


class Texts(msgspec.Struct, frozen=True, kw_only=True):
    """A repository's descriptions."""

    short: str
    full: str


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """The texts that differ and have to be written; None for a text that stays."""

    short: str | None
    full: str | None
    loses: tuple[str, ...]
    """The texts of other authors that would be replaced."""
    difference: tuple[str, ...]
    """The difference, as `diff -u` shows it."""


def texts_to_push(description: Description, page: str) -> tuple[Texts, LimitedDescription]:
    """The texts to push, within the limits including their last line. `page`: the destination of the link in that
    line.
    """
    room = len(_line(page, "", "short").encode()) + len("\n\n\n")
    fitted = limit_length(description, limit=MAX_BYTES - room)
    text = _normalized(fitted.text)
    return Texts(short=fitted.short, full=f"{text}\n\n{_line(page, text, fitted.short)}\n"), fitted


def plan(there: Texts, wanted: Texts) -> Plan:
    """The texts to write so that `there` becomes `wanted`. Without a new short description, the old one stays."""
    own = _MADE.search(_normalized(there.full).rpartition("\n")[2])
    full = wanted.full if _normalized(wanted.full) != _normalized(there.full) else None
    short = wanted.short if wanted.short and _normalized(wanted.short) != _normalized(there.short) else None
    loses = []
    if full is not None and _normalized(there.full) and not (own and own[1] == _sum(_above(there.full), 16)):
        loses.append("description")
    if short is not None and _normalized(there.short) and not (own and own[2] == _sum(_normalized(there.short), 8)):
        loses.append("short description")
    difference = [
        *(_difference("short description", there.short, short) if short is not None else ()),
        *(_difference("description", there.full, full) if full is not None else ()),
    ]
    return Plan(short=short, full=full, loses=tuple(loses), difference=tuple(difference))


def _difference(name: str, before: str, after: str) -> list[str]:
    lines = unified_diff(
        _normalized(before).splitlines(),
        _normalized(after).splitlines(),
        f"{name} on Docker Hub",
        f"{name} to be written",
        lineterm="",
        n=_CONTEXT,
    )
    return list(lines)


def _line(page: str, text: str, short: str) -> str:
    made = _sum(text, 16) + (f"-{_sum(short, 8)}" if short else "")
    return render("made", page=page, made=made)


def _above(full: str) -> str:
    """The text without its last line."""
    return _normalized(_normalized(full).rpartition("\n")[0])


def _sum(text: str, digits: int) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:digits]


def _normalized(text: str) -> str:
    """The form in which texts are compared: Docker Hub may change line ends and the white space around a text."""
    return text.replace("\r\n", "\n").strip()
