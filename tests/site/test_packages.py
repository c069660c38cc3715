"""Packages in a real browser: search, look-up, and the way to the change that brought a version."""

from __future__ import annotations

import json
import random
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, Response, expect

from collector import open_archive
from collector.archive.holdings import Holdings
from collector.archive.store import Archive
from collector.importer.archive_import import import_source
from collector.lookup.package_uses import find_packages, parse_package_query
from collector.model.references import Repository, parse_repository
from collector.model.times import Time
from collector.site.build import build_site
from tests.browser import Browse, served
from tests.site.conftest import NEW, OLD

pytestmark = pytest.mark.browser


def search(page: Page, text: str) -> None:
    page.keyboard.press("/")
    page.keyboard.type(text)


@pytest.mark.parametrize(
    "query",
    [
        f"openssl {NEW}",
        f"openssl@{NEW}",
        f"openssl={NEW}",
        f"libssl3 {NEW}",
        f"pkg:deb/debian/libssl3@{NEW.replace('~', '%7E')}?arch=amd64",
    ],
)
def test_from_home_to_the_change_with_a_version(browse: Browse, package_site: str, query: str) -> None:
    page = browse(package_site)
    search(page, query)
    page.get_by_role("option").first.click()
    expect(page.get_by_role("heading", name=f"openssl {NEW} (deb)")).to_be_visible()
    rows = page.locator("main tbody tr")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("app:1")
    rows.get_by_role("link").nth(1).click()
    expect(page).to_have_url(re.compile(r"repos/app/1/#at-2025-10-02"))
    expect(page.locator("td.ri-change")).to_contain_text(f"openssl {OLD} → {NEW}")
    page.go_back()
    rows.get_by_role("link", name="list").click()
    expect(page.get_by_role("heading", name="Packages of app:1 on linux/amd64")).to_be_visible()
    expect(page.get_by_role("row", name=f"openssl {NEW}")).to_be_visible()


def test_a_name_without_a_version_lists_its_versions(browse: Browse, package_site: str) -> None:
    page = browse(package_site)
    search(page, "libssl3")
    expect(page.get_by_role("option").first).to_contain_text("package (deb) of openssl, 2 versions")
    page.keyboard.press("Enter")
    expect(page.locator("main [role=status] li")).to_have_text([NEW, OLD])
    page.get_by_role("link", name=OLD).click()
    expect(page.locator("main tbody tr")).to_have_count(2)


def test_the_page_of_a_source_leads_to_tags_lists_and_earlier_versions(browse: Browse, package_site: str) -> None:
    page = browse(f"{package_site}packages/deb/openssl/")
    expect(page.get_by_role("link", name="Debian")).to_have_attribute(
        "href", "https://security-tracker.debian.org/tracker/source-package/openssl"
    )
    expect(page.locator("main")).to_contain_text("Look up advisories: Debian, Ubuntu.")
    expect(page.locator("main tbody tr")).to_have_text(
        [
            f"{NEW}app:12025-10-02nowlistlibssl3, openssl",
            f"{OLD}app:12025-10-012025-10-02libssl3, openssl",
            "web:12025-10-03nowlist",
        ]
    )
    page.get_by_role("link", name="2025-10-02").first.click()
    expect(page).to_have_url(re.compile(r"repos/app/1/#at-2025-10-02T"))
    expect(page.locator("td.ri-change")).to_contain_text(f"openssl {OLD} → {NEW}")
    page.go_back()
    page.get_by_role("link", name="app:1").first.click()
    expect(page).to_have_url(f"{package_site}repos/app/1/")


def test_versions_that_no_tag_has_now_are_a_list_which_a_script_links_to_the_look_up(
    browse: Browse, package_site: str
) -> None:
    page = browse(f"{package_site}packages/deb/zlib/", scripts=False)
    earlier = page.locator("main li")
    expect(earlier).to_have_text(["2025-10-01+1 (2025-10-01 – 2025-10-02)"])
    expect(earlier.get_by_role("link")).to_have_count(0)
    page = browse(f"{package_site}packages/deb/zlib/")
    page.get_by_role("link", name="2025-10-01+1", exact=True).click()
    expect(page.get_by_role("heading", name="zlib 2025-10-01+1 (deb)")).to_be_visible()
    expect(page.locator("main tbody tr")).to_contain_text("app:1")


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("repos/app/1/linux-amd64/packages/", "Installed: "),
        ("packages/deb/openssl/", "since "),
        (f"package/?q=openssl@{NEW}", "until "),
    ],
)
def test_on_a_phone_rows_are_paragraphs(browse: Browse, package_site: str, address: str, words: str) -> None:
    page = browse(f"{package_site}{address}", width=320)
    table = page.locator("main table").first
    table.wait_for()
    assert table.evaluate("table => table.scrollWidth - table.clientWidth") == 0
    labels = table.locator("td:visible").evaluate_all(
        "cells => cells.map((cell) => getComputedStyle(cell, '::before').content)"
    )
    assert f'"{words}"' in labels


def test_an_awkward_name_is_data(browse: Browse, package_site: str) -> None:
    page = browse(f"{package_site}package/?q=deb/%3Cb%3Ex%3C/b%3E@1")
    expect(page.locator("main")).to_contain_text("Not in this archive")
    assert page.locator("main b").count() == 0


def test_a_look_up_takes_two_small_requests(browse: Browse, package_site: str) -> None:
    page = browse(package_site)
    sizes: list[int] = []

    def count(answer: Response) -> None:
        if "/api/" in answer.url and not answer.url.endswith("/visits.json"):  # which home may still be waiting for
            sizes.append(len(answer.body()))

    page.on("response", count)
    page.goto(f"{package_site}package/?q=libssl3@{OLD}")
    expect(page.locator("main tbody tr")).to_have_count(2)
    assert len(sizes) <= 2
    assert sum(sizes) <= 30_000


def test_unknown_packages(browse: Browse, package_site: str) -> None:
    page = browse(f"{package_site}package/?q=nosuchpackage")
    expect(page.get_by_role("heading", name="Not in this archive")).to_be_visible()
    page.goto(f"{package_site}package/?q=openssl@1")
    expect(page.locator("main")).to_contain_text("No tag ever had version 1 of openssl.")


def answers(page: Page, site: str, query: str) -> list[tuple[str, str, int, int, str, str | None]]:
    script = """async ([site, query]) => {
      const packages = await import(`${site}assets/javascripts/packages.js`);
      const asked = packages.parsePackage(query);
      const matches = packages.matchesOf(await packages.packagesNamed(asked), asked.version);
      const found = await Promise.all(matches.map(packages.usesOf));
      return matches.flatMap((match, at) => (found[at]?.uses ?? []).map((use) =>
        [`${match.type}/${match.source}@${match.ofSource}`, use.image, use.now, use.ever, use.first, use.last]));
    }"""
    return sorted(map(tuple, page.evaluate(script, [site, query])))


def told(archive: Archive, query: str) -> list[tuple[str, str, int, int, str, str | None]]:
    """The same from the command line's answer."""
    rows = []
    asked = parse_package_query(query)
    assert asked
    for found in find_packages(archive, asked):
        key = f"{found.type}/{found.source}@{found.version}"
        for image in sorted({use.image for use in found.uses}):
            uses = [use for use in found.uses if use.image == image]
            now = {tag for use in uses if use.until is None for tag in use.tags}
            ever = {tag for use in uses for tag in use.tags}
            last = None if now else max(use.until for use in uses if use.until)
            rows.append((key, image, len(now), len(ever), min(use.since for use in uses), last))
    return sorted(rows)


def same(page: Page, site: str, archive: Archive, most: int) -> int:
    """Compares the answers about random packages; returns how many there are."""
    keys = {
        (package.name, package.version)
        for repository in archive.repositories()
        for holdings in [archive.load(repository)]
        for name in holdings.packages
        for known in [holdings.package_lists.get(name)]
        if known
        for package in known.packages
    }
    chosen = random.Random(7).sample(sorted(keys), min(most, len(keys)))
    for name, version in chosen:
        query = f"{name.partition(':')[0]}@{version}"
        assert answers(page, site, query) == told(archive, query), query
    return len(chosen)


class LoadedArchive(Archive):
    """Keeps every repository in memory."""

    @cache  # noqa: B019 - lives as long as the test
    def load(self, repository: Repository, *, until: Time | None = None) -> Holdings:
        return super().load(repository, until=until)


def test_the_site_and_the_command_line_agree(browse: Browse, package_site: str, package_archive: Path) -> None:
    assert same(browse(package_site), package_site, LoadedArchive(package_archive), 200) >= 4


@pytest.mark.parametrize("query", [f"OpenSSL {NEW}", f"LIBSSL3@{NEW}", f"pkg:deb/debian/OpenSSL@{NEW}"])
def test_a_name_in_capitals_is_found_in_lower_case(
    browse: Browse, package_site: str, package_archive: Path, query: str
) -> None:
    page = browse(f"{package_site}package/?q={quote(query)}")
    expect(page.locator("main h2")).to_contain_text(f"openssl {NEW} (deb)")
    assert answers(page, package_site, query) == told(LoadedArchive(package_archive), query) != []
    search(page, query)
    expect(page.get_by_role("option")).to_contain_text("package (deb)")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/package/"))
    expect(page.locator("main h2")).to_contain_text(f"openssl {NEW} (deb)")


def test_a_page_says_how_it_orders_versions_and_images(browse: Browse, package_site: str) -> None:
    page = browse(f"{package_site}package/?q=openssl")
    order = "Newest first: by the time at which a tag first had the version."
    expect(page.locator("main [role=status] p")).to_have_text(order)
    expect(page.locator("main li")).to_have_text([NEW, OLD])
    page.goto(f"{package_site}package/?q=openssl@{OLD}")
    expect(page.locator("main")).to_contain_text("In the order in which the images first had it.")
    expect(page.locator("main .ri-tags")).to_have_text(["app:1", "web:1"])


@pytest.fixture(scope="module")
def real_archive(local_repo: Path, tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """Two real images, with the packages of their `local/` pages."""
    archive = LoadedArchive(tmp_path_factory.mktemp("real") / "archive", create=True)
    import_source(local_repo, archive, images=[parse_repository(name) for name in ("postgres", "redis")])
    return archive


@pytest.fixture(scope="module")
def real_site(real_archive: Archive) -> Iterator[str]:
    """The address of its site."""
    site = real_archive.root.parent / "site"
    build_site(real_archive.root, site)
    with served(site) as address:
        yield address


@pytest.mark.slow
def test_they_agree_on_200_packages_of_the_real_archive(browse: Browse, real_site: str, real_archive: Archive) -> None:
    assert same(browse(real_site), real_site, real_archive, 200) == 200


@pytest.mark.slow
@pytest.mark.parametrize("query", ["openssl 1.1.0f-3+deb9u1", "libssl1.1@1.1.0f-3+deb9u1"])
def test_who_had_a_real_package_since_when_and_which_change_brought_it(
    browse: Browse, real_site: str, query: str
) -> None:
    """Three clicks from home: the answer, the change, the list."""
    page = browse(real_site)
    search(page, query)
    page.get_by_role("option").first.click()
    answer = page.locator("main tbody tr")
    expect(answer).to_contain_text("postgres:10.1")
    expect(answer).to_contain_text("3 now, 4 ever")
    answer.get_by_role("link", name="2017-11-04 10:49 UTC").click()
    change = page.get_by_role("row", name="openssl 1.1.0f-3 1.1.0f-3+deb9u1 libssl1.1, openssl", exact=True)
    expect(change).to_be_visible()
    page.go_back()
    answer.get_by_role("link", name="list").click()
    expect(page.get_by_role("row", name="openssl 1.1.0f-3+deb9u1 libssl1.1, openssl")).to_be_visible()


@pytest.mark.slow
def test_the_list_of_a_real_image_is_that_of_the_command_line(
    browse: Browse, real_site: str, real_archive: Archive
) -> None:
    page = browse(f"{real_site}repos/postgres/10.1/linux-amd64/packages/")
    twin = json.loads(page.request.get(f"{real_site}api/v1/repos/postgres/10.1/linux-amd64/packages.json").text())
    rows = page.locator("main tbody tr").evaluate_all(
        "rows => rows.map((row) => [...row.cells].map((cell) => cell.textContent))"
    )
    told = next(one for one in open_archive(real_archive.root).packages("postgres:10.1").platforms if one.packages)
    expected: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in told.packages:
        words = " ".join(row.licence.split())  # HTML shows white space so
        expected[row.source or row.name, row.source_version or row.version].update(words.split("; "))
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for source, version, _, licence in rows:
        words = next((words for words, name in twin["spdx"].items() if licence == f"{words} ({name})"), licence)
        found[source, version].update(words.split("; "))
    assert {source: licences - {""} for source, licences in found.items()} == {
        source: licences - {""} for source, licences in expected.items()
    }
    assert (twin["packages"], twin["by"], twin["config"]) == (len(told.packages), told.by, told.config)
    number = twin["list_number"]
    script = """async ([site, number]) => {
      const { loadList } = await import(`${site}assets/javascripts/packagelists.js`);
      const { packages } = await loadList({ imageAddress: "repos/postgres/", number });
      return packages.map(([, name, version]) => [name, version]);
    }"""
    listed = page.evaluate(script, [real_site, number])
    assert listed == [[row.name, row.version] for row in told.packages]


def test_an_opened_change_says_that_packages_are_unknown(browse: Browse, package_site: str) -> None:
    page = browse(f"{package_site}repos/bare/1/")
    page.get_by_role("button", name="Show the change").first.click()
    expect(page.locator(".ri-change")).to_contain_text("Packages unknown.")
    page = browse(f"{package_site}repos/app/1/")
    page.get_by_role("button", name="Show the change").first.click()
    expect(page.locator(".ri-change table")).to_have_count(2)
    expect(page.locator(".ri-change")).not_to_contain_text("unknown")


HEADLINE = """async (known) => {
  const { headlineOf } = await import("/assets/javascripts/changes.js");
  const images = ["linux/amd64", "linux/386"].map((platform, at) => {
    const image = { platform, layers: { kept: 1, new: ["a"], fetch_bytes: 1 } };
    return at < known ? { ...image, packages_kept: 3 } : image;
  });
  return headlineOf({ before: "a", after: "b", images });
}"""


def test_a_comparison_says_that_packages_are_unknown_where_a_site_has_packages(
    browse: Browse, package_site: str, sample: str
) -> None:
    page = browse(package_site)
    assert "; packages unknown; " in page.evaluate(HEADLINE, 0)
    assert "; same packages on linux/amd64, unknown on the others; " in page.evaluate(HEADLINE, 1)
    assert "; same packages; " in page.evaluate(HEADLINE, 2)
    assert "packages" not in browse(sample).evaluate(HEADLINE, 0)
