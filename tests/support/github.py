"""Markdown as GitHub renders it. Its dialect differs from the site's; for example, bare addresses become links."""

from __future__ import annotations

import cmarkgfm  # type: ignore[import-untyped]


def github_html(markdown: str) -> str:
    """The HTML that GitHub makes of a text, in safe mode."""
    return str(cmarkgfm.github_flavored_markdown_to_html(markdown))
