"""Rules of running text that html and links share: where code spans end, which characters are escaped."""

from __future__ import annotations

import re
from functools import cache

ESCAPED = r"\\[!-/:-@\[-`{-~]"
"""A backslash and the punctuation that it escapes."""
LABEL_END = r"((?<!\\)(?:\\\\)*)\]:"
"""The end of the label of a definition. A backslash that is escaped itself does not escape the bracket."""
IN_ADDRESS = "!#$%&*+,-./:;=?@_~"
"""Punctuation that may appear in an address, where it means nothing to Markdown."""


def end_of_code(text: str, ticks: re.Match[str]) -> int | None:
    """The position behind the code span that begins with these backticks; None if they begin none."""
    end = _closing(len(ticks[0])).search(text, ticks.end())
    return end.end() if end else None


@cache
def _closing(ticks: int) -> re.Pattern[str]:
    return re.compile(rf"(?<!`)`{{{ticks}}}(?!`)")
