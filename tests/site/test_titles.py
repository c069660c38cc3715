"""Titles and descriptions: what search engines list, and what is shown of a link, as no page has an og:title."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.html import Element, elements


def is_a_page(html: str) -> bool:
    """No mere redirection."""
    return 'http-equiv="refresh"' not in html


@pytest.fixture(scope="module")
def pages(sample_site: Path) -> dict[str, str]:
    texts = {
        path.relative_to(sample_site).as_posix(): path.read_text(encoding="utf-8")
        for path in sample_site.rglob("*.html")
    }
    return {path: html for path, html in texts.items() if is_a_page(html)}


def described(html: str) -> str:
    metas: list[Element] = [one for one in elements(html) if one.name == "meta"]
    (description,) = (one.attributes["content"] for one in metas if one.attributes.get("name") == "description")
    return description


def test_every_page_has_a_unique_title_that_a_list_can_show(pages: dict[str, str]) -> None:
    titles = [html.partition("<title>")[2].partition("</title>")[0] for html in pages.values()]
    assert len(titles) > 100
    assert len(set(titles)) == len(titles)
    assert all(title.endswith(" · repo-info") and len(title) < 100 for title in titles)


def test_every_description_is_a_sentence_that_says_more_than_the_title(pages: dict[str, str]) -> None:
    for path, html in pages.items():
        description = described(html)
        assert 20 <= len(description) <= 200, path
        assert description[-1] == ".", path
        assert not any(mark in description for mark in ("`", "](", "<", "\n")), path


def test_pages_of_the_archive_name_what_they_are_of(pages: dict[str, str]) -> None:
    for address, words in (("repos/python/3.6-slim/", "python:3.6-slim"), ("repos/hello-world/", "hello-world")):
        html = pages[f"{address}index.html"]
        assert words in html.partition("<title>")[2].partition("</title>")[0]
        assert words in described(html)
