"""Reading the sample's site in a real browser: on any screen, in any colours, with or without scripts."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Page, expect

from collector.site.timeline_picture import draw
from tests.browser import Browse, overflow

pytestmark = pytest.mark.browser

KINDS = {
    "home": "",
    "image": "repos/python/",
    "tag": "repos/python/3.6-slim/",
    "platform": "repos/python/3.6.4/linux-amd64/",
    "windows": "repos/hello-world/latest/windows-amd64-10.0.16299/",
    "history": "repos/python/3.6/history/",
    "digest": "digest/",
    "compare": "compare/",
    "about": "about/",
    "how to read": "how-to-read/",
    "how to search": "how-to-search/",
    "404": "no/such/page",
}


@pytest.mark.parametrize("address", KINDS.values(), ids=KINDS)
def test_nothing_is_wider_than_a_phone(browse: Browse, sample: str, address: str) -> None:
    page = browse(f"{sample}{address}", width=320)
    assert overflow(page) == 0
    page.keyboard.press("/")
    page.keyboard.type("windowsservercore")
    page.get_by_role("listbox").wait_for()
    assert overflow(page) == 0


@pytest.mark.parametrize("address", KINDS.values(), ids=KINDS)
def test_every_page_reads_without_scripts(browse: Browse, sample: str, address: str) -> None:
    page = browse(f"{sample}{address}", scripts=False)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert len(page.locator("article").inner_text()) > 100
    assert page.locator("article button:not(form button)").count() == 0


def test_a_step_is_beside_its_layer_only_on_wide_screens(browse: Browse, sample: str) -> None:
    for width, beside in ((1280, True), (320, False)):
        page = browse(f"{sample}repos/alpine/edge/linux-amd64/", width=width)
        code, layer = (page.locator(f"article ol > li:first-child > {name}").bounding_box() for name in ("pre", "p"))
        assert code
        assert layer
        assert (layer["x"] > code["x"] + code["width"]) == beside


def colour(page: Page) -> str:
    value: str = page.evaluate("getComputedStyle(document.body).backgroundColor")
    return value


def test_colours_follow_the_system_until_one_is_chosen(browse: Browse, sample: str) -> None:
    light, dark = "rgb(255, 255, 255)", "rgb(18, 22, 27)"
    assert colour(browse(sample, scripts=False)) == light
    assert colour(browse(sample, dark=True, scripts=False)) == dark
    page = browse(sample, dark=True)
    assert colour(page) == dark
    page.get_by_role("button", name="Switch to light colours").click()
    assert colour(page) == light
    page.goto(f"{sample}about/")
    assert colour(page) == light
    page.get_by_role("button", name="Switch to dark colours").click()
    page.emulate_media(color_scheme="light")
    assert colour(page) == light


def test_text_contrasts_with_its_background(browse: Browse, sample: str) -> None:
    for dark in (False, True):
        page = browse(f"{sample}repos/python/3.6/history/", dark=dark)
        page.get_by_role("button", name="Show the change").first.click()
        page.locator("ins").first.wait_for()
        for name in ("article p", "article th", "article a code", "article ins", "article del", ".ri-footer a"):
            assert contrast(page, name) >= 4.5, (name, dark)


def contrast(page: Page, selector: str) -> float:
    """WCAG 2's contrast ratio of an element's text with what is behind it."""
    ratio: float = page.evaluate(
        """selector => {
          const numbers = colour => colour.match(/[\\d.]+/g).map(Number);
          const light = colour => numbers(colour).slice(0, 3).map(part => part / 255)
            .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
            .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
          const element = document.querySelector(selector);
          let behind = element;
          while (numbers(getComputedStyle(behind).backgroundColor)[3] === 0) behind = behind.parentElement;
          const [low, high] = [getComputedStyle(element).color, getComputedStyle(behind).backgroundColor]
            .map(light).sort((a, b) => a - b);
          return (high + 0.05) / (low + 0.05);
        }""",
        selector,
    )
    return ratio


def test_a_command_is_copied_whole(browse: Browse, sample: str) -> None:
    page = browse(f"{sample}repos/python/3.6-slim/")
    page.get_by_role("radio", name="Pinned").check()
    page.get_by_role("button", name="Copy: docker pull python:3.6-slim@").click()
    expect(page.get_by_text("Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    twin = json.loads(page.request.get(f"{sample}api/v1/repos/python/3.6-slim.json").text())
    assert copied == f"docker pull python:3.6-slim@{twin['digest']}"


def test_a_shortened_digest_is_copied_whole(browse: Browse, sample: str) -> None:
    page = browse(f"{sample}repos/python/3.6/")
    code = page.locator("article td a[href*='digest/?q='] code").first
    shown = code.bounding_box()
    assert shown
    assert shown["width"] < 200
    assert len(code.inner_text()) == 71


def test_a_change_opens_in_its_row(browse: Browse, sample: str) -> None:
    page = browse(f"{sample}repos/python/3.6/history/")
    row = page.get_by_role("row").filter(has_text="PYTHON_VERSION 3.6.3 → 3.6.4")
    button = row.get_by_role("button", name="Show the change of 2017-12-21")
    expect(button).to_have_attribute("aria-expanded", "false")
    button.click()
    change = page.locator(".ri-change")
    # The variable is told once, and not again as a step.
    expect(change.get_by_role("row", name="Environment PYTHON_VERSION 3.6.3 3.6.4")).to_be_visible()
    expect(change.locator("del").filter(has_text="3.6.3")).to_have_count(0)
    # Seven platforms got the release one after another; none of them was removed.
    expect(change).not_to_contain_text("Platform removed")
    expect(change.get_by_role("row", name="linux/s390x")).to_be_visible()
    expect(button).to_have_attribute("aria-expanded", "true")
    button.click()
    expect(change).to_be_hidden()


@pytest.mark.parametrize("tag", ["python/3.6", "hello-world/latest", "hello-world/nanoserver1709"])
def test_every_change_of_the_sample_can_be_shown(browse: Browse, sample: str, tag: str) -> None:
    page = browse(f"{sample}repos/{tag}/history/", width=320)
    buttons = page.get_by_role("button", name="Show the change")
    buttons.first.wait_for()
    for button in buttons.all():
        button.press("Enter")  # what a click is aimed at may move when the change above it arrives
    expect(page.locator(".ri-change strong")).to_have_count(buttons.count())
    expect(page.locator(".ri-change").get_by_role("link", name="on its own page")).not_to_have_count(0)
    assert overflow(page) == 0


def test_tags_are_filtered_as_you_type(browse: Browse, sample: str) -> None:
    page = browse(f"{sample}repos/python/")
    box = page.get_by_role("searchbox", name="Filter: Latest changes")
    rows = page.locator("h2:text-is('Latest changes') ~ table").first.locator("tbody tr:visible")
    before = rows.count()
    box.press_sequentially("s390x 3.6")
    expect(page.get_by_role("status").first).to_contain_text(f"of {before}")
    assert 0 < rows.count() < before
    assert all("s390x" in text for text in rows.all_inner_texts())
    box.fill("")
    assert rows.count() == before


def test_a_history_is_filtered_by_reason_and_platform(browse: Browse, sample: str) -> None:
    page = browse(f"{sample}repos/python/3.6/history/")
    rows = page.locator(".ri-history > table").last.locator("tbody tr[id]:visible")
    before = rows.count()
    # Both are called what the page's own rows and the guide call them.
    expect(page.get_by_label("Reason")).to_be_visible()
    names = page.get_by_label("Reason").locator("option").all_inner_texts()
    assert {"base image moved", "new platform", "Dockerfile changed"} <= set(names)
    assert "linux/arm64/v8" in page.get_by_label("Platform").locator("option").all_inner_texts()
    page.get_by_label("Reason").select_option("base-moved")
    moved = rows.count()
    assert 0 < moved < before
    assert all(re.search(r"\bbase (image )?moved", text) for text in rows.all_inner_texts())
    page.get_by_label("Platform").select_option("linux-s390x")
    assert 0 < rows.count() < moved
    expect(page.get_by_role("status").first).to_have_text(re.compile(f"^{rows.count()} releases? of {before}$"))
    shown = rows.count()
    months = page.locator("tr.m:visible")
    assert 0 < months.count() < page.locator("tr.m").count()
    # The address has the choice: shared, it shows the same, and the way back leads through it.
    assert page.url.endswith("?reason=base-moved&platform=linux-s390x")
    page.reload()
    expect(page.get_by_role("status").first).to_contain_text(f" of {before}")
    assert rows.count() == shown
    page.go_back()
    expect(page.get_by_label("Platform")).to_have_value("")
    assert rows.count() == moved
    page.go_forward()
    expect(page.get_by_label("Platform")).to_have_value("linux-s390x")
    page.get_by_label("Reason").select_option("")
    page.get_by_label("Platform").select_option("")
    assert rows.count() == before


def test_an_address_shows_a_release_and_its_change_below_the_month(browse: Browse, sample: str) -> None:
    page = browse(f"{sample}repos/python/3.6-slim/history/#at-2017-07-24T20:43:42Z")
    row = page.get_by_role("row").filter(has=page.get_by_role("button", name="Show the change of 2017-07-24"))
    page.get_by_text("This comparison on its own page").wait_for()
    expect(row.get_by_role("button")).to_have_attribute("aria-expanded", "true")
    covered = page.locator(".m").filter(has_text="July 2017").locator("th").bounding_box()
    shown = row.bounding_box()
    assert shown
    assert covered
    assert shown["y"] >= covered["y"] + covered["height"] - 1


def test_the_tables_of_an_opened_state_look_like_those_of_an_opened_release(browse: Browse, sample: str) -> None:
    page = browse(f"{sample}repos/python/3.6-slim/history/")
    page.locator(".s summary").first.click()
    page.locator("tr.s").first.get_by_role("button", name="Show the change").last.click()
    tables = page.locator("tr.s .ri-change table")
    tables.first.wait_for()
    assert set(tables.evaluate_all("tables => tables.map((table) => getComputedStyle(table).borderLeftWidth)")) == {
        "0px"
    }


def test_the_change_of_a_state_fits_on_a_phone(browse: Browse, sample: str) -> None:
    page = browse(f"{sample}repos/python/3.6-slim/history/", width=320)
    page.locator(".s button").first.wait_for(state="attached")  # what scripts add moves the rows
    page.locator(".s summary").first.click()
    states = page.locator(".s table").first
    states.get_by_role("button", name="Show the change").first.click()
    page.get_by_text("This comparison on its own page").wait_for()
    assert states.evaluate("table => table.scrollWidth - table.clientWidth") == 0


@pytest.mark.parametrize(
    ("address", "cell"),
    [
        ("", ".ri-home > table:not(:has([align])) td:nth-child(3)"),
        ("repos/python/", "#latest-changes ~ table:not(:has([align])) td:nth-child(3)"),
        ("repos/python/", "#tags ~ table td:first-child"),
    ],
)
def test_on_a_phone_a_row_has_lines(browse: Browse, sample: str, address: str, cell: str) -> None:
    page = browse(f"{sample}{address}", width=390)
    assert page.locator(cell).first.evaluate("cell => getComputedStyle(cell).display") == "block"


OVERLAPS = """() => {
  const texts = [...document.querySelectorAll(".ri-time text")];
  const words = texts.map((text) => text.getBoundingClientRect()).filter(({ width }) => width);
  return [words.length, words.filter(({ left }, at) => at && left < words[at - 1].right).length];
}"""


TIMELINE = """page
release 2017-12-14T00:00:00Z first-seen r-1 first seen
release 2018-01-24T00:00:00Z version r-2 1.0 → 1.1
platform 2017-12-14T00:00:00Z=0 2018-01-24T00:00:00Z=1 windows/amd64 10.0.14393.2007"""
"""Forty days, which have as many moments with words as there can be."""


@pytest.mark.parametrize("width", [1200, 1000, 600, 320])
def test_the_words_of_moments_do_not_overlap(browse: Browse, sample: str, width: int) -> None:
    page = browse(f"{sample}repos/python/3.6-slim/", width=width)
    page.locator(".ri-time").evaluate("(picture, html) => (picture.outerHTML = html)", draw(TIMELINE))
    words, overlaps = page.evaluate(OVERLAPS)
    assert words > 0
    assert overlaps == 0


def test_on_a_phone_a_short_value_is_one_line(browse: Browse, sample: str) -> None:
    page = browse(f"{sample}repos/python/3.6-slim/history/", width=360)
    value = page.locator("main td > code").get_by_text("3.6.4", exact=True).first
    assert value.evaluate("value => value.getClientRects().length") == 1
