"""What a registry wants people to know: `Warning: 299 - "text"` (distribution-spec, "Warnings")."""

from __future__ import annotations

import re

from collector.registry.transport.http import Answer

_WARNING = re.compile(r'\s*299 - "((?:[^"\\]|\\.)*)"\s*(?:,|\Z)')
_MAX_HEADER = 4096


def parse_warnings(answer: Answer) -> list[str]:
    """The texts, fit to be shown. No date may follow, and more than 4 KB in all is not read."""
    texts = []
    position, header = 0, answer.header("Warning")[:_MAX_HEADER]
    while match := _WARNING.match(header, position):
        texts.append(answer.secrets.shown(re.sub(r"\\(.)", r"\1", match[1])))
        position = match.end()
    return texts
