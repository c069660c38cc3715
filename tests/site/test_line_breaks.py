"""Where lines break in narrow windows, in Chromium: a time, a size, and a name with its comma stay together."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser import Browse, overflow

pytestmark = pytest.mark.browser

WIDTHS = range(320, 700, 4)
PAGES = (
    "",
    "repos/python/",
    "repos/python/3.6/",
    "repos/python/3.6-slim/history/",
    "repos/python/3.6.4/linux-amd64/",
    "compare/?from=python:3.6-slim@2017-09-01&to=python:3.6-slim",
)
_TEXT = {"times": r"\d{4}-\d\d-\d\d( \d\d:\d\d( UTC)?)?", "sizes": r"\d[ \u00a0][KMG]?B\b", "commas": r"^,"}
_BROKEN = """([pattern, outside]) => {
  const texts = document.createTreeWalker(document.querySelector("article"), NodeFilter.SHOW_TEXT);
  const found = [];
  for (let text; (text = texts.nextNode()); ) {
    const match = new RegExp(pattern).exec(text.data);
    const before = text.previousSibling;
    if (!match || text.parentElement.closest(outside)) continue;
    const range = document.createRange();
    range.setStart(text, match.index);
    range.setEnd(text, match.index + match[0].length);
    if (pattern === "^," && before?.matches?.("a:has(> code)")) range.setStart(before.firstChild.firstChild, 0);
    if (range.getClientRects().length) found.push([range.toString(), range]);
  }
  const lines = (range) => {
    const middles = [...range.getClientRects()].map(({ top, bottom }) => (top + bottom) / 2);
    return Math.max(...middles) - Math.min(...middles) > 10 ? 2 : 1;
  };
  return [found.length, found.filter(([, range]) => lines(range) > 1).map(([words]) => words)];
}"""


def broken(page: Page, what: str) -> tuple[int, list[str]]:
    """The number of such texts that a page shows, and those that are on two lines.

    Code and headings are not marked: they show what others wrote.
    """
    found: tuple[int, list[str]] = page.evaluate(_BROKEN, [_TEXT[what], "pre, code, svg, h1, h2, h3, button, select"])
    return found


@pytest.mark.parametrize("address", PAGES)
def test_times_sizes_and_commas_stay_on_their_line(browse: Browse, sample: str, address: str) -> None:
    page = browse(f"{sample}{address}")
    page.locator("time").first.wait_for(state="attached")
    if "compare" in address:
        page.get_by_text("Platform added").first.wait_for()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        for what in _TEXT:
            assert broken(page, what)[1] == [], f"{what} at {width} pixels"
        assert overflow(page) == 0


def test_the_pages_have_what_may_break(browse: Browse, sample: str) -> None:
    counts = dict.fromkeys(_TEXT, 0)
    for address in PAGES[2:]:
        page = browse(f"{sample}{address}")
        page.locator("time").first.wait_for(state="attached")
        for what in _TEXT:
            counts[what] += broken(page, what)[0]
    assert min(counts.values()) > 3


_GAPS = """names => names.filter(({ parentElement, textContent }) => parentElement.textContent !== textContent)
  .map((name) => [
    getComputedStyle(name).marginRight,
    getComputedStyle(name.parentElement, "::after").marginLeft,
  ])"""


@pytest.mark.parametrize("address", ["as-of/", "compare/", "digest/", "why/"])
def test_a_name_among_other_words_of_a_link_has_usual_space(browse: Browse, sample: str, address: str) -> None:
    page = browse(f"{sample}{address}")
    page.get_by_text("For example:").wait_for()
    gaps = page.locator("p > a > code").evaluate_all(_GAPS)
    assert all(gap == ["0px", "0px"] for gap in gaps)
    assert gaps or address == "digest/"


_CUT = """() => [...document.querySelectorAll("article input[placeholder]")].filter((input) => {
  const style = getComputedStyle(input);
  const context = document.createElement("canvas").getContext("2d");
  context.font = `${style.fontSize} ${style.fontFamily}`;
  const room = input.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  return context.measureText(input.placeholder).width > room;
}).map((input) => input.placeholder)"""


@pytest.mark.parametrize("address", ["as-of/", "compare/", "digest/", "package/"])
def test_the_example_in_a_box_fits(browse: Browse, sample: str, address: str) -> None:
    page = browse(f"{sample}{address}")
    assert page.locator("article input[placeholder]").count()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate(_CUT) == [], f"{width} pixels"


@pytest.mark.parametrize("width", [1280, 768])
def test_names_in_the_tables_of_the_guide_stay_on_one_line(browse: Browse, sample: str, width: int) -> None:
    page = browse(f"{sample}sql/", width=width)
    names = page.locator("article td:first-child code")
    lines = names.evaluate_all("names => names.map((name) => [name.textContent, name.getClientRects().length])")
    assert ["environment", 1] in lines
    assert {count for _, count in lines} == {1}
    page.goto(f"{sample}guarantees/")
    tests = page.locator("article td:nth-child(2)").evaluate_all("cells => cells.map((cell) => cell.offsetWidth)")
    assert min(tests) > 200  # beside sentences that do not push them out of the table
    overflows = "tables => tables.map((table) => table.scrollWidth - table.clientWidth)"
    assert set(page.locator("article table").evaluate_all(overflows)) == {0}


def test_on_a_phone_the_tags_with_a_version_are_paragraphs(browse: Browse, sample: str) -> None:
    page = browse(f"{sample}digest/?q=3.6.2", width=390)
    cells = page.locator("[role=status] td")
    expect(cells.nth(2)).to_have_css("display", "inline")
    assert page.locator("[role=status] table").evaluate("table => table.scrollWidth - table.clientWidth") == 0
    lines = "cells => cells.map((cell) => cell.getClientRects().length)"
    assert set(page.locator("[role=status] td:nth-child(n + 3)").evaluate_all(lines)) == {1}


def test_the_cause_of_a_platforms_image_takes_two_lines(browse: Browse, sample: str) -> None:
    page = browse(f"{sample}repos/python/3.6.3/")
    causes = page.locator("h2[id='platforms'] ~ table td:nth-child(5)")
    lines = """cells => cells.map((cell) => {
      const words = document.createRange();
      words.selectNodeContents(cell);
      return words.getClientRects().length;
    })"""
    expect(causes.first).to_have_text("base image moved")
    assert max(causes.evaluate_all(lines)) == 2
    table = page.locator("h2[id='platforms'] ~ table")
    assert table.evaluate("table => table.scrollWidth - table.clientWidth") == 0
