"""Markdown as GitHub renders it: another CommonMark than the site's, with links for bare addresses."""

from __future__ import annotations

import cmarkgfm  # type: ignore[import-untyped]


def github_html(markdown: str) -> str:
    """The HTML, in GitHub's safe mode."""
    return str(cmarkgfm.github_flavored_markdown_to_html(markdown))
