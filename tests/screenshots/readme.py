"""The two pictures in README.md, of the bundled sample's site."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, Page


def take_pictures_of_readme(browser: Browser, root: str, to: Path) -> None:
    """A tag, and what changed in it."""
    to.mkdir(parents=True, exist_ok=True)
    page = browser.new_page(viewport={"width": 1000, "height": 760})
    take_tag(page, root, to / "tag.png")
    take_change(page, root, to / "change.png")


def take_tag(page: Page, root: str, to: Path) -> None:
    page.goto(f"{root}repos/python/3.6-slim/")
    page.locator(".ri-asof").wait_for()
    page.wait_for_load_state("networkidle")
    page.screenshot(path=to)


def take_change(page: Page, root: str, to: Path) -> None:
    page.goto(f"{root}repos/python/3.6-slim/history/")
    row = page.get_by_role("row").filter(has_text="PYTHON_VERSION 3.6.1 → 3.6.2").first
    row.get_by_role("button").click()
    page.get_by_text("This comparison on its own page").wait_for()
    row.evaluate("row => scrollTo(0, row.getBoundingClientRect().top + scrollY - 126)")
    page.mouse.move(0, 0)
    page.screenshot(path=to)
