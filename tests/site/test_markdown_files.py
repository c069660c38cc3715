"""The Markdown of each page beside it, if the publisher asks for it, and `llms.txt`."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path

import pytest

from collector.configuration import SiteTable
from collector.site.build import BuildOptions, build_site
from collector.site.destination import MARK
from collector.site.head import SiteName
from collector.site.llms_txt import GuidePage, render_llms_txt
from tests.pages.archives import Seen, alone, day, write_archive
from tests.releases.made_up import base_of, built
from tests.support.folders import copy_site, read_folder

_LINK = re.compile(r"\]\(<?([^)>\s]+)>?\)")


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Python on Debian, which moves."""
    debian, python = (
        [Seen(tag="1", time=day(number), state=alone(make(base=number))) for number in (1, 2)]
        for make in (base_of, built)
    )
    return write_archive(tmp_path / "archive", debian=debian, python=python)


@pytest.fixture
def site(frame: Path, tmp_path: Path) -> Path:
    return copy_site(frame, tmp_path / "site")


def build(archive: Path, site: Path, *, markdown: bool | None) -> dict[str, bytes]:
    build_site(archive, site, BuildOptions(jobs=1, site=SiteTable(markdown=markdown, editions=("2024-01-01",))))
    return {path: content for path, content in read_folder(site).items() if path != MARK}


def markdown_of(path: str) -> str:
    return f"{path.removesuffix('html')}md"


def test_markdown_files_follow_the_option(archive: Path, site: Path) -> None:
    plain, files = build(archive, site, markdown=None), build(archive, site, markdown=True)
    added = files.keys() - plain.keys()
    pages = {path for path in plain if re.match(r"(?:(?:repos|latest)/(?:.*/)?)?index\.html\Z", path)}
    assert added == {markdown_of(path) for path in pages}
    assert files["repos/python/1/index.md"].startswith(b"# python:1\n")
    link = b'<link rel="alternate" type="text/markdown" href="index.md">'
    redirects = {path for path in pages if b'http-equiv="refresh"' in plain[path]}
    assert redirects
    assert {path for path in files if link in files[path]} == pages - redirects
    assert build(archive, site, markdown=False) == plain


def test_a_rebuild_gives_the_markdown_of_a_full_build(archive: Path, site: Path, frame: Path, tmp_path: Path) -> None:
    before = build(archive, site, markdown=True)
    write_archive(archive, python=[Seen(tag="2", time=day(3), state=alone(built(base=2, version="2")))])
    after = build(archive, site, markdown=True)
    assert after == build(archive, copy_site(frame, tmp_path / "again"), markdown=True)
    assert after["repos/python/index.md"] != before["repos/python/index.md"]


def test_links_between_markdown_files_lead_to_markdown_files(archive: Path, site: Path) -> None:
    files = build(archive, site, markdown=True)
    links = 0
    for path in (path for path in files if path.endswith(".md")):
        for link in _LINK.findall(files[path].decode()):
            page, _, query = link.partition("?")
            target = posixpath.normpath(posixpath.join(posixpath.dirname(path), page.partition("#")[0] or "index.md"))
            links += 1
            assert (f"{target}/index.html" if query else target) in files or target.startswith("2024-"), (path, link)
    assert links > 20


def test_llms_txt_leads_to_files_of_the_site(sample_site: Path) -> None:
    """A heading, a quote, and sections that are lists of links, as llmstxt.org has it."""
    text = (sample_site / "llms.txt").read_text()
    head, *sections = text.split("\n## ")
    assert re.fullmatch(r"# [^\n]+\n\n> [^\n]+\n\n[^\n]+\n", head)
    assert [section.split("\n")[0] for section in sections] == ["Guide", "API", "Data"]
    for section in sections:
        lines = section.strip().split("\n")[2:]
        assert lines
        for line in lines:
            found = re.fullmatch(r"- \[[^\]]+\]\(([^)]+)\): \S.*", line)
            assert found, line
            target = sample_site / found[1]
            assert (target / "index.html" if found[1].endswith("/") else target).is_file()


def test_llms_txt_of_a_site_with_an_address_and_an_odd_name() -> None:
    site = SiteName(name="Our\n# images <b>", url="https://example.org/under/", has_markdown=True)
    text = render_llms_txt(site, "What\nthere is", [GuidePage("About [us]", "about/", "")])
    assert text.startswith("# Our # images \\<b\\>\n\n> What there is\n")
    assert "- [About \\[us\\]](https://example.org/under/about/)\n" in text
    assert text.count("`repos/python/3.6/index.md` as Markdown") == 1
