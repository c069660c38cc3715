"""The tasks of site_src/tasks.md, done with exactly the clicks that it counts.

What a base changed is in `test_small_site`, and a version that a tag was in `test_queries`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from collector.site.build import BuildOptions, build_site
from tests.browser import Browse, served
from tests.pages.archives import Seen, alone, day, write_archive
from tests.releases.made_up import base_of, built
from tests.support.folders import copy_site

pytestmark = pytest.mark.browser

PIN = "python:3.6@sha256:b2dfd12f7fb4997345b11b74b154849d0549e270221030cd0450b85b7f6c0e92"


class Clicks:
    """Counts what is clicked."""

    def __init__(self) -> None:
        self.made = 0

    def __call__(self, target: Locator) -> None:
        self.made += 1
        target.click()


def test_which_tag_is_this_digest(browse: Browse, sample: str) -> None:
    page, click = browse(sample), Clicks()
    click(page.locator("#ri-search"))
    page.keyboard.insert_text(PIN.partition("@")[2])
    option = page.get_by_role("option").first
    expect(option).to_contain_text("python:3.6")
    expect(option).to_contain_text(re.compile(r"\d{4}-\d\d-\d\d – \d{4}-\d\d-\d\d"))
    click(page.get_by_role("option", name="All about this digest"))
    expect(page.get_by_role("table").first).to_contain_text("python:3.6")
    assert click.made == 2


def test_what_changed_in_the_last_week(browse: Browse, sample: str) -> None:
    page, click = browse(sample), Clicks()
    click(page.locator("#ri-search"))
    page.keyboard.type("python:3.6")
    option = page.get_by_role("option").first
    expect(option).to_have_text("python:3.6")
    click(option)
    row = page.get_by_role("row").filter(has_text="2018-01-05 18:53")
    expect(row).to_contain_text("Windows 10.0.14393.1944 → 10.0.14393.2007")
    expect(row).to_contain_text("2 of 9, the last on 2018-01-08")
    click(row.get_by_role("button", name="Show the change"))
    expect(page.locator(".ri-change")).to_contain_text("windows/amd64")
    assert click.made == 3


def test_pin_as_of_a_day(browse: Browse, sample: str) -> None:
    page, click = browse(f"{sample}repos/python/3.6/"), Clicks()
    box = page.get_by_label("The day, in UTC")
    box.fill("2017-06-01")
    click(page.locator(".ri-asof").get_by_role("button", name="Show"))
    click(page.get_by_role("button", name=f"Copy: {PIN[:40]}").first)
    expect(page.get_by_text("Copied").first).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == PIN
    assert click.made == 2


def test_which_tags_share_a_layer(browse: Browse, sample: str) -> None:
    page, click = browse(f"{sample}repos/python/3.6.4/linux-amd64/"), Clicks()
    click(page.get_by_role("link", name="sha256:f49cf87b52c1"))
    expect(page.get_by_role("heading", name="Layer of python").first).to_be_visible()
    tags = page.get_by_role("table").first
    for tag in ("python:3.6.4", "python:3.6.3"):
        expect(tags.get_by_role("link", name=tag, exact=True).first).to_be_visible()
    assert click.made == 1


@pytest.mark.parametrize("address", ["", "repos/python/", "repos/python/3.6/"])
def test_subscribe_to_changes(browse: Browse, sample: str, address: str) -> None:
    page, click = browse(f"{sample}{address}"), Clicks()
    link = page.get_by_role("link", name="Feed", exact=True)
    with page.expect_response(re.compile(r"feed\.xml$")) as answer:
        click(link)
    assert answer.value.ok
    assert answer.value.url == f"{sample}{address}feed.xml"
    assert "<feed" in page.request.get(answer.value.url).text()
    assert click.made == 1


@pytest.fixture
def moved(frame: Path, tmp_path: Path) -> Iterator[str]:
    """The address of a site with Python, which follows Debian, whose history has a page of its own."""
    debian = [Seen(tag="stretch", time=day(number), state=alone(base_of(base=number))) for number in range(1, 11)]
    python = [Seen(tag="3.6", time=day(number), state=alone(built(base=number))) for number in (1, 5)]
    site = copy_site(frame, tmp_path / "site")
    build_site(write_archive(tmp_path / "archive", debian=debian, python=python), site, BuildOptions(jobs=1))
    with served(site) as address:
        yield address


def test_what_changed_below_an_image(browse: Browse, moved: str) -> None:
    page, click = browse(f"{moved}repos/python/3.6/"), Clicks()
    click(page.get_by_role("link", name="debian:stretch, 2024-01-05"))
    row = page.locator("tr:target")
    expect(row).to_contain_text("2024-01-05")
    expect(row).to_contain_text("new root filesystem")
    assert page.url.startswith(f"{moved}repos/debian/stretch/history/#r-")
    click(row.get_by_role("button", name="Show the change"))
    expect(page.locator(".ri-change")).to_contain_text("ADD file:")
    assert click.made == 2


def test_the_page_counts_no_more_than_three(root: Path) -> None:
    text = (root / "site_src" / "tasks.md").read_text(encoding="utf-8")
    tasks = text.split("\n## ")[1:]
    assert len(tasks) >= 8
    assert all(1 <= len(re.findall(r"^\d\. ", task, re.MULTILINE)) <= 3 for task in tasks)


def test_is_my_platform_behind(browse: Browse, sample: str) -> None:
    page, click = browse(sample, fresh=True), Clicks()
    click(page.locator("#ri-search"))
    page.keyboard.type("python:3.6-slim")
    click(page.get_by_role("option").first)
    click(page.get_by_label("My platform"))
    page.get_by_label("My platform").select_option("linux-s390x")
    expect(page.get_by_role("status").first).to_contain_text("linux/s390x is up to date; its image is of 2018-01-07")
    assert click.made == 3


def test_why_a_build_changed(browse: Browse, sample: str) -> None:
    page = browse(f"{sample}about/")
    page.get_by_role("link", name="Why", exact=True).click()
    page.locator("article textarea").fill("FROM python:3.6-slim\n")
    page.get_by_label("A day on which it still worked").fill("2017-12-01")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator("section tbody > tr")).to_have_count(2)
    expect(page.locator("section pre code")).to_have_text(
        "FROM python:3.6-slim@sha256:7154bd1a5d4a4f64ca3ec1719906c9a60b64fbac0132fd485d640acb30f76399"
    )
