"""The reader's platform: remembered, and in the address."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser import Browse

pytestmark = pytest.mark.browser


def test_the_chosen_platform_comes_first_and_says_whether_it_is_behind(browse: Browse, sample: str) -> None:
    page = browse(f"{sample}repos/python/3.6-slim/", fresh=True)
    first = page.locator("#platforms ~ table tbody tr").first
    expect(first).to_contain_text("linux/amd64")
    page.get_by_label("My platform").select_option("linux-s390x")
    expect(first).to_contain_text("linux/s390x")
    expect(page.get_by_role("status").first).to_have_text(
        "linux/s390x is up to date; its image is of 2018-01-07 (Dockerfile changed, base image moved)"
    )
    assert page.url.endswith("?platform=linux-s390x")
    # It is remembered: other tags begin with it, and histories show its releases.
    page.goto(f"{sample}repos/python/3.6/")
    expect(first).to_contain_text("linux/s390x")
    page.goto(f"{sample}repos/python/3.6-slim/history/")
    expect(page.get_by_label("Platform")).to_have_value("linux-s390x")
    page.goto(f"{sample}repos/python/3.6-slim/")
    page.get_by_label("My platform").select_option("")
    expect(first).to_contain_text("linux/amd64")
    page.reload()
    expect(first).to_contain_text("linux/amd64")


def test_the_choice_leaves_the_platforms_paragraphs_on_a_phone(browse: Browse, sample: str) -> None:
    page = browse(f"{sample}repos/python/3.6-slim/", width=360)
    expect(page.get_by_label("My platform")).to_be_visible()
    table = page.locator("#platforms ~ table").first
    expect(table.locator("thead")).to_be_hidden()
    assert table.evaluate("table => table.scrollWidth - table.clientWidth") == 0


def test_an_address_names_a_platform_for_others(browse: Browse, sample: str) -> None:
    page = browse(f"{sample}repos/python/3.6-slim/?platform=linux-arm64-v8", fresh=True)
    expect(page.locator("#platforms ~ table tbody tr").first).to_contain_text("linux/arm64/v8")
    page.goto(f"{sample}repos/python/3.6-slim/?platform=<b>linux-riscv64")
    expect(page.get_by_role("status").first).to_have_text("This tag has no image for <b>linux-riscv64")
    expect(page.locator("#platforms ~ table tbody tr").first).to_contain_text("linux/amd64")
