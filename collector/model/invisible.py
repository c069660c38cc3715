"""The table of characters that a reader cannot see but that change how text is shown.

`site_src/assets/javascripts/text.js` has the same table for the browser; a test holds both to be equal.
"""

from __future__ import annotations

import re
from collections.abc import Callable

CONTROLS = "\x00-\x08\x0b-\x1f\x7f-\x9f"
"""Control characters except tab and line feed."""
DIRECTIONS = "\u202a-\u202e\u2066-\u2069"
"""Marks that change the direction of text."""
_OTHERS = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028\u2029\u2060-\u2065\u206a-\u206f"
    "\u2800\u3164\ud800-\udfff\ufe00-\ufe0d\ufeff\uffa0\ufff0-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""Zero widths, fillers, line separators, surrogates, tags: what fonts ignore (Default_Ignorable_Code_Point), and blanks
that are no spaces. The two variation selectors that emoji have, U+FE0E and U+FE0F, stay."""

INVISIBLE = re.compile(f"[{CONTROLS}{DIRECTIONS}{_OTHERS}]")


def show_invisible(text: str) -> str:
    """The text with its invisible characters written as `⟨U+202E⟩`. Tabs and line feeds stay."""
    if text.isascii() and text.replace("\t", " ").replace("\n", " ").isprintable():  # the usual case
        return text
    return INVISIBLE.sub(lambda match: f"⟨U+{ord(match[0]):04X}⟩", text)


def replace_unprintable(text: str, replace: Callable[[str], str]) -> str:
    """Replace the characters that Unicode does not print, for terminals and logs; spaces stay.

    These are the invisible characters, and all characters for which a font may have no glyph.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(char if char.isprintable() and not INVISIBLE.match(char) else replace(char) for char in text)
