"""The main tasks of readers on the sample's site in a real browser: from a name or a digest to a change.

`browse` checks at the end that no page made a request to another host, and that the console is empty.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from collector.pages.addresses import twin_path
from tests.browser import Browse, overflow

pytestmark = pytest.mark.browser

TAG = "repos/python/3.6-slim/"


@pytest.fixture(scope="module")
def asked(sample_site: Path) -> Mapping[str, str]:
    """Names and digests of python:3.6-slim that a reader may have."""
    tag = json.loads((sample_site / twin_path(TAG)).read_text())
    platform = tag["platforms"][0]
    teller = json.loads((sample_site / "api/v1/repos/python/3.6.4-slim/linux-amd64.json").read_text())
    assert teller["manifest"] == platform["manifest"]
    return {
        "name": "python:3.6-slim",
        "index": tag["digest"],
        "prefix": tag["digest"].removeprefix("sha256:")[:12],
        "Image ID": platform["config"],
        "layer": teller["layers"][-1]["digest"],
    }


def search(page: Page, text: str) -> None:
    """Type into the box in the header."""
    page.get_by_label("Search for an image, a tag, a package or a digest").click()
    page.keyboard.type(text)


@pytest.mark.parametrize("held", ["name", "index", "prefix", "Image ID", "layer"])
def test_from_the_home_page_to_the_tag(browse: Browse, sample: str, asked: Mapping[str, str], held: str) -> None:
    page = browse(sample)
    search(page, asked[held])
    if held == "name":
        page.get_by_role("option").first.click()
    else:
        page.get_by_role("option", name="All about this digest").click()
        expect(page.locator("article")).to_contain_text(asked["index" if held == "prefix" else held])
        page.get_by_role("row").get_by_role("link", name="python:3.6-slim", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("python:3.6-slim")
    assert page.url.startswith(f"{sample}{TAG}")


def test_from_the_tag_to_its_history_to_a_change(browse: Browse, sample: str) -> None:
    page = browse(f"{sample}{TAG}")
    page.locator("article").get_by_role("link", name="History", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("History of python:3.6-slim")
    row = page.get_by_role("row", name="PYTHON_VERSION 3.6.2 → 3.6.3")
    row.get_by_role("button", name="Show the change").click()
    change = page.locator(".ri-change")
    expect(change.get_by_role("row", name="Environment PYTHON_VERSION 3.6.2 3.6.3")).to_be_visible()


def test_from_the_home_page_by_links_only(browse: Browse, sample: str) -> None:
    page = browse(sample, scripts=False)
    page.get_by_role("link", name="python", exact=True).click()
    page.get_by_role("link", name="3.6-slim", exact=True).first.click()
    page.get_by_role("link", name="linux/amd64", exact=True).click()
    expect(page.get_by_role("heading", name="Steps and layers")).to_be_visible()
    page.get_by_role("link", name="History", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("python:3.6.4-slim")
    page.get_by_text("7 states").click()
    expect(page.locator("details").get_by_role("row", name="linux/s390x")).to_be_visible()


@pytest.mark.parametrize("unknown", ["f" * 64, f"sha256:{'0' * 63}1", "deadbeefdead"])
def test_an_unknown_digest_is_refused_politely(browse: Browse, sample: str, unknown: str) -> None:
    page = browse(sample)
    search(page, unknown)
    expect(page.get_by_role("status")).to_contain_text("not in this archive")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Not in this archive")).to_be_visible()


@pytest.mark.parametrize(
    ("old", "address"),
    [
        ("repos/python/remote/3.6-slim.md", TAG),
        ("repos/python/local/3.6-slim.md", TAG),
        ("repos/python/remote/", "repos/python/"),
    ],
)
def test_an_old_address_leads_to_the_page(browse: Browse, sample: str, old: str, address: str) -> None:
    page = browse(f"{sample}{old}")
    expect(page).to_have_url(f"{sample}{address}")


def test_the_short_address_of_a_digest(browse: Browse, sample: str, asked: Mapping[str, str]) -> None:
    page = browse(f"{sample}d/{asked['Image ID']}")
    expect(page.get_by_role("heading", level=2).first).to_contain_text("Image ID")
    expect(page.locator("article")).to_contain_text("python:3.6-slim")


KINDS = {
    "home": "",
    "image": "repos/python/",
    "tag": TAG,
    "gone": "repos/python/3.6.3/",
    "attestations": "repos/alpine/3.24.2/",
    "platform": "repos/python/3.6.4-slim/linux-amd64/",
    "alias": f"{TAG}linux-amd64/",
    "windows": "repos/python/3.6.4/windows-amd64-10.0.16299/",
    "history": f"{TAG}history/",
}


@pytest.mark.parametrize("address", KINDS.values(), ids=KINDS)
def test_every_kind_of_page_on_a_phone_and_in_the_dark(browse: Browse, sample: str, address: str) -> None:
    backgrounds = set()
    for dark in (False, True):
        page = browse(f"{sample}{address}", width=320, dark=dark)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert overflow(page) == 0
        backgrounds.add(page.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert len(backgrounds) == 2
