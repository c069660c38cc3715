"""Warnings of a registry for people: `Warning: 299 - "text"` (distribution-spec, "Warnings")."""

from __future__ import annotations

import re

from collector.registry.transport.http import Answer

_WARNING = re.compile(r'\s*299 - "((?:[^"\\]|\\.)*)"\s*(?:,|\Z)')
_MAX_HEADER = 4096


def parse_warnings(answer: Answer) -> list[str]:
    """The texts, safe to show. Reading stops at a warning with a date, and after 4 KB."""
    texts = []
    position, header = 0, answer.header("Warning")[:_MAX_HEADER]
    while match := _WARNING.match(header, position):
        texts.append(answer.secrets.shown(re.sub(r"\\(.)", r"\1", match[1])))
        position = match.end()
    return texts
