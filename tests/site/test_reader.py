"""Reading the sample's site in a real browser: on any screen, in any colours, with or without scripts."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from collector.configuration import SiteTable
from collector.pages.documents import Asset
from collector.site.build import BuildOptions, build_site
from tests.browser import Browse, overflow, served
from tests.site.fake import build_fake, pages
from tests.site.fake import page as document

pytestmark = pytest.mark.browser

KINDS = {
    "home": "",
    "image": "repos/python/",
    "tag": "repos/python/3.6-slim/",
    "platform": "repos/python/3.6.4/linux-amd64/",
    "windows": "repos/hello-world/latest/windows-amd64-10.0.16299/",
    "history": "repos/python/3.6/history/",
    "digest": "digest/",
    "compare": "compare/",
    "about": "about/",
    "how to read": "how-to-read/",
    "how to search": "how-to-search/",
    "404": "no/such/page",
}


@pytest.mark.parametrize("address", KINDS.values(), ids=KINDS)
def test_nothing_is_wider_than_a_phone(browse: Browse, sample: str, address: str) -> None:
    page = browse(f"{sample}{address}", width=320)
    assert overflow(page) == 0
    page.keyboard.press("/")
    page.keyboard.type("windowsservercore")
    page.get_by_role("listbox").wait_for()
    assert overflow(page) == 0


@pytest.mark.parametrize("address", KINDS.values(), ids=KINDS)
def test_every_page_reads_without_scripts(browse: Browse, sample: str, address: str) -> None:
    page = browse(f"{sample}{address}", scripts=False)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert len(page.locator("article").inner_text()) > 100
    assert page.locator("article button:not(form button)").count() == 0


def test_a_step_is_beside_its_layer_only_on_wide_screens(browse: Browse, sample: str) -> None:
    for width, beside in ((1280, True), (320, False)):
        page = browse(f"{sample}repos/alpine/edge/linux-amd64/", width=width)
        code, layer = (page.locator(f"article ol > li:first-child > {name}").bounding_box() for name in ("pre", "p"))
        assert code
        assert layer
        assert (layer["x"] > code["x"] + code["width"]) == beside


def colour(page: Page) -> str:
    value: str = page.evaluate("getComputedStyle(document.body).backgroundColor")
    return value


def test_colours_follow_the_system_until_one_is_chosen(browse: Browse, sample: str) -> None:
    light, dark = "rgb(255, 255, 255)", "rgb(18, 22, 27)"
    assert colour(browse(sample, scripts=False)) == light
    assert colour(browse(sample, dark=True, scripts=False)) == dark
    page = browse(sample, dark=True)
    assert colour(page) == dark
    page.get_by_role("button", name="Switch to light colours").click()
    assert colour(page) == light
    page.goto(f"{sample}about/")
    assert colour(page) == light
    page.get_by_role("button", name="Switch to dark colours").click()
    page.emulate_media(color_scheme="light")
    assert colour(page) == light


def test_text_contrasts_with_its_background(browse: Browse, sample: str) -> None:
    for dark in (False, True):
        page = browse(f"{sample}repos/python/3.6/history/", dark=dark)
        page.get_by_role("button", name="Show the change").first.click()
        page.locator("ins").first.wait_for()
        for name in ("article p", "article th", "article a code", "article ins", "article del", ".ri-footer a"):
            assert contrast(page, name) >= 4.5, (name, dark)


def contrast(page: Page, selector: str) -> float:
    """WCAG 2's contrast ratio of an element's text with what is behind it."""
    ratio: float = page.evaluate(
        """selector => {
          const numbers = colour => colour.match(/[\\d.]+/g).map(Number);
          const light = colour => numbers(colour).slice(0, 3).map(part => part / 255)
            .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
            .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
          const element = document.querySelector(selector);
          let behind = element;
          while (numbers(getComputedStyle(behind).backgroundColor)[3] === 0) behind = behind.parentElement;
          const [low, high] = [getComputedStyle(element).color, getComputedStyle(behind).backgroundColor]
            .map(light).sort((a, b) => a - b);
          return (high + 0.05) / (low + 0.05);
        }""",
        selector,
    )
    return ratio


def test_a_command_is_copied_whole(browse: Browse, sample: str) -> None:
    page = browse(f"{sample}repos/python/3.6-slim/")
    page.get_by_role("radio", name="Pinned").check()
    page.get_by_role("button", name="Copy: docker pull python:3.6-slim@").click()
    expect(page.get_by_text("Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    twin = json.loads(page.request.get(f"{sample}api/v1/repos/python/3.6-slim.json").text())
    assert copied == f"docker pull python:3.6-slim@{twin['digest']}"


def test_a_shortened_digest_is_copied_whole(browse: Browse, sample: str) -> None:
    page = browse(f"{sample}repos/python/3.6/")
    code = page.locator("article td a[href*='digest/?q='] code").first
    shown = code.bounding_box()
    assert shown
    assert shown["width"] < 200
    assert len(code.inner_text()) == 71


def test_a_change_opens_in_its_row(browse: Browse, sample: str) -> None:
    page = browse(f"{sample}repos/python/3.6/history/")
    row = page.get_by_role("row").filter(has_text="PYTHON_VERSION 3.6.3 → 3.6.4")
    button = row.get_by_role("button", name="Show the change of 2017-12-21")
    expect(button).to_have_attribute("aria-expanded", "false")
    button.click()
    change = page.locator(".ri-change")
    # The variable is told once, and not again as a step.
    expect(change.get_by_role("row", name="Environment PYTHON_VERSION 3.6.3 3.6.4")).to_be_visible()
    expect(change.locator("del").filter(has_text="3.6.3")).to_have_count(0)
    # Seven platforms got the release one after another; none of them was removed.
    expect(change).not_to_contain_text("Platform removed")
    expect(change.get_by_role("row", name="linux/s390x")).to_be_visible()
    expect(button).to_have_attribute("aria-expanded", "true")
    button.click()
    expect(change).to_be_hidden()


@pytest.mark.parametrize("tag", ["python/3.6", "hello-world/latest", "hello-world/nanoserver1709"])
def test_every_change_of_the_sample_can_be_shown(browse: Browse, sample: str, tag: str) -> None:
    page = browse(f"{sample}repos/{tag}/history/", width=320)
    buttons = page.get_by_role("button", name="Show the change")
    buttons.first.wait_for()
    for button in buttons.all():
        button.press("Enter")  # what a click is aimed at may move when the change above it arrives
    expect(page.locator(".ri-change strong")).to_have_count(buttons.count())
    expect(page.locator(".ri-change").get_by_role("link", name="on its own page")).not_to_have_count(0)
    assert overflow(page) == 0


HOSTILE = '<img src=x onerror="document.title=1"></script><script>document.title=1</script>\u202e'

SPAN = {"from": "2018-01-01T00:00:00Z", "until": None}
WHERE = {"platform": HOSTILE, "slug": HOSTILE, "tags": HOSTILE, "more": 0, **SPAN}
STATEMENT = {"digest": HOSTILE, "predicate_type": HOSTILE, "size": 1, "builder": HOSTILE, "source": HOSTILE}
OBJECTS = [
    HOSTILE,
    {"layer": "sha256:" + "b" * 64, "size": 1, "type": HOSTILE},
    {
        "manifest": "sha256:" + "c" * 64,
        "config": HOSTILE,
        "type": HOSTILE,
        "platform": [HOSTILE, HOSTILE, HOSTILE],
        "docker_version": HOSTILE,
        "entrypoint": [HOSTILE],
        "runtime": {"labels": [[HOSTILE, HOSTILE]], "environment": [HOSTILE], "user": HOSTILE},
        "annotations": [[HOSTILE, HOSTILE]],
        "statements": [STATEMENT],
        "layers": [1],
        "steps": [0],
        "created": [HOSTILE],
    },
    {"artifact": "sha256:" + "d" * 64, "kind": HOSTILE, "size": 1},
    {"absent": "sha256:" + "e" * 64},
    {
        "state": "sha256:" + "f" * 64,
        "type": HOSTILE,
        "images": [2],
        "annotations": [[HOSTILE, HOSTILE]],
        "artifacts": [3],
        "absent": [4],
    },
    {
        "manifest": "sha256:" + "0" * 64,
        "config": f"another {HOSTILE}",
        "platform": [HOSTILE, HOSTILE, HOSTILE],
        "cmd": [HOSTILE],
        "runtime": {"labels": [[HOSTILE, f"another {HOSTILE}"]]},
        "steps": [7],
    },
    f"ENV A={HOSTILE}",
]
ROW = {"since": f"2018{HOSTILE}", "reasons": [], "summary": HOSTILE, "source": HOSTILE}
HISTORY = {
    "image_address": "repos/a/",
    "changes": [{**ROW, "digest": "sha256:" + "0" * 64, "state": 6}, {**ROW, "digest": HOSTILE, "state": 2}],
}
IMAGE = {"name": HOSTILE, "address": "javascript:alert(1)", "tags": HOSTILE, "gone": ""}
FILES = {
    "api/v1/repos/a/objects/-0.json": {
        "objects": OBJECTS,
        "where_of": [None, 0, 0, 0, 0, 0, 0, None],
        "where": [[WHERE]],
    },
    **{f"api/v1/digests/{digit * 3}.json": {"a": {digit * 9: n}} for n, digit in enumerate("abcdef0", 0) if n},
    "api/v1/names.json": {"images": [IMAGE], "exceptions": {}},
}
TABLE = f"## Changes\n\n| When | Why | Digest |\n|---|---|---|\n| 2018 | x | `sha256:{'0' * 64}` |\n"


@pytest.fixture(scope="module")
def hostile_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A site of an archive, or of a host in between, that lies wherever it can."""
    folder = tmp_path_factory.mktemp("hostile")
    markdown = f"# {HOSTILE}\n\n{HOSTILE}\n\n```\n{HOSTILE}\n```\n\n{TABLE}"
    assets = [Asset(path=path, content=json.dumps(value).encode()) for path, value in FILES.items()]
    twin = json.dumps(HISTORY).encode()
    hostile = pages(document("repos/a/", markdown, title=HOSTILE, kind="history", twin=twin), *assets)
    build_fake(folder / "site", hostile)
    with served(folder / "site") as address:
        yield address


def assert_no_markup(page: Page) -> None:
    assert page.locator("img, article script").count() == 0
    assert page.title() != "1"


def test_hostile_pages_and_changes_stay_text(browse: Browse, hostile_site: str) -> None:
    page = browse(f"{hostile_site}repos/a/")
    assert page.title().startswith('<img src=x onerror="document.title=1">')
    expect(page.locator("pre code").first).to_contain_text("<script>document.title=1</script>")
    page.get_by_role("button", name="Show the change").click()
    added = page.locator(".ri-change ins").first
    expect(added).to_contain_text("<img src=x onerror=")
    expect(added).to_contain_text("⟨U+202E⟩")
    assert_no_markup(page)


def test_a_hostile_comparison_stays_text(browse: Browse, hostile_site: str) -> None:
    page = browse(f"{hostile_site}compare/?from={'f' * 64}&to={'0' * 64}")
    expect(page.get_by_role("heading", name="What changed")).to_be_visible()
    expect(page.locator(".ri-sides li").first).to_contain_text("a:<img")
    expect(page.locator("article ins").first).to_contain_text("⟨U+202E⟩")
    assert_no_markup(page)


def test_hostile_indexes_stay_text(browse: Browse, hostile_site: str) -> None:
    page = browse(f"{hostile_site}about/")
    page.keyboard.press("/")
    page.keyboard.type("img")
    option = page.get_by_role("option").first
    expect(option).to_contain_text("<img src=x")
    assert not (option.get_attribute("href") or "").startswith("javascript:")
    page.locator("#ri-search").fill("b" * 12)
    expect(option).to_contain_text("Layer")
    assert_no_markup(page)


@pytest.mark.parametrize(
    ("digit", "says"),
    [
        ("b", "The step that made it"),
        ("c", "Steps and layers"),
        ("d", "Type of the artifact"),
        ("e", "the registry did not have it"),
        ("f", "Platforms"),
    ],
)
def test_hostile_contents_of_a_digest_stay_text(browse: Browse, hostile_site: str, digit: str, says: str) -> None:
    page = browse(f"{hostile_site}digest/?q={digit * 64}")
    expect(page.get_by_role("row").nth(1)).to_contain_text("<img src=x")
    expect(page.locator("section")).to_contain_text(says)
    assert_no_markup(page)
    assert overflow(page) == 0


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
        ("repos/python/remote/no-such.md", "no tag no-such of it"),
        ("repos/python/no-such/", "no tag no-such of it"),
        ("repos/python/3.6/plan9-mips/", "no such page of python:3.6"),
        ("repos/no-such/remote/1.md", "no image no-such"),
        ("d/not-a-digest", "Search for an image"),
        ("%E0%A4%A/d/x", "Search for an image"),
        ("repos/%3Cscript%3E/", "no image <script>"),
    ],
)
def test_what_is_nowhere_is_explained(browse: Browse, under_a_path: str, path: str, says: str) -> None:
    page = browse(f"{under_a_path}{path}")
    expect(page.locator("[data-ri-lost]")).to_contain_text(says)
    assert page.url.startswith(under_a_path)


OUTWARD = ("d/https://example.org/abcdef0", "repos//example.org/", "/example.org/d/a", "repos/a/remote/..%2fx.md")


@pytest.mark.parametrize("path", OUTWARD)
def test_no_address_leads_out_of_the_site(browse: Browse, under_a_path: str, path: str) -> None:
    page = browse(f"{under_a_path}{path}")
    page.wait_for_load_state("networkidle")
    assert page.url.startswith(under_a_path)


def test_tags_are_filtered_as_you_type(browse: Browse, sample: str) -> None:
    page = browse(f"{sample}repos/python/")
    box = page.get_by_role("searchbox", name="Filter: Latest changes")
    rows = page.locator("h2:text-is('Latest changes') ~ table").first.locator("tbody tr:visible")
    before = rows.count()
    box.press_sequentially("s390x 3.6")
    expect(page.get_by_role("status").first).to_contain_text(f"of {before}")
    assert 0 < rows.count() < before
    assert all("s390x" in text for text in rows.all_inner_texts())
    box.fill("")
    assert rows.count() == before


def test_a_history_is_filtered_by_reason_and_platform(browse: Browse, sample: str) -> None:
    page = browse(f"{sample}repos/python/3.6/history/")
    rows = page.locator(".ri-history > table").last.locator("tbody tr[id]:visible")
    before = rows.count()
    # Both are called what the page's own rows and the guide call them.
    expect(page.get_by_label("Reason")).to_be_visible()
    names = page.get_by_label("Reason").locator("option").all_inner_texts()
    assert {"base image moved", "new platform", "Dockerfile changed"} <= set(names)
    assert "linux/arm64/v8" in page.get_by_label("Platform").locator("option").all_inner_texts()
    page.get_by_label("Reason").select_option("base-moved")
    moved = rows.count()
    assert 0 < moved < before
    assert all("base image" in text for text in rows.all_inner_texts())
    page.get_by_label("Platform").select_option("linux-s390x")
    assert 0 < rows.count() < moved
    expect(page.get_by_role("status").first).to_have_text(re.compile(f"^{rows.count()} releases? of {before}$"))
    shown = rows.count()
    months = page.locator("tr.m:visible")
    assert 0 < months.count() < page.locator("tr.m").count()
    # The address has the choice: shared, it shows the same, and the way back leads through it.
    assert page.url.endswith("?reason=base-moved&platform=linux-s390x")
    page.reload()
    expect(page.get_by_role("status").first).to_contain_text(f" of {before}")
    assert rows.count() == shown
    page.go_back()
    expect(page.get_by_label("Platform")).to_have_value("")
    assert rows.count() == moved
    page.go_forward()
    expect(page.get_by_label("Platform")).to_have_value("linux-s390x")
    page.get_by_label("Reason").select_option("")
    page.get_by_label("Platform").select_option("")
    assert rows.count() == before


def test_the_change_of_a_state_fits_on_a_phone(browse: Browse, sample: str) -> None:
    page = browse(f"{sample}repos/python/3.6-slim/history/", width=320)
    page.locator(".s summary").first.click()
    states = page.locator(".s table").first
    states.get_by_role("button", name="Show the change").first.click()
    page.get_by_text("This comparison on its own page").wait_for()
    assert states.evaluate("table => table.scrollWidth - table.clientWidth") == 0
