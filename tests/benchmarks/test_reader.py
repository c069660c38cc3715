"""The bytes that a reader loads, counted in a real Chromium on small sites with known content."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec
import pytest
from playwright.sync_api import Browser

from benchmarks.reader import Readers
from benchmarks.scales import Answer, sum_up
from benchmarks.sizes import compress
from benchmarks.subject import Subject
from benchmarks.tool import SearchBox, Tool
from benchmarks.visits import find_digest, visit

pytestmark = pytest.mark.browser

DIGEST = "sha256:" + "5a" * 32
OTHER = "sha256:" + "0b" * 32
UNKNOWN = "sha256:" + "ff" * 32

HOME = """<!doctype html><meta charset="utf-8"><title>Home</title><link rel="icon" href="data:,">
<link rel="stylesheet" href="style.css"><input><div></div><script type="module" src="search.js"></script>
"""
TAG = """<!doctype html><meta charset="utf-8"><title>A tag</title><link rel="icon" href="data:,">
<link rel="stylesheet" href="/style.css"><p>{digest}</p>
"""
# Loads its index at the first key, and knows digests by their digits alone.
SEARCH = """
const [box, list] = document.querySelectorAll("input, div");
addEventListener("keydown", (event) => { if (event.key === "/") { event.preventDefault(); box.focus(); } });
box.addEventListener("input", async () => {
  const found = (await (await fetch("/index.json")).json())[box.value] ?? [];
  list.innerHTML = found.map((address) => `<a href="/${address}#part">${address}</a>`).join(" ") || "Nothing found";
});
"""
INDEX = f"""{{"python:3.6": ["repos/other/remote/1/", "repos/python/remote/3.6/"],
"{DIGEST[7:]}": ["repos/python/remote/3.6/"], "{OTHER[7:]}": ["repos/python/remote/3.6/"]}}"""

BOX = SearchBox(input="input", results="div a", nothing="^Nothing found$")
TOOL = Tool(
    title="known",
    run="known",
    distributions=(),
    site="site",
    tag_page="repos/{image}/remote/{tag}/",
    box=BOX,
    remarks="",
)


@pytest.fixture(scope="module")
def readers(chromium: Browser) -> Readers:
    return Readers(chromium, quiet_for=250)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    files = {
        "index.html": HOME,
        "style.css": "body { color: #123456 }\n" * 100,
        "search.js": SEARCH,
        "index.json": INDEX,
        "404.html": "<p>There is no such page.</p>",
        "repos/python/remote/3.6/index.html": TAG.format(digest=DIGEST),
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def answers(site: Path, names: Mapping[str, str]) -> list[Answer]:
    """What should be sent, in no order, for each path: the file that is named for it."""
    contents = {path: (site / name).read_bytes() for path, name in names.items()}
    return sorted(
        (Answer(path=path, bytes=len(body), gzipped=len(compress(body))) for path, body in contents.items()),
        key=_path,
    )


def _path(answer: Answer) -> str:
    return answer.path


PAGE = {"/": "index.html", "/style.css": "style.css", "/search.js": "search.js"}
SEARCHED = {**PAGE, "/index.json": "index.json"}
TAG_PAGE = {"/repos/python/remote/3.6/": "repos/python/remote/3.6/index.html"}


def test_every_body_of_a_visit_is_counted_once_plain_and_compressed(readers: Readers, site: Path) -> None:
    found = visit(readers, site, TOOL, Subject(image="python", tag="3.6", digest=DIGEST))
    assert found.name
    assert found.digest
    assert sorted(found.home.answers, key=_path) == answers(site, PAGE)
    assert sorted(found.tag.answers, key=_path) == answers(site, TAG_PAGE | {"/style.css": "style.css"})
    assert sorted(found.name.answers, key=_path) == answers(site, SEARCHED)
    # The style sheet of the second page is in the cache.
    assert sorted(found.digest.answers, key=_path) == answers(site, SEARCHED | TAG_PAGE)
    assert list(found.name.asked) == list(found.digest.asked) == answers(site, {"/index.json": "index.json"})
    assert found.name.place == 2
    assert found.digest.place == 1
    assert not found.digest.as_typed


@pytest.mark.parametrize("digest", [OTHER, UNKNOWN], ids=["the page has it not", "nothing is found"])
def test_a_search_that_leads_to_no_page_with_the_digest_has_not_found_it(
    readers: Readers, site: Path, digest: str
) -> None:
    found = find_digest(readers, site, BOX, digest)
    assert found.place is None
    assert found.as_typed


def test_a_site_without_search_is_only_looked_at(readers: Readers, site: Path) -> None:
    silent = msgspec.structs.replace(TOOL, box=None)
    found = visit(readers, site, silent, Subject(image="python", tag="3.6", digest=DIGEST))
    assert found.name is None
    assert found.digest is None


LATE = """<!doctype html><meta charset="utf-8"><title>Late</title>
<link rel="icon" href="data:,"><img src="missing.png" alt=""><img src="http://stranger.invalid/" alt="">
<script>setTimeout(() => new Worker("late.js"), 150);</script>
"""


def test_missing_files_and_late_requests_of_workers_count_and_other_hosts_do_not(readers: Readers, site: Path) -> None:
    (site / "late.html").write_text(LATE)
    (site / "late.js").write_text('fetch("/index.json");')
    names = {"/late.html": "late.html", "/missing.png": "404.html", "/late.js": "late.js", "/index.json": "index.json"}
    with readers.reading(site) as reader:
        reader.open("late.html")
        assert sorted(reader.answers, key=_path) == answers(site, names)
        assert reader.strangers == 1
        load = sum_up(reader.answers)
    assert load.requests == len(names)
    assert load.bytes == sum((site / name).stat().st_size for name in names.values())
    assert 0 < load.gzipped < load.bytes
