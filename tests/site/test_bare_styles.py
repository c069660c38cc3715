"""Chromium reads the published style sheets as those of site_src."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from collector.site.mkdocs.bare_styles import bare_style
from tests.browser import Browse

pytestmark = pytest.mark.browser

RULES = """(style) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style);
  return [...sheet.cssRules].map((rule) => rule.cssText);
}"""
_COMMA = re.compile(r",\s+")
"""Chromium keeps the white space in the value of a variable."""


def test_a_bare_style_sheet_has_the_same_rules(browse: Browse, sample: str, root: Path) -> None:
    page = browse(sample)
    for path in sorted((root / "site_src/assets/stylesheets").glob("*.css")):
        style = path.read_text()
        rules, bare = (
            [_COMMA.sub(",", rule) for rule in page.evaluate(RULES, one)] for one in (style, bare_style(style))
        )
        assert rules
        assert bare == rules, path.name
