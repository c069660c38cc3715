"""Editions for readers: a notice, and a choice that leads to the same page or to the nearest."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from collector.configuration import SiteTable
from collector.site.build import BuildOptions, build_site
from tests.browser import Browse, served
from tests.support.axe import assert_clean

pytestmark = pytest.mark.browser

GONE = "repos/python/3.6.1-windowsservercore/"
"""There on 2017-06-30, and gone now."""

SHARED = "repos/python/3.6.4-slim/linux-amd64/"
"""The page of the image that `python:3.6-slim` has now: the page of its own platform leads there."""

DAYS = ("2017-06-30", "2016-12-31")


@pytest.fixture(scope="module")
def site(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the sample's site with two editions."""
    folder = tmp_path_factory.mktemp("editions") / "site"
    build_site(root / "examples" / "archive", folder, BuildOptions(jobs=1, site=SiteTable(editions=DAYS)))
    with served(folder) as address:
        yield address


def choose(page: Page, edition: str) -> None:
    page.locator("button.md-version__current").click()
    page.locator(".md-version").get_by_role("link", name=edition).click()


@pytest.mark.parametrize(
    ("start", "edition", "end"),
    [
        ("repos/python/3.6-slim/", "2017-06-30", "2017-06-30/repos/python/3.6-slim/"),
        ("2017-06-30/repos/python/3.6-slim/", "2016-12-31", "2016-12-31/repos/python/3.6-slim/"),
        ("2017-06-30/repos/python/3.6-slim/linux-amd64/", "Current", f"{SHARED}?of=3.6-slim"),
        ("2016-12-31/repos/python/", "Current", "repos/python/"),
        ("", "2016-12-31", "2016-12-31/"),
        # The nearest that there is:
        ("repos/python/3.6-slim/history/", "2017-06-30", "2017-06-30/repos/python/3.6-slim/"),
        ("repos/python/3.6.4/linux-amd64/", "2017-06-30", "2017-06-30/repos/python/"),
        (
            f"2017-06-30/{GONE}windows-amd64/",
            "Current",
            GONE,
        ),
        ("compare/?from=python:3.6&to=python:3.5", "2016-12-31", "2016-12-31/"),
    ],
)
def test_the_same_page_of_another_edition_or_the_nearest(
    browse: Browse, site: str, start: str, edition: str, end: str
) -> None:
    page = browse(f"{site}{start}")
    choose(page, edition)
    page.wait_for_url(f"{site}{end}")
    shown = page.locator("button.md-version__current")
    expect(shown).to_have_text(edition)
    expect(page.locator("h1")).to_be_visible()


def test_the_choice_by_keys(browse: Browse, site: str) -> None:
    page = browse(f"{site}repos/python/3.6-slim/")
    button = page.get_by_role("button", name="Current: choose an edition")
    expect(button).to_have_attribute("aria-expanded", "false")
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Current")).to_be_focused()
    page.keyboard.press("Escape")
    expect(button).to_be_focused()
    expect(page.get_by_role("link", name="2016-12-31")).to_be_hidden()
    page.keyboard.press("Enter")
    for _ in range(3):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site}2016-12-31/repos/python/3.6-slim/")
    expect(page.get_by_role("note")).to_contain_text("2016-12-31")


def test_the_notice_leads_to_how_it_is_now(browse: Browse, site: str) -> None:
    page = browse(f"{site}2017-06-30/{GONE}windows-amd64/")
    note = page.get_by_role("note")
    expect(note).to_contain_text("as of the end of 2017-06-30")
    note.get_by_role("link").click()
    page.wait_for_url(f"{site}{GONE}")
    expect(page.get_by_text("This tag has been gone")).to_be_visible()
    expect(page.get_by_role("note")).to_have_count(0)


def test_all_of_it_without_scripts(browse: Browse, site: str) -> None:
    page = browse(f"{site}repos/python/3.6-slim/", scripts=False)
    page.locator(".md-version a").click()
    page.get_by_role("link", name="2016-12-31").click()
    page.get_by_role("link", name="python", exact=True).click()
    expect(page).to_have_url(f"{site}2016-12-31/repos/python/")
    page.get_by_role("link", name="3.6-slim", exact=True).first.click()
    expect(page.get_by_role("note")).to_contain_text("2016-12-31")
    page.get_by_role("link", name="Whole history").click()
    expect(page).to_have_url(f"{site}repos/python/3.6-slim/history/")


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2016-12-31/repos/python/3.6.4/", "2016-12-31/repos/python/"),
        ("2016-12-31/no/such/page", "2016-12-31/"),
        ("2015-12-31/repos/python/3.6-slim/", "repos/python/3.6-slim/"),
        ("latest/repos/python/3.6-slim/", "repos/python/3.6-slim/"),
        ("latest/", ""),
    ],
)
def test_a_page_that_an_edition_lacks_leads_to_the_nearest(browse: Browse, site: str, start: str, end: str) -> None:
    page = browse(f"{site}{start}")
    page.wait_for_url(f"{site}{end}")
    expect(page.locator("h1")).to_be_visible()


def test_a_site_without_editions_has_no_choice(browse: Browse, sample: str) -> None:
    page = browse(f"{sample}repos/python/")
    expect(page.locator(".ri-asof")).to_be_visible()
    expect(page.locator(".md-version")).to_have_count(0)


KINDS = ("", "repos/python/", "repos/python/3.6-slim/", "repos/python/3.6-slim/linux-amd64/")


@pytest.mark.parametrize("address", KINDS, ids=["home", "image", "tag", "platform"])
def test_axe_finds_nothing(browse: Browse, site: str, address: str) -> None:
    page = browse(f"{site}2017-06-30/{address}")
    page.locator("button.md-version__current").click()
    expect(page.locator(".md-version").get_by_role("link", name=re.compile("2016"))).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert_clean(page)


@pytest.mark.parametrize("address", ["", "2017-06-30/"])
def test_changes_are_below_their_heading_and_beside_the_images(browse: Browse, site: str, address: str) -> None:
    """The home page of an edition has no examples and no feed."""
    page = browse(f"{site}{address}")
    page.set_viewport_size({"width": 1440, "height": 900})
    boxes = [
        page.locator(selector).first.bounding_box()
        for selector in ("#recent-changes", "#all-images", "#recent-changes ~ table", "#all-images ~ table")
    ]
    changes, images, table_of_changes, table_of_images = (box for box in boxes if box)
    assert changes["y"] == images["y"]
    assert table_of_changes["y"] == table_of_images["y"]
    assert changes["y"] < table_of_changes["y"] < 900
    if not address:
        box = page.locator("#editions").bounding_box()
        assert box is not None
        assert box["y"] > table_of_changes["y"] + table_of_changes["height"]
