"""What a registry wants people to know: `Warning: 299 - "text"` (distribution-spec, "Warnings")."""

from __future__ import annotations

import re

from collector.registry.transport.redaction import shown_text

_WARNING = re.compile(r'\s*299 - "((?:[^"\\]|\\.)*)"\s*(?:,|\Z)')
_MAX_HEADER = 4096


def parse_warnings(header: str) -> list[str]:
    """The texts, fit to be shown. No date may follow, and more than 4 KB in all is not read."""
    texts = []
    position, header = 0, header[:_MAX_HEADER]
    while match := _WARNING.match(header, position):
        texts.append(shown_text(re.sub(r"\\(.)", r"\1", match[1])))
        position = match.end()
    return texts
