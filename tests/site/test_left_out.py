"""What a site leaves out to stay within its limits is still answered, at the same addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from collector.configuration import SiteTable
from collector.site.build import BuildOptions, build_site
from collector.site.serve import SiteHandler, SiteServer
from tests.answers import draw_all, draw_questions, iter_differences
from tests.browser import Browse, overflow, served, serving
from tests.support.archives import ArchiveBuilder, deb, docker_image, index
from tests.support.folders import copy_site

pytestmark = pytest.mark.browser

DAYS = [f"2025-03-{number:02}" for number in range(1, 13)]
MANY = 2
"""Questions of each kind; `python -m tests.answers` asks more."""


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tag with a long history, and one that is gone; both had packages."""
    root = tmp_path_factory.mktemp("archive") / "archive"
    builder = ArchiveBuilder(root)
    for number, day in enumerate(DAYS):
        images = [docker_image(f"{number} {place}", layers=(f"{number} {place}",)) for place in ("a", "b")]
        builder.see("app:now", day, index(f"now {day}", *images))
        if number < 2:
            builder.see("app:old", day, index(f"old {day}", images[0]))
        builder.scan("app", day, images[0], [deb("openssl", f"3.0.{number}-1"), deb("bash", "5.2-1")])
    builder.see("app:old", DAYS[3], gone="missing")
    return root


@pytest.fixture(scope="module")
def left_out(archive: Path, frame: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site without all that can be left out."""
    site = copy_site(frame, tmp_path_factory.mktemp("limited") / "site")
    report = build_site(archive, site, BuildOptions(jobs=1, site=SiteTable(limit_files=1)))
    assert report.left_out
    return site


@pytest.fixture(scope="module")
def address(left_out: Path) -> Iterator[str]:
    with served(left_out) as found:
        yield found


def test_random_questions_have_the_same_answers(browse: Browse, whole: Path, left_out: Path, address: str) -> None:
    with served(whole) as before:
        pages = (browse(before), browse(address))
        assert len(draw_questions(whole, MANY, 1)) == 4 * MANY
        found = iter_differences(pages, whole, (before, address), draw_all(whole, left_out, MANY, 1))
        assert list(found) == []


@pytest.mark.parametrize(
    "path",
    [
        *(f"repos/app/{end}" for end in ("old/", "old", "remote/old.md", "old/index.md", "old/index.html")),
        "latest/repos/app/old/",
    ],
)
def test_a_tag_that_is_gone_is_answered_at_all_its_addresses(browse: Browse, address: str, path: str) -> None:
    page = browse(f"{address}{path}")
    expect(page.get_by_role("heading", level=1)).to_have_text("app:old")
    expect(page).to_have_url(f"{address}repos/app/old/")
    expect(page).to_have_title(re.compile("app:old · "))
    article = page.locator("article")
    since = r"2025-03-04 12:00 UTC \(\d+ \w+ ago\)"
    expect(article).to_contain_text(re.compile(f"This tag has been gone since {since}: the registry had no such tag."))
    expect(article.locator("pre").first).to_contain_text("docker pull app@sha256:")
    expect(article.locator("h3:text-is('Platforms') + div tbody tr")).to_have_count(1)
    expect(article.locator("h2:text-is('States') + table tbody tr")).to_have_count(3)
    page.get_by_role("link", name="What changed").first.click()
    expect(page.locator("[data-ri-compare]")).to_contain_text("app:old")


def test_a_long_history_is_answered_and_the_asked_state_is_marked(browse: Browse, whole: Path, address: str) -> None:
    release = re.findall(r'id="?(r-[0-9a-f]+)', (whole / "repos/app/now/history/index.html").read_text())[5]
    page = browse(f"{address}repos/app/now/history/#{release}")
    expect(page.get_by_role("heading", level=1)).to_have_text("History of app:now")
    expect(page.get_by_role("row")).to_have_count(1 + len(DAYS))
    expect(page.locator("tr[aria-current]")).to_have_count(1)
    expect(page.locator("tr[aria-current] code")).to_contain_text(release[2:])


def test_a_reader_goes_up_and_to_the_other_pages_of_the_tag(browse: Browse, address: str) -> None:
    page = browse(f"{address}repos/app/now/history/")
    expect(page.locator("article p").first).to_have_text("app / now / history")
    for name, to in (
        ("Now", "repos/app/now/"),
        ("Compare", "compare/?to=app:now"),
        ("app", "repos/app/"),
        ("now", "repos/app/now/"),
    ):
        link = page.locator("article").get_by_role("link", name=name, exact=True).first
        expect(link).to_have_attribute("href", address + to)
    page.goto(f"{address}repos/app/old/")
    expect(page.locator("article p").first).to_have_text("app / old")
    expect(page.locator("article li")).to_have_text(["Now", "History"])
    expect(page.locator("article ul")).to_have_css("display", "flex")
    page.get_by_role("link", name="History").click()
    expect(page).to_have_url(f"{address}repos/app/old/history/")
    expect(page.get_by_role("heading", level=1)).to_have_text("History of app:old")
    expect(page.locator("article li")).to_have_text(["Now", "History"])


def test_on_a_phone_a_state_is_a_paragraph(browse: Browse, address: str) -> None:
    page = browse(f"{address}repos/app/now/history/", width=390)
    expect(page.locator("article td").first).to_have_css("display", "inline")
    assert overflow(page) == 0
    table = page.locator("article > div > table")
    assert table.evaluate("table => table.scrollWidth <= table.clientWidth")
    heights = page.locator("article tbody tr").evaluate_all("rows => rows.map((row) => row.offsetHeight)")
    assert max(heights) <= 64  # two lines


@pytest.mark.parametrize("path", ["history", "history/index.html", "history/index.md"])
def test_an_address_leads_to_the_history_with_all_that_follows_it(browse: Browse, address: str, path: str) -> None:
    page = browse(f"{address}repos/app/now/{path}?a=b#at-{DAYS[4]}T12:00:00Z")
    expect(page).to_have_url(f"{address}repos/app/now/history/?a=b#at-{DAYS[4]}T12:00:00Z")
    expect(page.locator("tr[aria-current]")).to_contain_text(DAYS[4])


def test_the_release_in_which_a_tag_went_is_marked(browse: Browse, whole: Path, address: str) -> None:
    (release,) = re.findall(r'id="?(r-20250304[0-9]+)', (whole / "repos/app/old/index.html").read_text())
    page = browse(f"{address}repos/app/old#{release}")
    expect(page).to_have_url(f"{address}repos/app/old/#{release}")
    expect(page.locator("tr[aria-current]")).to_contain_text("gone")


def test_a_page_that_should_exist_and_does_not_is_not_asked_for_again(
    browse: Browse, left_out: Path, address: str
) -> None:
    page = browse(f"{address}about/")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.route(
        "**/repos/app/?x", lambda route: route.fulfill(status=404, path=left_out / "404.html", content_type="text/html")
    )
    page.goto(f"{address}repos/app/?x")
    expect(page.get_by_role("heading", level=1)).to_have_text("Page not found")
    page.wait_for_load_state("networkidle")
    assert asked.count(f"{address}repos/app/?x") == 1


def test_another_form_of_an_address_leads_to_the_page_that_the_site_has(browse: Browse, address: str) -> None:
    page = browse(f"{address}repos/app/now/index.md")
    expect(page).to_have_url(f"{address}repos/app/now/")
    expect(page.get_by_role("button", name="Show the change of 2025-03-12")).to_be_visible()


class _WithoutSlashes(SiteHandler):
    """Redirects from every address of a page that ends with a slash to the one without, and lacks a page."""

    def send_head(self) -> Any:
        path = urlsplit(self.path).path
        if path.startswith("/repos/") and path.endswith("/"):
            self.send_response(HTTPStatus.MOVED_PERMANENTLY)
            self.send_header("Location", path.rstrip("/"))
            self.send_header("Content-Length", "0")
            self.end_headers()
            return None
        if path == "/repos/app":
            return self.send_error(HTTPStatus.NOT_FOUND)
        if Path(self.translate_path(path)).is_dir():
            self.path = f"{path}/"  # so that the page is sent, or that it is missing
        return super().send_head()


@pytest.fixture(scope="module")
def without_slashes(left_out: Path) -> Iterator[str]:
    """The address of such a host."""
    with serving(SiteServer(("127.0.0.1", 0), partial(_WithoutSlashes, directory=str(left_out)))) as found:
        yield found


@pytest.mark.parametrize("path", ["repos/app/old/", "repos/app/old", "latest/repos/app/old/"])
def test_a_host_that_removes_slashes_shows_what_is_left_out(browse: Browse, without_slashes: str, path: str) -> None:
    page = browse(f"{without_slashes}{path}")
    expect(page.get_by_role("heading", level=1)).to_have_text("app:old")
    expect(page).to_have_url(f"{without_slashes}repos/app/old/")


@pytest.mark.parametrize("path", ["repos/app/", "repos/app", "repos/app/remote"])
def test_a_page_that_such_a_host_lacks_is_not_asked_for_for_ever(
    browse: Browse, without_slashes: str, path: str
) -> None:
    page = browse(f"{without_slashes}about/")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{without_slashes}{path}")
    expect(page).to_have_url(f"{without_slashes}repos/app")
    page.wait_for_load_state("networkidle")
    expect(page.get_by_role("heading", level=1)).to_have_text("Page not found")
    assert asked.count(f"{without_slashes}repos/app") in {1, 2}


def test_a_change_is_shown_without_the_json_of_the_history(browse: Browse, address: str) -> None:
    page = browse(f"{address}repos/app/now/")
    page.get_by_role("button", name="Show the change of 2025-03-12").click()
    expect(page.locator("td.ri-change")).to_contain_text("openssl")


def test_a_date_is_compared_with_another(browse: Browse, address: str) -> None:
    page = browse(f"{address}compare/?from=app:old@{DAYS[0]}&to=app:now")
    expect(page.locator("[data-ri-compare]")).to_contain_text("openssl")


def test_why_a_build_changed_names_the_states(browse: Browse, address: str) -> None:
    page = browse(f"{address}why/?image=app:now&since={DAYS[8]}")
    expect(page.locator("[data-ri-why] tbody tr")).to_have_count(3)
    page.get_by_role("button", name="Show the change of 2025-03-12").click()
    expect(page.locator("td.ri-change")).to_contain_text("openssl")


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("api/v1/repos/app/old.json", "api/v1/repos/app/-states.json.gz"),
        ("api/v1/repos/app/now/history.json", "api/v1/repos/app/-states.json.gz"),
        ("repos/app/old/feed.xml", "repos/app/feed.xml"),
    ],
)
def test_the_address_of_a_file_says_where_the_data_are(
    browse: Browse, address: str, left_out: Path, path: str, data: str
) -> None:
    page = browse(address + path)
    expect(page.locator("article [role=status]")).to_contain_text(data)
    assert (left_out / data).is_file()


def test_home_says_what_is_left_out(browse: Browse, address: str) -> None:
    page = browse(address)
    expect(page.locator("article")).to_contain_text(
        "this site leaves out 2 pages of tags that are gone, and of histories"
    )


def test_search_leads_to_the_answer(browse: Browse, address: str) -> None:
    page = browse(address)
    search(page, "app:old")
    expect(page.get_by_role("heading", level=1)).to_have_text("app:old")


def search(page: Page, text: str) -> None:
    page.keyboard.press("/")
    page.keyboard.type(text)
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("Enter")


def test_a_build_on_a_tag_without_its_history_has_its_images(browse: Browse, address: str) -> None:
    page = browse(f"{address}why/?image=app:now&since={DAYS[0]}")
    expect(page.locator("section")).to_contain_text("The site leaves the history of app:now out")
    expect(page.locator("section tbody td").nth(1)).to_have_text("another image")
