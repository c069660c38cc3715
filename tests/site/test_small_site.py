"""A small archive: its site has few files, and what changed below an image is three clicks from home."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from collector.site.build import BuildOptions, build_site
from tests.browser import Browse, served
from tests.pages.archives import Seen, alone, day, write_archive
from tests.releases.made_up import base_of, built
from tests.support.folders import copy_site

MAX_FILES = 300


@pytest.fixture(scope="module")
def site(frame: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Debian, an image that was built on it, and built again when it moved, and another one."""
    folder = tmp_path_factory.mktemp("small")
    archive = write_archive(
        folder / "archive",
        alpine=[Seen(tag="3.7", time=day(1), state=alone(built(run="apk")))],
        debian=[Seen(tag="stretch", time=day(number), state=alone(base_of(base=number))) for number in (1, 7)],
        python=[Seen(tag="3.6", time=day(number + 1), state=alone(built(base=number))) for number in (1, 7)],
    )
    site = copy_site(frame, folder / "site")
    build_site(archive, site, BuildOptions(jobs=1))
    return site


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    with served(site) as address:
        yield address


def test_three_images_make_few_files(site: Path) -> None:
    files = [path for path in site.rglob("*") if path.is_file()]
    assert len(files) <= MAX_FILES
    assert len([path for path in files if "digests" in path.parts]) == 16


@pytest.mark.browser
@pytest.mark.parametrize("scripts", [True, False])
def test_what_the_base_changed_below_an_image_is_three_clicks_away(browse: Browse, address: str, scripts: bool) -> None:
    page = browse(address, scripts=scripts)
    page.get_by_role("row", name="base image moved").get_by_role("link", name="python:3.6").click()
    page.get_by_role("link", name="debian:stretch, 2024-01-07").first.click()
    expect(page).to_have_url(re.compile(r"/repos/debian/stretch/#r-[0-9a-f]{12}$"))
    row = page.locator(f"tr[id='{page.url.partition('#')[2]}']")
    expect(row).to_contain_text("new root filesystem")
    if scripts:
        row.get_by_role("button").click()
        expect(page.locator("article")).to_contain_text("ADD")
