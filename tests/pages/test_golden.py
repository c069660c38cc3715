"""Whole pages in Markdown: golden files, each read by a person when it was recorded.

RECORD=1 python -m pytest tests/pages -n 0      records them anew
"""

from __future__ import annotations

from pathlib import Path

import pytest

from collector.pages.documents import Document
from tests.support.golden import assert_golden

GOLDEN = Path(__file__).parent / "golden"

PAGES = {
    "home": "",
    "image": "repos/python/",
    "tag": "repos/python/3.6-slim/",
    "tag-gone": "repos/python/3.6.3/",
    "tag-attestations": "repos/alpine/3.24.2/",
    "tag-windows": "repos/hello-world/nanoserver-ltsc2025/",
    "platform": "repos/python/3.6.4-slim/linux-amd64/",
    "platform-windows": "repos/python/3.6.4/windows-amd64-10.0.16299/",
    "history": "repos/python/3.6-slim/history/",
    "history-gone": "repos/python/3.6.1-windowsservercore/history/",
    "tag-short": "repos/hello-world/nanoserver1709/",
}
"""Of the bundled sample."""

COLLECTED = {
    "collected-image": "repos/example/tool/",
    "collected-tag": "repos/example/tool/latest/",
    "collected-tag-artifact": "repos/example/tool/chart/",
    "collected-tag-holes": "repos/example/tool/holes/",
    "collected-platform": "repos/example/tool/latest/linux-amd64/",
    "collected-package": "packages/deb/openssl/",
    "collected-packages": "repos/example/tool/latest/linux-amd64/packages/",
}
"""Of an archive from a registry."""


@pytest.mark.parametrize("name", PAGES)
def test_a_page_reads_as_it_was_reviewed(pages: dict[str, Document], name: str) -> None:
    assert_golden(GOLDEN / f"{name}.md", pages[PAGES[name]].markdown)


@pytest.mark.parametrize("name", COLLECTED)
def test_a_page_of_a_collected_image(collected_pages: dict[str, Document], name: str) -> None:
    assert_golden(GOLDEN / f"{name}.md", collected_pages[COLLECTED[name]].markdown)


def test_no_golden_file_is_left_over() -> None:
    assert {path.stem for path in GOLDEN.iterdir()} == PAGES.keys() | COLLECTED.keys()


def test_every_page_begins_with_its_title_and_has_no_html(
    pages: dict[str, Document], collected_pages: dict[str, Document]
) -> None:
    for page in [*pages.values(), *collected_pages.values()]:
        lines = page.markdown.splitlines()
        assert lines[0].startswith("# ")
        assert sum(line.startswith("# ") for line in _outside_fences(lines)) == 1
        assert not [line for line in _outside_fences(lines) if "<" in line.replace("\\<", "") and "`" not in line]


def _outside_fences(lines: list[str]) -> list[str]:
    outside, is_outside = [], True
    for line in lines:
        if line.lstrip().startswith("```"):
            is_outside = not is_outside
        elif is_outside:
            outside.append(line)
    return outside
