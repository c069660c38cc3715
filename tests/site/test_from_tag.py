"""The page of a platform, which several tags share, keeps the tag that the reader came from."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser import Browse

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("way", ["repos/python/3.6/", "repos/python/3.6/linux-amd64/"])
def test_the_tag_that_a_reader_came_from_stays(browse: Browse, sample: str, way: str) -> None:
    page = browse(f"{sample}{way}")
    if not way.endswith("amd64/"):
        page.get_by_role("link", name="linux/amd64", exact=True).first.click()
    expect(page).to_have_url(f"{sample}repos/python/3.6.4/linux-amd64/?of=3.6")
    expect(page.get_by_role("heading", level=1)).to_have_text("python:3.6 on linux/amd64")
    expect(page).to_have_title(re.compile(r"^python:3\.6 on linux/amd64"))
    assert page.locator("h1 + p").inner_text() == "python / 3.6 / linux/amd64"
    page.get_by_role("link", name="History", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("History of python:3.6")
    page.go_back()
    page.locator("article").get_by_role("link", name="Compare", exact=True).click()
    expect(page.locator("#ri-to")).to_have_value("python:3.6")


@pytest.mark.parametrize("query", ["", "?of=2.7", "?of=%3Cb%3E"])
def test_without_a_tag_in_the_address_the_page_names_all_tags(browse: Browse, sample: str, query: str) -> None:
    page = browse(f"{sample}repos/python/3.6.4/linux-amd64/{query}")
    page.wait_for_load_state("networkidle")
    expect(page.get_by_role("heading", level=1)).to_have_text("python:3.6.4 and 3 more tags on linux/amd64")


def test_without_scripts_all_tags_are_named_and_lead_back(browse: Browse, sample: str) -> None:
    page = browse(f"{sample}repos/python/3.6/", scripts=False)
    page.get_by_role("link", name="linux/amd64", exact=True).first.click()
    page.get_by_role("link", name="3.6", exact=True).click()
    expect(page).to_have_url(f"{sample}repos/python/3.6/")


def test_the_lookups_have_examples_of_this_archive(browse: Browse, sample: str) -> None:
    page = browse(f"{sample}compare/")
    page.get_by_role("link", name=re.compile("what changed in python:3 since 2017-12-20")).click()
    expect(page.get_by_role("heading", level=2).first).to_be_visible()
    expect(page.locator("[data-ri-compare]")).to_contain_text("3.6.4")
    page.goto(f"{sample}as-of/")
    page.get_by_role("link", name="python:3 on 2017-12-20").click()
    expect(page.locator("[data-ri-asof]")).to_contain_text("python:3@sha256:")
    page.goto(f"{sample}digest/")
    page.get_by_role("link", name="3.6.3", exact=True).click()
    expect(page.get_by_role("heading", level=2).first).to_have_text("Tags that are, or were, this version")
