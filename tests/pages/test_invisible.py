"""One table of invisible characters, in Python and in the browser."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest

from collector.model.invisible import INVISIBLE, replace_unprintable, show_invisible


def test_the_browser_has_the_same_table(root: Path) -> None:
    script = (root / "site_src/assets/javascripts/text.js").read_text(encoding="utf-8")
    (table,) = re.findall(r"/(\[\\u0000.*\])/gu", script)
    browser = re.compile(re.sub(r"\\u\{([0-9a-f]+)\}", lambda found: f"\\U{found[1]:0>8}", table))
    # A page that was sent as UTF-8 contains no surrogates.
    others = [chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000]
    assert [char for char in others if bool(browser.match(char)) != bool(INVISIBLE.match(char))] == []


def test_only_invisible_characters_are_in_the_table() -> None:
    found = {chr(code) for code in range(0x110000) if INVISIBLE.match(chr(code))}
    others = {char for char in found if unicodedata.category(char) not in {"Cc", "Cf", "Cn", "Cs", "Zl", "Zp"}}
    words = ("FILLER", "SELECTOR", "BLANK", "JOINER", "INHERENT")
    assert [char for char in others if not any(word in unicodedata.name(char) for word in words)] == []
    assert show_invisible("a\tb\nc é 漢 😀 ❤️") == "a\tb\nc é 漢 😀 ❤️"


def test_plain_text_is_searched_for_the_same_characters() -> None:
    plain = [chr(code) for code in range(0x80)]
    assert [char for char in plain if show_invisible(char) != char] == [char for char in plain if INVISIBLE.match(char)]


@pytest.mark.parametrize(
    "char", ["\x1b", "\u202e", "\u200b", "\ufeff", "\ud800", "\U000e0041", "\u00ad", "\u3164", "\ufe00"]
)
def test_an_invisible_character_is_shown_or_replaced_everywhere(char: str) -> None:
    assert show_invisible(f"a{char}b") == f"a⟨U+{ord(char):04X}⟩b"
    assert replace_unprintable(f"a{char}b", lambda _: "?") == "a?b"
