"""The pictures in README.md, of the bundled sample's site: `make screenshots` takes them anew."""

from __future__ import annotations

import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from collector.site.build import BuildOptions, build_site
from tests.browser import chromium_path, served
from tests.support.chromium import QUIET

ROOT = Path(__file__).parent.parent
PICTURES = ROOT / ".github" / "images"


def main() -> None:
    """Build the sample's site, and photograph a tag and what changed in it."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        build_site(ROOT / "examples" / "archive", Path(folder) / "site", BuildOptions(jobs=1))
        with served(Path(folder) / "site") as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium_path(), args=QUIET)
            page = browser.new_page(viewport={"width": 1100, "height": 760})
            take_tag(page, address)
            take_change(page, address)


def take_tag(page: Page, address: str) -> None:
    page.goto(f"{address}repos/python/3.6-slim/")
    page.screenshot(path=PICTURES / "tag.png")


def take_change(page: Page, address: str) -> None:
    page.goto(f"{address}repos/python/3.6-slim/history/")
    row = page.get_by_role("row").filter(has_text="PYTHON_VERSION 3.6.3").first
    row.get_by_role("button").click()
    page.get_by_text("This difference on a page of its own").wait_for()
    row.scroll_into_view_if_needed()
    page.mouse.wheel(0, 300)
    page.wait_for_timeout(300)
    page.screenshot(path=PICTURES / "change.png")


if __name__ == "__main__":
    main()
