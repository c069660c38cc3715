"""Every kind of page, judged by axe-core: the rules of WCAG 2.2 AA that a program can check, and its best practices."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser import Browse

pytestmark = pytest.mark.browser

# The package is one for Playwright; of it only axe-core itself is needed, so that a page takes it in once.
AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

# Tables that have become too wide are made reachable in the frame after a change of width.
TWO_FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"

GUIDE = "about how-to-read how-to-search tasks reasons api badges collecting describing command-line".split()

# The address of each kind, and what is there when its scripts are done.
KINDS = {
    "home": ("", "h1"),
    "image": ("repos/python/", ".ri-filter"),
    "tag": ("repos/python/3.6/", ".ri-asof"),
    "tag of Windows": ("repos/hello-world/nanoserver-ltsc2025/", ".ri-asof"),
    "gone tag": ("repos/python/3.6.3/", ".ri-asof"),
    "tag with a short history": ("repos/hello-world/nanoserver1709/", ".ri-show"),
    "platform": ("repos/python/3.6.4/linux-amd64/", ".ri-copy"),
    "history": ("repos/python/3.6/history/", ".ri-filter select"),
    "digest": ("digest/?q=sha256:b2dfd12f7fb4997345b11b74b154849d0549e270221030cd0450b85b7f6c0e92", "section table"),
    "digest of an index": (
        "digest/?q=sha256:98149ed5f37f48ea3fad26ae6c0042dd2b08228d58edc95ef0fce35f1b3d9e9f",
        "section h3",
    ),
    "digest of a config": ("digest/?q=5c4fa780951b060bb0a75355765bc58112350d9974970d60561671d552aaf2e2", "section ol"),
    "digest of a layer": ("digest/?q=1eae7a7426b0551d5699798f8604597e7f5be52efd1f14ef53832a0cb63e7e4d", "section pre"),
    "names": ("digest/?q=slim", "[role=status] table"),
    "digest without a question": ("digest/", ".ri-form"),
    "unknown digest": ("digest/?q=abcdef0123456789", "[role=status]"),
    "as of, without a question": ("as-of/", ".ri-form"),
    "as of, a tag": ("as-of/?of=python:3.6&on=2017-06-01", "article pre .ri-copy"),
    "as of, an image": ("as-of/?of=python&on=2017-06-01", "article table"),
    "comparison without a question": ("compare/", ".ri-compare [role=combobox]"),
    "comparison": ("compare/?from=python:3.6-slim@2017-06-30&to=python:3.6-slim", ".ri-sides .ri-copy"),
    "comparison that fails": ("compare/?from=pyton:3.6&to=python:3.6@2010-01-01", ".ri-problem"),
    **{name: (f"{name}/", "h1") for name in GUIDE},
    "404": ("no/such/page", "h1"),
    "404 of a tag": ("repos/python/9.9/", "[role=status]"),
}


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


@pytest.mark.parametrize(("address", "ready"), KINDS.values(), ids=KINDS)
def test_axe_finds_nothing(browse: Browse, sample: str, address: str, ready: str) -> None:
    page = browse(f"{sample}{address}")
    page.locator(ready).first.wait_for()
    page.wait_for_load_state("networkidle")
    assert_clean(page)


def test_axe_finds_nothing_in_what_opens(browse: Browse, sample: str) -> None:
    page = browse(f"{sample}repos/python/3.6/history/")
    page.get_by_role("button", name="Show the change").first.click()
    page.get_by_text("This difference on a page of its own").wait_for()
    page.keyboard.press("/")
    page.keyboard.type("python")
    page.get_by_role("option").first.wait_for()
    assert_clean(page)
