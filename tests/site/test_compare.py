"""The page that compares any two states."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from collector.model.images import State
from collector.site.build import BuildOptions, build_site
from tests.browser import Browse, overflow, served
from tests.support.archives import ArchiveBuilder, docker_image, index
from tests.support.folders import copy_site

pytestmark = pytest.mark.browser

WAS = re.compile(r"From 2017-06-21 20:41 UTC( \([^)]*\))? until 2017-07-19 00:46 UTC")
OLD = "python:3.6-slim@2017-06-30"
NOW = "python:3.6-slim"


def compare(browse: Browse, site: str, before: str, after: str, *, width: int = 1280) -> Page:
    page = browse(f"{site}compare/?from={quote(before)}&to={quote(after)}", width=width)
    expect(page.locator(":is(.ri-sides, .ri-problem)").first).to_be_visible()
    return page


def rows_of(page: Page, site: str, tag: str) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = json.loads(page.request.get(f"{site}api/v1/repos/{tag}/history.json").text())[
        "changes"
    ]
    return rows


def test_a_date_beside_now(browse: Browse, sample: str) -> None:
    page = compare(browse, sample, OLD, NOW)
    assert "?from=python:3.6-slim@2017-06-30&to=python:3.6-slim" in page.url or "%40" in page.url
    was, now = page.locator(".ri-sides > section").all()
    then = next(row for row in rows_of(page, sample, "python/3.6-slim") if row["since"] <= "2017-06-30T23:59:59Z")
    expect(was).to_contain_text(WAS)
    expect(was.locator("pre")).to_contain_text(f"python:3.6-slim@{then['digest']}")
    expect(now).to_contain_text("Since 2018-01-07 10:54 UTC")
    expect(page.locator("strong").last).to_have_text(
        "PYTHON_VERSION 3.6.1 → 3.6.4; 1 platform changed; 6 platforms added; "
        "linux/amd64: 77.8 MB → 54.8 MB, 54.8 MB to fetch"
    )
    was.get_by_role("button", name="Copy: python:3.6-slim@").click()
    assert page.evaluate("navigator.clipboard.readText()") == f"python:3.6-slim@{then['digest']}"
    expect(was.get_by_role("link", name="its history")).to_have_attribute(
        "href", f"{sample}repos/python/3.6-slim/history/"
    )
    was.get_by_role("link", name=then["digest"]).click()
    expect(page.get_by_role("heading", level=2).first).to_contain_text(then["digest"])


def test_a_moment_belongs_to_the_state_that_began_with_it(browse: Browse, sample: str) -> None:
    page = browse(f"{sample}about/")
    row = rows_of(page, sample, "python/3.6-slim")[5]
    second_before = row["since"][:-3] + f"{int(row['since'][-3:-1]) - 1:02}Z" if row["since"][-3:-1] != "00" else ""
    for moment, same in ((row["since"], True), (f"{row['since'][:-1]}+00:00", True), (second_before, False)):
        if moment:
            page = compare(browse, sample, f"python:3.6-slim@{moment}", NOW)
            assert (row["digest"] in page.locator(".ri-sides pre").first.inner_text()) == same


def test_all_forms_of_one_state(browse: Browse, sample: str) -> None:
    page = browse(f"{sample}about/")
    digest = rows_of(page, sample, "python/3.6-slim")[3]["digest"]
    forms = [
        f"python@{digest}",
        f"python:3.6-slim@{digest}",
        f"docker.io/library/python:3.6-slim@{digest}",
        digest,
        digest.replace(":", "-"),
        digest.removeprefix("sha256:"),
        f"python@{digest[:20]}",
        f"docker pull python@{digest}",
    ]
    for form in forms:
        page = compare(browse, sample, form, f"python@{digest}")
        expect(page.locator("h2 ~ p > strong").last).to_have_text("No change")
    expect(page.locator(".ri-sides > section").first).to_contain_text("python:3.6-slim")


def test_the_link_that_renovate_makes(browse: Browse, sample: str, root: Path) -> None:
    guide = (root / "site_src/pinning.md").read_text(encoding="utf-8")
    (link,) = re.findall(r"\(https://images\.example\.org/(compare/[^)]*)\)", guide)
    rows = rows_of(browse(sample), sample, "python/3.6-slim")
    new, old, *_ = (row["digest"] for row in rows if "digest" in row)
    for name, value in {"depName": "python", "currentDigest": old, "newDigest": new}.items():
        link = link.replace(f"{{{{{name}}}}}", value)
    page = browse(f"{sample}{link}")
    expect(page.locator(".ri-sides > section").last).to_contain_text(new)
    expect(page.locator("h2 ~ p > strong").last).to_contain_text("platform added")


def test_across_images(browse: Browse, sample: str) -> None:
    page = compare(browse, sample, "alpine:edge", "hello-world")
    expect(page.locator(".ri-sides > section").last.get_by_role("heading")).to_have_text("To hello-world:latest")
    expect(page.locator("article")).to_contain_text("CMD changed")


def test_the_manifest_of_one_platform(browse: Browse, sample: str) -> None:
    page = browse(f"{sample}about/")
    tag = json.loads(page.request.get(f"{sample}api/v1/repos/python/3.6-slim.json").text())
    manifest = next(row["manifest"] for row in tag["platforms"] if row["platform"] == "linux/amd64")
    page = compare(browse, sample, f"python@{manifest}", NOW)
    expect(page.locator("article")).to_contain_text("Platforms unchanged: 1")


@pytest.mark.parametrize(
    ("side", "says", "instead"),
    [
        ("pyton:3.6", "no image “pyton”", "python:3.6"),
        ("no/such/image", "no image “no/such/image”", None),
        ("python:3.6-slmi", "no tag “3.6-slmi” of python", "python:3.6-slim"),
        ("python:3.6-slim@2010-01-01", "was not seen before 2016-09-09", "python:3.6-slim@2016-09-09T21:27:07Z"),
        ("python:3.6-slim@2017-02-30", "not a date: “2017-02-30”", None),
        ("python:3.6-slim@9999-12-31T23:59:59-14:00", "not a date: “9999-12-31T23:59:59-14:00”", None),
        ("python:3.6-slim@", "not a date", None),
        ("python@sha256:" + "0" * 64, "python: the archive has no index or manifest", None),
        ("sha256:0123456", "no index or manifest 0123456", None),
        (":3.6", "does not name an image and a tag", None),
        ("python:", "does not name an image and a tag", None),
        ("__proto__:constructor@toString", "not a date", None),
        ("<img src=x onerror=alert(1)>:a", "does not name an image and a tag", None),
        ("\u202egnp:x", "⟨U+202E⟩", None),
        ("x" * 5_000, "no image “" + "x" * 100 + "…”", None),
    ],
)
def test_an_invalid_side_has_its_own_message(
    browse: Browse, sample: str, side: str, says: str, instead: str | None
) -> None:
    for before, after, name in ((side, NOW, "From"), (NOW, side, "To")):
        page = compare(browse, sample, before, after, width=320)
        problem = page.locator(".ri-problem")
        expect(problem).to_have_count(1)
        expect(problem).to_contain_text(re.compile(f"^{name}: "))
        expect(problem).to_contain_text(says)
        expect(page.locator("[aria-invalid]")).to_have_attribute("name", name.lower())
        assert page.locator("article :is(img, script)").count() == 0
        assert overflow(page) == 0
        expect(problem.get_by_role("link")).to_have_text([instead] if instead else [])
        if instead:
            problem.get_by_role("link").click()
            expect(page.get_by_role("heading", name="What changed")).to_be_visible()


def test_both_sides_are_shown(browse: Browse, sample: str) -> None:
    page = compare(browse, sample, "a:b", "c:d")
    expect(page.locator(".ri-problem")).to_have_count(2)


def test_a_gone_tag_says_since_when_and_what_there_was(browse: Browse, sample: str) -> None:
    page = browse(f"{sample}about/")
    names = json.loads(page.request.get(f"{sample}api/v1/names.json").text())
    image, tag = next((image["name"], image["gone"].split()[0]) for image in names["images"] if image["gone"])
    rows = rows_of(page, sample, f"{image}/{tag}")
    page = compare(browse, sample, f"{image}:{tag}", NOW)
    expect(page.locator(".ri-problem")).to_contain_text(f"has been gone since {rows[0]['since']}")
    page.locator(".ri-problem").get_by_role("link").click()
    expect(page.locator(".ri-sides pre").first).to_contain_text(rows[1]["digest"])


def test_the_kind_of_a_digest_that_nothing_points_at_is_named(browse: Browse, sample: str) -> None:
    page = browse(f"{sample}about/")
    tag = json.loads(page.request.get(f"{sample}api/v1/repos/python/3.6-slim.json").text())
    page = compare(browse, sample, tag["platforms"][0]["config"], NOW)
    expect(page.locator(".ri-problem")).to_contain_text("is not an index or a manifest")
    expect(page.locator(".ri-problem")).to_contain_text("Image ID")


def test_with_only_the_keyboard(browse: Browse, sample: str) -> None:
    page = browse(f"{sample}compare/")
    page.locator("#ri-from").focus()
    page.keyboard.type("python:3.6-slim")
    expect(page.get_by_role("option").first).to_have_text("python:3.6-slim")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#ri-from")).to_have_value("python:3.6-slim")
    page.keyboard.type("@2017-07-1")
    expect(page.get_by_role("option").first).to_contain_text("python:3.6-slim@2017-07-1")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("listbox")).to_be_hidden()
    page.keyboard.press("Tab")
    page.keyboard.type("python:3.6-slim")
    expect(page.get_by_role("option").first).to_have_text("python:3.6-slim")
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="What changed")).to_be_visible()
    assert re.search(r"\?from=python:3\.6-slim@2017-07-1\dT[0-9:]{8}Z&to=python:3\.6-slim$", page.url)
    page.go_back()
    expect(page.get_by_text("Links to a comparison are permanent")).to_be_visible()


def test_from_the_page_of_a_tag(browse: Browse, sample: str) -> None:
    page = browse(f"{sample}repos/python/3.6-slim/")
    page.get_by_role("link", name="Compare", exact=True).last.click()
    expect(page.locator("#ri-to")).to_have_value("python:3.6-slim")
    expect(page.locator("#ri-from")).to_have_value("")
    expect(page.get_by_text("Links to a comparison are permanent")).to_be_visible()


def test_sides_are_swapped(browse: Browse, sample: str) -> None:
    page = compare(browse, sample, OLD, NOW)
    page.get_by_role("button", name="Swap").click()
    expect(page).to_have_url(f"{sample}compare/?from={NOW}&to={OLD}")
    expect(page.locator("h2 ~ p > strong").last).to_contain_text("PYTHON_VERSION 3.6.4 → 3.6.1")


def test_from_the_row_of_a_history(browse: Browse, sample: str) -> None:
    page = browse(f"{sample}repos/python/3.6-slim/history/", width=320)
    row = page.get_by_role("row").filter(has_text="2017-06-21 20:41")
    row.get_by_role("link", name="Compare 2017-06-21 20:41").click()
    sides = page.locator(".ri-sides > section")
    expect(sides.first).to_contain_text(WAS)
    expect(sides.last).to_contain_text("Since 2018-01-07 10:54 UTC")
    assert overflow(page) == 0


def test_what_a_comparison_costs(browse: Browse, sample: str) -> None:
    page = browse("about:blank")
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request) if ".json" in request.url else None)
    page.goto(f"{sample}compare/?from={OLD}&to={NOW}")
    expect(page.get_by_role("heading", name="What changed")).to_be_visible()
    urls = [request.url for request in asked]
    assert len(urls) == len(set(urls)), "each file once"
    assert len(urls) < 20


def test_a_missing_network_is_reported(chromium: Browser, sample: str) -> None:
    page = chromium.new_page()  # a browser's own complaint of the network is wanted here
    page.route("**/objects/*.json.gz", lambda route: route.abort())
    page.goto(f"{sample}compare/?from={OLD}&to={NOW}")
    expect(page.locator("[data-ri-compare]")).to_have_text("This could not be loaded. Check your network connection.")
    page.close()


def test_the_newest_state_is_not_compared_with_itself(browse: Browse, sample: str) -> None:
    page = browse(f"{sample}repos/python/3.6/history/")
    shows = page.get_by_role("button", name="Show the change")
    shows.first.wait_for()
    assert page.get_by_role("link", name="with now").count() == shows.count() - 1


@pytest.fixture(scope="module")
def lagging(frame: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a site on which linux/s390x gets versions of app:soon within days, of app:late after a month."""
    folder = tmp_path_factory.mktemp("lagging")
    builder = ArchiveBuilder(folder / "archive")

    def images(version: str, *platforms: str) -> State:
        steps = ("ADD file:1 in /", f"ENV APP_VERSION={version}")
        found = [
            docker_image(f"{version} {one}", platform=f"linux/{one}", steps=steps, layers=(version,))
            for one in platforms
        ]
        return index(f"{version} {platforms}", *found)

    for tag, days in (("late", ("10-01", "10-05", "11-15")), ("soon", ("12-01", "12-05", "12-08", "12-20"))):
        for day, version in zip(days, "1223", strict=False):
            both = version == "1" or day in {"11-15", "12-08"}
            builder.see(f"app:{tag}", f"2025-{day}", images(version, "amd64", *(["s390x"] if both else [])))
    site = copy_site(frame, folder / "site")
    build_site(folder / "archive", site, BuildOptions(jobs=1))
    with served(site) as address:
        yield address


@pytest.mark.parametrize(
    ("before", "after", "counted", "listed"),
    [
        ("soon@2025-12-02", "soon@2025-12-06", "temporarily absent", ", back on 2025-12-08 12:00 UTC"),
        ("soon@2025-12-06", "soon@2025-12-09", "back", ", 1.0 MB"),
        ("soon@2025-12-06", "soon@2025-12-02", "back", ", 1.0 MB"),
        ("soon@2025-12-09", "soon", "to follow", ""),
        ("late@2025-10-02", "late@2025-10-06", "removed", ""),
        ("late@2025-10-06", "late", "added", ", 1.0 MB"),
        ("late", "soon", "removed", ""),
    ],
)
def test_a_platform_that_only_one_date_lacks_is_told_as_in_histories(
    browse: Browse, lagging: str, before: str, after: str, counted: str, listed: str
) -> None:
    page = compare(browse, lagging, f"app:{before}", f"app:{after}")
    expect(page.locator("p > strong").last).to_contain_text(re.compile(rf"\b1 platform {counted}\b"))
    expect(page.locator("article li", has_text="linux/s390x")).to_have_text(
        f"Platform {counted}: linux/s390x{listed}", use_inner_text=True
    )
