"""A site that lies wherever it can stays text in a real browser."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from collector.pages.documents import Asset
from tests.browser import Browse, overflow, served
from tests.site.fake import build_fake, pages
from tests.site.fake import page as document

pytestmark = pytest.mark.browser

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
    "api/v1/repos/a/objects/-0.json.gz": {
        "objects": OBJECTS,
        "where_of": [None, 0, 0, 0, 0, 0, 0, None],
        "where": [[WHERE]],
    },
    **{f"api/v1/digests/{digit * 3}.json.gz": {"a": {digit * 9: n}} for n, digit in enumerate("abcdef0", 0) if n},
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
