"""Pages for readers with a keyboard only, with reduced motion, or on paper; and relative times."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from tests.browser import Browse

pytestmark = pytest.mark.browser

FOCUSED = """() => {
  const element = document.activeElement;
  const { width, height, x, y } = element.getBoundingClientRect();
  const style = getComputedStyle(element);
  return {
    name: element.getAttribute("aria-label") || element.textContent.trim() || element.placeholder || element.tagName,
    tag: element.tagName,
    kind: element.className || element.name,
    seen: width > 0 && height > 0 && style.opacity === "1" && x < innerWidth && y < innerHeight && x + width > 0
      && y + height > 0,
    ringed: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
  };
}"""


def stops(page: Page) -> list[dict[str, str]]:
    """The places that the Tab key reaches, from the top of a page to its last link."""
    found = []
    for _ in range(200):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUSED)
        if stop["tag"] == "BODY":
            break
        assert stop["seen"], stop
        assert stop["ringed"] or stop["name"] == "Skip to content", stop
        found.append(stop)
        if stop["name"] == "This page as JSON":
            break
    return found


def in_order(names: list[str], wanted: list[str]) -> bool:
    """Whether the wanted names come one after the other, with or without others between them."""
    rest = iter(names)
    return all(any(name.startswith(want) for name in rest) for want in wanted)


@pytest.mark.parametrize("width", [1280, 320])
def test_the_tab_order_of_a_tag_page_is_its_visual_order(browse: Browse, sample: str, width: int) -> None:
    page = browse(f"{sample}repos/python/3.6-slim/", width=width)
    page.locator(".ri-asof").wait_for()
    page.get_by_role("button", name="Show the change").first.wait_for()
    page.emulate_media(reduced_motion="reduce")  # the skip link is there at once
    names = [stop["name"] for stop in stops(page)]
    date = "The day, in UTC"
    copies = ["Copy: docker pull python:3.6-slim"]
    rest = ["linux/amd64", "sha256:", "Show the change", "Feed"]
    assert names[:3] == ["Skip to content", "repo-info", "Search for an image, a tag, a package or a digest"]
    assert in_order(names, [date, *copies, *rest] if width > 800 else [*copies, *rest, date])
    assert names[-1] == "This page as JSON"


def test_the_skip_link_leads_to_the_content(browse: Browse, sample: str) -> None:
    page = browse(f"{sample}repos/python/3.6-slim/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('article') !== null")


def test_a_history_is_filtered_and_opened_by_keys(browse: Browse, sample: str) -> None:
    page = browse(f"{sample}repos/python/3.6/history/")
    page.get_by_label("Reason").focus()
    page.keyboard.press("b")  # base moved
    expect(page.get_by_role("status").first).to_contain_text("of ")
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.className") == "ri-show":
            break
    page.keyboard.press("Enter")
    expect(page.get_by_text("This comparison on its own page")).to_be_visible()


def test_wide_tables_scroll_by_keys(browse: Browse, sample: str) -> None:
    page = browse(f"{sample}repos/python/3.6/history/", width=320)
    page.get_by_role("button", name="Show the change").first.click()
    table = page.locator(".ri-change table").first
    expect(table).to_have_attribute("tabindex", "0")
    table.press("ArrowRight")
    page.wait_for_function("table => table.scrollLeft > 0", arg=table.element_handle())
    page.set_viewport_size({"width": 1600, "height": 800})
    expect(page.locator(".ri-history > table[tabindex]")).to_have_count(0)


def test_reduced_motion_is_respected(browse: Browse, sample: str) -> None:
    page = browse(f"{sample}repos/python/3.6-slim/")
    moving = """() => [...document.querySelectorAll("*")].flatMap((element) => ["", "::before", "::after"].map((part) =>
    {
      const { transitionDuration, animationName, scrollBehavior } = getComputedStyle(element, part || null);
      return [transitionDuration.replaceAll(/0s|, /g, ""), animationName.replaceAll(/none|, /g, ""), scrollBehavior];
    })).filter(([transition, animation, scroll]) => transition || animation || scroll === "smooth").length"""
    assert page.evaluate(moving) > 0
    page.emulate_media(reduced_motion="reduce")
    assert page.evaluate(moving) == 0


def test_a_printed_page_has_the_text_and_no_controls(browse: Browse, sample: str) -> None:
    page = browse(f"{sample}repos/python/3.6-slim/", width=700, dark=True)
    page.locator(".ri-asof").wait_for()
    page.locator("a > code.d").first.wait_for()
    assert page.locator("button:visible, input:visible").count() > 3
    page.emulate_media(media="print")
    assert page.locator("button:visible, input:visible, nav:visible, .ri-ago:visible").count() == 0
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    whole = "code => code.getClientRects().length > 0 && getComputedStyle(code).overflow === 'visible'"
    assert all(code.evaluate(whole) for code in page.locator("article td code.d").all())
    assert page.pdf()[:5] == b"%PDF-"


NOW = datetime(2026, 2, 1, tzinfo=UTC)


def at(page: Page, address: str) -> None:
    page.clock.set_fixed_time(NOW)
    page.goto(address)


def test_times_say_how_long_ago(browse: Browse, sample: str) -> None:
    page = browse(f"{sample}about/", fresh=True)
    at(page, f"{sample}repos/python/3.6-slim/")
    expect(page.get_by_text("Latest release 20")).to_contain_text("2017-12-21 03:57 UTC (8 years ago):")
    cell = page.locator("h2:text-is('Last changes') ~ table td time").first
    expect(cell).to_have_attribute("datetime", re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\dZ$"))
    expect(cell).to_have_attribute("title", "8 years ago")
    assert page.locator("td .ri-ago, h1 time, code time").count() == 0


def test_times_that_come_later_say_it_too(browse: Browse, sample: str) -> None:
    page = browse(f"{sample}about/", fresh=True)
    at(page, f"{sample}as-of/?of=python:3.6&on=2017-06-01")
    expect(page.get_by_role("status")).to_contain_text(re.compile(r"UTC \(8 years ago\)"))
    at(page, f"{sample}compare/?from=python:3.6@2017-06-01&to=python:3.6")
    expect(page.locator(".ri-sides time").first).to_be_visible()
    expect(page.locator(".ri-sides")).to_contain_text("(8 years ago)")


@pytest.mark.parametrize(
    ("day", "clock", "words"),
    [
        ("2026-01-31", "23:59", "1 minute ago"),
        ("2026-02-01", "00:00", "just now"),
        ("2026-01-31", "00:30", "23 hours ago"),
        ("2026-01-31", None, "today"),
        ("2026-01-30", None, "1 day ago"),
        ("2025-10-01", "00:00", "4 months ago"),
        ("2016-07-01", None, "9 years ago"),
        ("2027-06-01", "00:00", "in 1 year"),
        ("2025-13-40", None, None),
    ],
)
def test_the_words_for_a_time(browse: Browse, sample: str, day: str, clock: str | None, words: str | None) -> None:
    page = browse(f"{sample}about/")
    script = """async ([day, clock, now]) => {
        const { ago } = await import(new URL("../assets/javascripts/relative.js", location));
        return ago(day, clock ?? undefined, now);
    }"""
    assert page.evaluate(script, [day, clock, NOW.timestamp() * 1000]) == words
