"""Long lists are folded, and open without JavaScript; the text of their filter is in the address."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from collector.site.body import render_body
from tests.browser import Browse, served
from tests.site.fake import build_fake, pages
from tests.site.fake import page as fake_page

TABLE = "| A |\n|---|\n| b |\n"
LIST = "".join(f"| tag{number} |\n" for number in range(20))
LONG = f"# app\n\n## Tags\n\n| Tags |\n|---|\n| first |\n\n*20 more*\n\n| Tags |\n|---|\n{LIST}"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("folds")
    build_fake(folder / "site", pages(fake_page("repos/app/", LONG, kind="image")))
    with served(folder / "site") as address:
        yield address


def test_an_emphasized_line_before_a_table_folds_it() -> None:
    html = render_body(f"{TABLE}\n*1,250 more*\n\n{TABLE}")
    assert html.count("<table>") == 2
    assert "<details class=ri-more><summary>1,250 more</summary><table>" in html
    assert "<details" not in render_body(f"*1,250 more*\n\ntext\n\n{TABLE}")


@pytest.mark.browser
def test_a_folded_list_opens_without_scripts(browse: Browse, site: str) -> None:
    page = browse(f"{site}repos/app/", scripts=False)
    expect(page.get_by_text("tag7", exact=True)).to_be_hidden()
    page.get_by_text("20 more").click()
    expect(page.get_by_text("tag7", exact=True)).to_be_visible()


@pytest.mark.browser
def test_the_filter_finds_what_is_folded_away_and_is_in_the_address(browse: Browse, site: str) -> None:
    page = browse(f"{site}repos/app/")
    page.get_by_role("searchbox", name="Filter: Tags").fill("tag7")
    expect(page.get_by_text("tag7", exact=True)).to_be_visible()
    expect(page.get_by_role("status").first).to_have_text("1 row of 21")
    expect(page).to_have_url(f"{site}repos/app/?tags=tag7")
    page.reload()
    expect(page.get_by_text("tag7", exact=True)).to_be_visible()
    expect(page.get_by_text("first", exact=True)).to_be_hidden()
    page.get_by_role("searchbox", name="Filter: Tags").fill("")
    expect(page).to_have_url(f"{site}repos/app/")
    expect(page.get_by_text("tag7", exact=True)).to_be_hidden()
