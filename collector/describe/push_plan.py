"""What is to be written to Docker Hub, and whose text would be lost by it.

A text that was pushed ends with a line that has checksums of it and of the short description in the address of its
link. Where they fit what is there now, nobody has changed it since, and it may be written over.
"""

from __future__ import annotations

import hashlib
import re
from difflib import unified_diff

import msgspec

from collector.describe.descriptions import Description
from collector.describe.length_limit import LIMIT, Fitted, fit
from collector.describe.markdown_templates import render

_MADE = re.compile(r"[?&]made=([0-9a-f]{16})(?:-([0-9a-f]{8}))?\b")
_CONTEXT = 2
"""Lines around a change that are shown."""


class Texts(msgspec.Struct, frozen=True, kw_only=True):
    """A repository's descriptions."""

    short: str
    full: str


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What differs, and has to be written; None: it is what it should be."""

    short: str | None
    full: str | None
    loses: tuple[str, ...]
    """Which texts of somebody else would be lost."""
    difference: tuple[str, ...]
    """Line by line, as `diff -u` shows it."""


def signed(description: Description, page: str) -> tuple[Texts, Fitted]:
    """The texts to be pushed, which fit together with the line behind them; `page` is where its link leads."""
    room = len(_line(page, "", "short").encode()) + len("\n\n\n")
    fitted = fit(description, limit=LIMIT - room)
    text = _plain(fitted.text)
    return Texts(short=fitted.short, full=f"{text}\n\n{_line(page, text, fitted.short)}\n"), fitted


def plan(there: Texts, wanted: Texts) -> Plan:
    """How to come from what is there to what is wanted. Without a short description the one that is there stays."""
    own = _MADE.search(_plain(there.full).rpartition("\n")[2])
    full = wanted.full if _plain(wanted.full) != _plain(there.full) else None
    short = wanted.short if wanted.short and _plain(wanted.short) != _plain(there.short) else None
    loses = []
    if full is not None and _plain(there.full) and not (own and own[1] == _sum(_above(there.full), 16)):
        loses.append("description")
    if short is not None and _plain(there.short) and not (own and own[2] == _sum(_plain(there.short), 8)):
        loses.append("short description")
    difference = [
        *(_difference("short description", there.short, short) if short is not None else ()),
        *(_difference("description", there.full, full) if full is not None else ()),
    ]
    return Plan(short=short, full=full, loses=tuple(loses), difference=tuple(difference))


def _difference(name: str, before: str, after: str) -> list[str]:
    lines = unified_diff(
        _plain(before).splitlines(),
        _plain(after).splitlines(),
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
    return _plain(_plain(full).rpartition("\n")[0])


def _sum(text: str, digits: int) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:digits]


def _plain(text: str) -> str:
    """As it is compared: Docker Hub need not keep line ends and the white space around a text."""
    return text.replace("\r\n", "\n").strip()
