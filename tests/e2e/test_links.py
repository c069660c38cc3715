"""The link checker on whole sites, and proof that it finds broken links."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest

from tests.links import check_site, main


def test_the_sample_has_no_fault(sample_site: Path) -> None:
    assert check_site(sample_site) == []


def test_a_hostile_archive_has_no_fault(hostile_site: Path) -> None:
    assert check_site(hostile_site) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (r"/linux-amd64/\?", "/linux-amd65/?", "broken link to repos/python/3.6.4-slim/linux-amd65/index.html"),
        ('href="history/"', 'href="history/#nowhere"', "history/index.html has no part #nowhere"),
        ('href="history/"', 'href="https://example.org/"', "leads to another host: https://example.org/"),
        ('href="history/"', 'href="//example.org/"', "leads to another host: //example.org/"),
        ('href="history/"', 'href="javascript:alert(1)"', "leads to another host: javascript:alert(1)"),
        (
            r"<code class=d>sha256:[0-9a-f]{16}",
            "<code class=d>sha256:0000000000000000",
            "unknown digest 0000000000000000",
        ),
        (r"</h1>", "</h1><h1>two</h1>", "2 first headings"),
        (r"<title>.*?</title>", "<title> · repo-info</title>", "no title"),
        (r"<title>.*?</title>", "<title>python:3.6 · repo-info</title>", "is also that of"),
        (r'<html lang="en"', "<html", "no language"),
        (r'name="description" content="[^"]*"', 'name="description" content=""', "no description"),
        (r'<h2 id="platforms">', '<h2 id="last-changes">', "two elements with the id last-changes"),
    ],
)
def test_every_kind_of_fault_is_found(sample_site: Path, tmp_path: Path, old: str, new: str, fault: str) -> None:
    site = copy_of(sample_site, tmp_path)
    edit(site / "repos/python/3.6-slim/index.html", old, new)
    faults = check_site(site)
    assert faults
    assert [line for line in faults if fault not in line] == []


def copy_of(site: Path, folder: Path) -> Path:
    return Path(shutil.copytree(site, folder / "site", copy_function=os.link))


def edit(page: Path, old: str, new: str) -> None:
    html = page.read_text()
    broken = re.sub(old, new, html, count=1)
    assert broken != html
    page.unlink()  # the other name of the file keeps its content
    page.write_text(broken)


def test_the_command_prints_the_number_of_faults(
    sample_site: Path, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In this process: a new one would run the source files of this moment, on a site that older ones built."""
    with pytest.raises(SystemExit) as ended:
        main(str(sample_site))
    assert (ended.value.code, capsys.readouterr().out) == (False, "0 faults\n")
    for wrong in ([], [str(root)]):
        with pytest.raises(SystemExit, match="usage: "):
            main(*wrong)
