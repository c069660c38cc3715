"""Text from archives as plain text: on one line, bounded, safe in XML."""

from __future__ import annotations

import re
from html import escape

from collector.model.invisible import show_invisible

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that no XML 1.0 document may contain, escaped or not (its section 2.2)."""


def one_line(text: str) -> str:
    """A text on one line, with one space for each run of white space and visible forms of invisible characters."""
    return " ".join(show_invisible(text).split())


def cut(text: str, longest: int) -> str:
    """The text, or its beginning and an ellipsis."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def xml_text(text: str) -> str:
    """Text between tags, or between double quotes, of XML."""
    return escape(_FORBIDDEN.sub("\ufffd", one_line(text)), quote=False).replace('"', "&quot;")
