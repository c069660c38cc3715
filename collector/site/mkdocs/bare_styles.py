"""Style sheets without comments and indentation, because no page is shown before all of its style sheet has arrived."""

from __future__ import annotations

import re

_FOR_AUTHORS = re.compile(r"""("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|/\*.*?\*/|(\s)\s*""", re.DOTALL)
"""A comment, or white space with its first character; or a string, which contains neither."""


def bare_style(style: str) -> str:
    """The same style sheet, shorter. What is apart stays apart."""
    return _FOR_AUTHORS.sub(lambda found: found[1] or found[2] or "", style)
