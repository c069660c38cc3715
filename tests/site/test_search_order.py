"""The order in which names are found, as the browser works it out."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from collector.pages.documents import Asset
from tests.browser import Browse, served
from tests.site.fake import build_fake, pages

pytestmark = pytest.mark.browser

NAMES = {
    "images": [
        {"name": "alpine", "address": "repos/alpine/", "tags": "3.10 3.1 edge latest", "gone": ""},
        {"name": "bitnami/python", "address": "repos/bitnami/python/", "tags": "3.6 latest", "gone": ""},
        {"name": "localhost:5000/tool", "address": "repos/localhost+5000/tool/", "tags": "V1", "gone": ""},
        {"name": "pypy", "address": "repos/pypy/", "tags": "3-slim python-3.6", "gone": "3.6-slim"},
        {
            "name": "python",
            "address": "repos/python/",
            "tags": "3.6.4 3.6.4-slim 3.6 3.6-slim 3.6-slim-stretch latest feed.xml",
            "gone": "3.6.3 3.60 13.6 1.3.6",
            "missing": "3.60",
            "unreadable": "13.6",
        },
    ],
    "exceptions": {"python:feed.xml": "repos/python/~feed.xml/"},
}

SEARCH = """async ([query, limit]) => {
  const names = await import("/assets/javascripts/names.js");
  const index = await names.loadNames();
  const { total, matches } = names.searchNames(index, query, limit);
  const shown = ({ image, tag, gone }) => `${gone ? "-" : ""}${image.name}${tag === null ? "" : `:${tag}`}`;
  return [total, matches.map(shown)];
}"""

Search = Callable[[str], list[str]]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("ranking")
    names = Asset(path="api/v1/names.json", content=json.dumps(NAMES).encode())
    build_fake(folder / "site", pages(names))
    with served(folder / "site") as address:
        yield address


@pytest.fixture
def found(browse: Browse, site: str) -> Search:
    page = browse(site)

    def search(query: str) -> list[str]:
        total, matches = page.evaluate(SEARCH, [query, 100])
        assert total == len(matches) == len(set(matches))
        return list(matches)

    return search


def test_an_image_comes_before_its_tags_and_before_others(found: Search) -> None:
    names = found("python")
    assert names[0] == "python"
    assert names[1] == "bitnami/python"
    assert names[2] == "python:latest"
    assert names.index("python:3.6.4") < names.index("-python:3.6.3") < names.index("pypy:python-3.6")


def test_image_and_tag(found: Search) -> None:
    assert found("python:3.6")[:3] == ["python:3.6", "python:3.6.4", "python:3.6.4-slim"]
    assert found("PYTHON:3.6-SLIM")[0] == "python:3.6-slim"
    assert found("bitnami/python:3.6") == ["bitnami/python:3.6"]
    assert found("docker.io/library/python:latest")[0] == "python:latest"
    assert found("localhost:5000/tool:v1") == ["localhost:5000/tool:V1"]


def test_words_in_any_order(found: Search) -> None:
    assert found("python 3.6")[0] == found("3.6 python")[0] == "python:3.6"
    assert found("python slim stretch")[0] == "python:3.6-slim-stretch"
    assert found("alpine slim") == []


def test_a_tag_of_any_image_current_ones_first(found: Search) -> None:
    assert found("3.6-slim")[:3] == ["python:3.6-slim", "-pypy:3.6-slim", "python:3.6-slim-stretch"]


def test_exact_then_beginning_then_word_then_inside(found: Search) -> None:
    names = found("3.6")
    assert names[:2] == ["bitnami/python:3.6", "python:3.6"]
    assert names.index("python:3.6-slim") < names.index("pypy:python-3.6") < names.index("-python:13.6")
    assert found("3.1") == ["alpine:3.1", "alpine:3.10"]


def test_a_number_is_not_cut(found: Search) -> None:
    names = found("3.6")
    assert {"-python:3.60", "-python:13.6", "-python:1.3.6"} == set(names[-3:])


def test_nothing(found: Search) -> None:
    for query in ("", "   ", ":", "no-such", "python:no-such"):
        assert found(query) == []


def test_the_exception_of_an_address(browse: Browse, site: str) -> None:
    page = browse(site)
    page.keyboard.press("/")
    page.keyboard.type("python:feed.xml")
    option = page.get_by_role("option").first
    option.wait_for()
    assert option.get_attribute("href") == f"{site}repos/python/~feed.xml/"


def test_a_tag_that_is_gone_says_what_happened(browse: Browse, site: str) -> None:
    page = browse(site)
    page.locator("#ri-search").fill("python:")
    page.locator("#ri-search").focus()
    notes = {"3.6.3": "no longer followed", "3.60": "not in the registry", "13.6": "could not be read"}
    for tag, note in notes.items():
        page.locator("#ri-search").fill(f"python:{tag}")
        expect(page.get_by_role("option").first).to_have_text(re.compile(rf"python:{re.escape(tag)}\s*{note}"))
