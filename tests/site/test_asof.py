"""What tags pointed at on a day: the page /as-of/, and the boxes that lead there."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from collector.archive.store import Archive
from collector.model.references import parse_repository
from collector.model.times import parse_as_of
from tests.browser import Browse, overflow
from tests.support.site_data import read_json

pytestmark = pytest.mark.browser

DAYS = ("2016-09-09", "2016-12-31", "2017-06-01", "2017-10-04", "2017-12-12", "2018-01-08")


def test_the_same_answers_as_the_command_line(browse: Browse, sample: str, sample_site: Path, root: Path) -> None:
    holdings = Archive(root / "examples" / "archive").load(parse_repository("python"))
    page = browse(f"{sample}as-of/?of=python&on=2018-01-01")
    asked = [(tag, on) for tag in sorted(holdings.tags) for on in DAYS]
    states = read_json(sample_site / "api/v1/repos/python/-states.json.gz")
    ends = {on: f"{on}T23:59:59Z" for on in DAYS}
    script = """async ([asked, ends, tags]) => {
        const { stateAt } = await import(new URL("../assets/javascripts/asof.js", location));
        return asked.map(([tag, on]) => stateAt(tags[tag], Date.parse(ends[on]) / 1000)?.place ?? null);
    }"""
    found = page.evaluate(script, [asked, ends, states["tags"]])
    checked = 0
    for (tag, on), place in zip(asked, found, strict=True):
        period = next((one for one in holdings.periods(tag)[::-1] if one.since <= parse_as_of(on)), None)
        digest = period.digest if period else None
        assert (f"sha256:{states['digests'][place]}" if place is not None and place >= 0 else None) == digest
        checked += digest is not None
    assert checked > 40


def test_pin_a_tag_as_of_a_day_in_three_steps(browse: Browse, sample: str) -> None:
    page = browse(f"{sample}repos/python/3.6/")
    page.get_by_label("The day, in UTC").fill("2017-06-01")
    page.get_by_label("The day, in UTC").press("Enter")
    pin = page.locator("article pre code").first
    expect(pin).to_have_text("python:3.6@sha256:b2dfd12f7fb4997345b11b74b154849d0549e270221030cd0450b85b7f6c0e92")
    page.get_by_role("button", name="Copy").first.click()
    assert page.evaluate("navigator.clipboard.readText()") == pin.inner_text()


def test_all_tags_of_an_image_to_download(browse: Browse, sample: str) -> None:
    page = browse(f"{sample}repos/python/", width=320)
    page.get_by_label("The day, in UTC").fill("2017-06-01")
    page.get_by_role("button", name="Show", exact=True).last.click()
    expect(page.get_by_role("heading", name="8 tags of python on 2017-06-01")).to_be_visible()
    assert overflow(page) == 0
    assert page.locator("article table").evaluate("table => table.scrollWidth - table.clientWidth") == 0
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the list").click()
    assert download.value.suggested_filename == "python-2017-06-01.txt"
    lines = Path(download.value.path()).read_text().splitlines()
    assert len(lines) == 8
    assert "python:3.6@sha256:b2dfd12f7fb4997345b11b74b154849d0549e270221030cd0450b85b7f6c0e92" in lines


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("of=python:9&on=2017-06-01", "The archive has no tag python:9."),
        ("of=cobol&on=2017-06-01", "The archive has no image cobol."),
        ("of=python:3.6&on=2010-01-01", "python:3.6 was not known on 2010-01-01."),
        ("of=python:3.6.3&on=2018-01-01", "python:3.6.3 had no image on 2018-01-01: no longer followed"),
        ("of=python&on=2010-01-01", "No tag of python had an image on 2010-01-01."),
        ("of=python&on=%3Cimg src=x%3E", "is not a date"),
        ("of=python&on=2018-02-30", "“2018-02-30” is not a date"),
        ("of=python&on=2018-01-32", "“2018-01-32” is not a date"),
        ("of=python&on=0000-01-01", "“0000-01-01” is not a date"),
        ("of=%3Cimg src=x onerror=document.title=1%3E&on=2018-01-01", "The archive has no image <img src=x"),
        ("of=__proto__:constructor&on=2018-01-01", "The archive has no image __proto__."),
        ("of=a%E2%80%AEb&on=2018-01-01", "The archive has no image a⟨U+202E⟩b."),
        ("of=python:__proto__&on=2018-01-01", "The archive has no tag python:__proto__."),
        ("of=localhost:5000/a&on=2018-01-01", "The archive has no image localhost:5000/a."),
    ],
)
def test_unanswerable_questions_are_explained(browse: Browse, sample: str, query: str, words: str) -> None:
    page = browse(f"{sample}as-of/?{query}")
    expect(page.get_by_role("status")).to_contain_text(words)
    assert page.locator("article img").count() == 0


def test_with_only_the_keyboard(browse: Browse, sample: str) -> None:
    page = browse(f"{sample}as-of/")
    page.get_by_label("An image or a tag").focus()
    page.keyboard.type("python:3.6")
    page.keyboard.press("Tab")
    page.keyboard.type("06012017")  # month, day and year, each a part of the box
    page.keyboard.press("Enter")
    pin = page.locator("article pre code").first
    expect(pin).to_have_text("python:3.6@sha256:b2dfd12f7fb4997345b11b74b154849d0549e270221030cd0450b85b7f6c0e92")
    button = page.get_by_role("button", name="Copy: python:3.6@")
    for _ in range(20):
        page.keyboard.press("Tab")
        if button.evaluate("button => button === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(button).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == pin.inner_text()
