"""Every page of the archive says when the archive last looked, in Chromium."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser import Browse

pytestmark = pytest.mark.browser

END = "2026-09-17 21:38 UTC"
VISITS = {
    "end": "2024-02-03T04:05:06Z",
    "visits": {
        "2024-02-03T04:05:00Z": "alpine python:3.6 python:3",
        "2024-02-01T01:02:00Z": "hello-world python repos/python",
    },
}


def visited(browse: Browse, address: str) -> Page:
    """A page of a site that has `VISITS`."""

    def answer(route: Route) -> None:
        route.fulfill(body=json.dumps(VISITS), content_type="application/json")

    page = browse(address, fresh=True)
    page.route("**/api/v1/visits.json", answer)
    page.reload()
    return page


def look_of(page: Page, text: str | re.Pattern[str]) -> None:
    expect(page.locator("main > p").first).to_have_text(text)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "repos/python/",
        "repos/python/3.6/history/",
        "repos/python/3.6.4/linux-amd64/",
        "package/",
        "why/",
        "as-of/?of=python:3.6&on=2017-12-01",
    ],
)
def test_an_imported_archive_was_looked_at_until_its_end(browse: Browse, sample: str, address: str) -> None:
    look_of(browse(f"{sample}{address}"), f"Last look: {END}, the archive\u2019s end")


@pytest.mark.parametrize(
    ("address", "text"),
    [
        ("", "Last look: 2024-02-03 04:05 UTC"),
        ("repos/python/", "Last look at python: 2024-02-01 01:02 UTC"),
        ("repos/python/3.6/", "Last look at python:3.6: 2024-02-03 04:05 UTC"),
        ("repos/python/3.6/history/", "Last look at python:3.6: 2024-02-03 04:05 UTC"),
        ("repos/python/3.6.4/", "Last look at python: 2024-02-01 01:02 UTC"),
        ("repos/hello-world/latest/", "Last look at hello-world: 2024-02-01 01:02 UTC"),
        ("compare/", "Last look: 2024-02-03 04:05 UTC"),
        ("digest/?q=hello-world", "Last look at hello-world: 2024-02-01 01:02 UTC"),
        ("as-of/?of=python:3.6&on=2017-12-01", "Last look at python:3.6: 2024-02-03 04:05 UTC"),
        ("why/?image=python:3.6&since=2017-12-01", "Last look at python:3.6: 2024-02-03 04:05 UTC"),
        ("package/?q=zlib", "Last look: 2024-02-03 04:05 UTC"),
    ],
)
def test_a_page_has_the_last_visit_of_its_image_or_of_its_tag(
    browse: Browse, sample: str, address: str, text: str
) -> None:
    page = visited(browse, f"{sample}{address}")
    look_of(page, re.compile(rf"^{re.escape(text)} \(\d+ \w+ ago\)$"))


def test_an_answer_about_several_images_has_the_oldest_of_their_visits(browse: Browse, sample: str) -> None:
    page = visited(browse, f"{sample}compare/?from=python:3.6&to=hello-world:latest")
    text = "Last look at these 2 images and tags: 2024-02-01 01:02 UTC"
    look_of(page, re.compile(rf"^{text} \(\d+ \w+ ago\) or later$"))


def test_without_scripts_a_link_leads_to_the_times(browse: Browse, sample: str) -> None:
    page = browse(f"{sample}repos/python/3.6/", scripts=False)
    page.get_by_role("link", name="Last look", exact=True).click()
    assert page.url == f"{sample}api/v1/visits.json"


@pytest.mark.parametrize("scripts", [True, False])
def test_a_look_up_in_the_guide_has_it_above_both_columns(browse: Browse, sample: str, scripts: bool) -> None:
    page = browse(f"{sample}package/", scripts=scripts, width=1200)
    places = """selectors => selectors.map((one) => document.querySelector(one).getBoundingClientRect())
      .map(({ left, right, top }) => ({ left, right, top }))"""
    look, guide, text = page.evaluate(places, ["main > p, main > a", ".ri-guide", "article"])
    assert look["top"] < guide["top"] == text["top"]
    assert guide["right"] < text["left"]


def test_the_guide_has_none(browse: Browse, sample: str) -> None:
    assert browse(f"{sample}about/").locator("main > a").count() == 0
