"""The content of the clipboard: complete digests, even if they are shown shortened; commands without prompts and
output.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import Browse

pytestmark = pytest.mark.browser

TAG = "repos/python/3.6-slim"


def clipboard(page: Page) -> str:
    text: str = page.evaluate("navigator.clipboard.readText()")
    return text


@pytest.fixture
def newest(sample_site: Path) -> str:
    """The digest of the tag's newest state, whole."""
    digest: str = json.loads((sample_site / f"api/v1/{TAG}.json").read_text())["digest"]
    return digest


def assert_has(text: str, digest: str) -> None:
    assert re.search(rf"{digest}(?![0-9a-f…])", text), text


def row_of(page: Page, digest: str) -> Locator:
    """The row of a change whose digest is shown cut off."""
    row = page.get_by_role("row").filter(has=page.locator("td code.d", has_text=digest))
    row.get_by_role("button", name="Show the change").wait_for()
    code = row.locator("code.d")
    assert code.evaluate("code => code.scrollWidth > code.clientWidth"), "it is not shortened"
    return row


@pytest.mark.parametrize("width", [1280, 360])
def test_a_shortened_digest_is_selected_whole_with_the_mouse(
    browse: Browse, sample: str, newest: str, width: int
) -> None:
    page = browse(f"{sample}{TAG}/", width=width)
    row = row_of(page, newest)
    row.scroll_into_view_if_needed()
    before, after = row.locator("td").nth(1).bounding_box(), row.get_by_role("button").bounding_box()
    assert before
    assert after
    page.mouse.move(before["x"] + 1, before["y"] + 8)
    page.mouse.down()
    page.mouse.move(after["x"] - 2, after["y"] + after["height"] / 2, steps=5)
    page.mouse.up()
    page.keyboard.press("Control+c")
    assert_has(clipboard(page), newest)


def test_a_shortened_digest_is_selected_whole_with_the_keyboard(browse: Browse, sample: str, newest: str) -> None:
    page = browse(f"{sample}{TAG}/")
    row = row_of(page, newest)
    row.locator("td").first.click()
    page.keyboard.press("Home")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Control+c")
    assert_has(clipboard(page), newest)


def test_the_buttons_copy_digests_whole(browse: Browse, sample: str, newest: str) -> None:
    page = browse(f"{sample}{TAG}/", width=360)
    commands = {"Pinned": f"docker pull python:3.6-slim@{newest}", "FROM": f"FROM python:3.6-slim@{newest}"}
    for name, command in commands.items():
        page.get_by_role("radio", name=name).check()
        button = page.get_by_role("button", name=f"Copy: {command[:60]}")
        button.click()
        expect(button).to_have_text("Copied")
        assert clipboard(page) == command


def test_only_commands_are_copied_from_a_terminal_block(browse: Browse, sample: str) -> None:
    page = browse(f"{sample}api/")
    page.get_by_role("button", name="Copy: $ curl -s $site/api/v1/repos/python/3.6-slim.json").nth(1).click()
    assert clipboard(page).splitlines() == [
        "curl -s $site/api/v1/repos/python/3.6-slim.json |",
        """  jq -r '.platforms[] | select(.slug == "linux-amd64") | .manifest, .size'""",
    ]
