"""Old addresses of repo-info lead to their pages, also below a path; what is nowhere is explained."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from collector.configuration import SiteTable
from collector.site.build import BuildOptions, build_site
from tests.browser import Browse, served

pytestmark = pytest.mark.browser

DIGEST = "sha256:" + "ab" * 32

OLD = {
    f"d/{DIGEST}": f"digest/?q={DIGEST.replace(':', '%3A')}",
    "d/abcdef0/": "digest/?q=abcdef0",
    f"d/python@{DIGEST}": f"digest/?q=python%40{DIGEST.replace(':', '%3A')}",
    "repos/python/remote/3.6-slim.md": "repos/python/3.6-slim/",
    "repos/python/local/3.6-slim.md": "repos/python/3.6-slim/",
    "repos/python/remote/3.6.4": "repos/python/3.6.4/",
    "blob/master/repos/python/remote/3.6.md": "repos/python/3.6/",
    "tree/master/repos/python/remote/3.6.md": "repos/python/3.6/",
    "commits/master/repos/python/remote/3.6.3.md": "repos/python/3.6.3/",
    "tree/master/repos/hello-world": "repos/hello-world/",
    "blob/master/repos/hello-world/remote/": "repos/hello-world/",
    "repos/library/python/": "repos/python/",
}


@pytest.fixture(scope="module")
def under_a_path(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The sample's site as a static host has it under a path, with its 404.html for all that is below."""
    host = tmp_path_factory.mktemp("host")
    site = host / "some" / "path"
    site.parent.mkdir()
    options = BuildOptions(jobs=1, site=SiteTable(url="https://example.org/some/path/"))
    build_site(root / "examples" / "archive", site, options)
    shutil.copy(site / "404.html", host / "404.html")
    (host / "index.html").touch()
    with served(host) as address:
        yield f"{address}some/path/"


@pytest.mark.parametrize(("old", "new"), OLD.items(), ids=OLD)
@pytest.mark.parametrize("place", ["sample", "under_a_path"])
def test_old_addresses_lead_to_their_pages(
    browse: Browse, request: pytest.FixtureRequest, place: str, old: str, new: str
) -> None:
    site: str = request.getfixturevalue(place)
    page = browse(f"{site}{old}")
    expect(page).to_have_url(f"{site}{new}")
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Page not found")


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("repos/python/remote/no-such.md", "not its tag no-such"),
        ("repos/python/no-such/", "not its tag no-such"),
        ("repos/python/3.6/plan9-mips/", "no such page of python:3.6"),
        ("repos/no-such/remote/1.md", "no image no-such"),
        ("d/not-a-digest", "Search for an image"),
        ("%E0%A4%A/d/x", "Search for an image"),
        ("repos/%3Cscript%3E/", "no image <script>"),
    ],
)
def test_an_unknown_address_is_explained(browse: Browse, under_a_path: str, path: str, says: str) -> None:
    page = browse(f"{under_a_path}{path}")
    expect(page.locator("[data-ri-notfound]")).to_contain_text(says)
    assert page.url.startswith(under_a_path)


OUTWARD = ("d/https://example.org/abcdef0", "repos//example.org/", "/example.org/d/a", "repos/a/remote/..%2fx.md")


@pytest.mark.parametrize("path", OUTWARD)
def test_no_address_leads_out_of_the_site(browse: Browse, under_a_path: str, path: str) -> None:
    page = browse(f"{under_a_path}{path}")
    page.wait_for_load_state("networkidle")
    assert page.url.startswith(under_a_path)


OLDER = "r-0123456789ab"
"""A release that only an older part of the history has."""


@pytest.mark.parametrize("page_of", ["repos/python/3.6-slim/", "repos/python/3.6-slim/history/"])
def test_a_release_that_is_no_longer_on_a_page_is_found_in_the_history(
    browse: Browse, sample: str, sample_site: Path, page_of: str
) -> None:
    history = (sample_site / "repos/python/3.6-slim/history/index.html").read_text(encoding="utf-8")
    with_older = history.replace("</table>", '</table><p><a href="1/">Older releases</a></p>')
    page = browse(f"{sample}about/")
    page.route("**/3.6-slim/history/", lambda route: route.fulfill(body=with_older, content_type="text/html"))
    page.route("**/history/1/", lambda route: route.fulfill(body=f"<h1 id={OLDER}>1</h1>", content_type="text/html"))
    page.goto(f"{sample}{page_of}#{OLDER}")
    expect(page).to_have_url(f"{sample}repos/python/3.6-slim/history/1/#{OLDER}")


def test_a_release_that_is_nowhere_ends_at_the_history(browse: Browse, sample: str) -> None:
    page = browse(f"{sample}repos/python/3.6-slim/#r-ffffffffffff")
    expect(page).to_have_url(f"{sample}repos/python/3.6-slim/history/#r-ffffffffffff")
    expect(page.get_by_role("button", name="Show the change of").first).to_be_visible()
