"""Pages judged by axe-core: the rules of WCAG 2.2 AA that a program can check, and its best practices."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from playwright.sync_api import Page

# The package is one for Playwright; of it only axe-core itself is needed, so that a page takes it in once.
AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

# Tables that have become too wide are made reachable in the frame after a change of width.
TWO_FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def findings(page: Page) -> list[str]:
    """What axe-core finds: rule, element and why, a line each."""
    options = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
    found: dict[str, list[dict[str, Any]]] = page.evaluate("options => axe.run(document, options)", options)
    return [
        f"{rule['id']}: {node['target']} {node['html'][:200]}: {node['failureSummary']}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


def assert_clean(page: Page) -> None:
    """Nothing is found, wide and narrow, light and dark."""
    page.evaluate(AXE)
    found = {}
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 800})
        page.evaluate(TWO_FRAMES)
        for dark in (False, True):
            # A colour that is on its way to another is judged as it is at that moment.
            page.emulate_media(color_scheme="dark" if dark else "light", reduced_motion="reduce")
            found[width, dark] = findings(page)
    assert {view: lines for view, lines in found.items() if lines} == {}
