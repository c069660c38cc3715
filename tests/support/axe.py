"""Pages judged by axe-core: the rules of WCAG 2.2 AA that a program can check, and its best practices."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from playwright.sync_api import Page

# Only axe-core itself is taken from this package for Playwright: a page loads it once for all its checks.
AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

# A script makes wide tables reachable with the keyboard, one animation frame after a change of width.
TWO_FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"

RULES_OF_COLOUR = ["color-contrast", "link-in-text-block"]
"""Those among `RULES` whose judgement depends on colours. The others see elements, names, places and sizes."""

# All but the colours that axe-core can see: what is there, what is visible, and where.
LAYOUT = """() => [...document.querySelectorAll("*")].map((element) => {
  const { x, y, width, height } = element.getBoundingClientRect();
  const visible = element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  return [element.tagName, visible, x, y, width, height].join(" ");
})"""


def findings(page: Page, *, colours_only: bool = False) -> list[str]:
    """The violations that axe-core finds, one line each: rule, element and reason."""
    rules = {"type": "rule", "values": RULES_OF_COLOUR} if colours_only else {"type": "tag", "values": RULES}
    options = {"runOnly": rules, "resultTypes": ["violations"]}
    found: dict[str, list[dict[str, Any]]] = page.evaluate("options => axe.run(document, options)", options)
    return [
        f"{rule['id']}: {node['target']} {node['html'][:200]}: {node['failureSummary']}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


def assert_clean(page: Page) -> None:
    """Assert that a page has no violations on a wide and a narrow screen, in light and dark.

    In dark only colours differ, which is asserted, so only rules of colours could give another result.
    """
    page.evaluate(AXE)
    found = {}
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 800})
        page.evaluate(TWO_FRAMES)
        # Without transitions: axe-core would judge a colour halfway to another.
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        found[width, "light"] = findings(page)
        layout = page.evaluate(LAYOUT)
        page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        assert page.evaluate(LAYOUT) == layout
        found[width, "dark"] = findings(page, colours_only=True)
    assert {view: lines for view, lines in found.items() if lines} == {}
