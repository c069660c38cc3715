"""The page of a platform whose image another tag's page tells in full."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser import Browse

pytestmark = pytest.mark.browser

ALIAS = "repos/python/3.6-slim/linux-amd64/"
TELLER = "repos/python/3.6.4-slim/linux-amd64/"


def test_the_steps_are_brought_here(browse: Browse, sample: str) -> None:
    told = browse(f"{sample}{TELLER}").locator("article ol > li > pre code").all_inner_texts()
    page = browse(f"{sample}{ALIAS}")
    expect(page.get_by_role("heading", name="Steps and layers")).to_be_visible()
    assert page.locator("article ol > li > pre code").all_inner_texts() == told
    assert any("PYTHON_VERSION=3.6.4" in step for step in told)
    page.locator("article ol a").first.click()
    expect(page.locator("article")).to_contain_text("Layer")


def test_without_scripts_a_link_leads_there(browse: Browse, sample: str) -> None:
    page = browse(f"{sample}{ALIAS}", scripts=False)
    page.get_by_role("link", name="Steps and layers").click()
    assert page.url == f"{sample}{TELLER}#steps-and-layers"
