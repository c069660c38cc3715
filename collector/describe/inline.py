"""Rules for running text that `html` and `links` share: the ends of code spans, and escaped characters."""

from __future__ import annotations

import re
from functools import cache

ESCAPED = r"\\[!-/:-@\[-`{-~]"
"""A backslash with the punctuation that it escapes."""
LABEL_END = r"((?<!\\)(?:\\\\)*)\]:"
"""The end of the label of a definition. A backslash that is escaped itself does not escape the bracket."""
IN_ADDRESS = "!#$%&*+,-./:;=?@_~"
"""Punctuation without a meaning for Markdown inside an address."""


def end_of_code(text: str, ticks: re.Match[str]) -> int | None:
    """The position after the code span that begins with these backticks; None if no span begins."""
    end = _closing(len(ticks[0])).search(text, ticks.end())
    return end.end() if end else None


@cache
def _closing(ticks: int) -> re.Pattern[str]:
    return re.compile(rf"(?<!`)`{{{ticks}}}(?!`)")
