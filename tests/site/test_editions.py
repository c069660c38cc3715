"""Sites with editions: each is built once, has links within itself, is the same for all ways of building, and is
small.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from collector.configuration import SiteTable
from collector.errors import BuildError
from collector.model.times import Time
from collector.site.build import BuildOptions, build_site
from collector.site.destination import MARK
from collector.site.merge import merge_parts
from collector.site.mkdocs.config_file import config_file
from collector.site.shard_folder import FACTS, FOLDER
from tests.diff.builders import image
from tests.equality.sites import iter_differences, stamps_of
from tests.links import check_site
from tests.pages.archives import Seen, alone, write_archive
from tests.support.folders import copy_site, read_folder
from tests.support.shards import build_parts

_SELECTOR = re.compile(rb'<div class="md-version"><a [^>]*>Current</a></div>')

DAYS = ("2018-01-06", "2018-01-03")
OPTIONS = BuildOptions(jobs=1, site=SiteTable(editions=DAYS))


def at(number: int) -> Time:
    return Time(f"2018-01-{number:02}T12:00:00Z")


def seen(tag: str, number: int, step: str) -> Seen:
    return Seen(tag=tag, time=at(number), state=alone(image(step)))


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    first = [seen("1", 1, "FROM one"), seen("latest", 1, "FROM one"), seen("old", 2, "FROM old")]
    changes = [Seen(tag="old", time=at(4), gone="missing"), seen("1", 5, "FROM two"), seen("2", 8, "FROM three")]
    root = tmp_path_factory.mktemp("archive") / "archive"
    return write_archive(root, app=[*first, *changes], late=[seen("1", 5, "FROM late")], **{"owner/app": first})


@pytest.fixture(scope="module")
def options() -> BuildOptions:
    return OPTIONS


def test_pages_of_editions_lead_to_each_other_and_to_the_current_site(whole: Path) -> None:
    assert check_site(whole) == []
    page = (whole / "2018-01-03/repos/app/1/index.html").read_text()
    assert '<strong>2018-01-03</strong>. <a href="../../../../repos/app/1/">See the current page</a>' in page
    assert '<meta name="robots" content="noindex">' in page
    assert "This page as JSON" not in page
    assert "feed.xml" not in page
    assert not (whole / "2018-01-03/repos/late").exists()
    assert (whole / "2018-01-06/repos/late/1/index.html").is_file()
    assert (whole / "2018-01-03/repos/app/old/index.html").is_file()
    assert not (whole / "2018-01-06/repos/app/old").exists()


def test_an_address_without_an_edition_is_of_the_current_site(archive: Path, whole: Path, tmp_path: Path) -> None:
    build_site(archive, tmp_path / "plain", BuildOptions(jobs=1, site=SiteTable(editions=())))
    plain = read_folder(tmp_path / "plain")
    found = {path: content for path, content in read_folder(whole).items() if not path.startswith(("2018-", "latest/"))}
    assert found.keys() - plain.keys() == {"versions.json"}
    for path, content in plain.items():
        if path not in ("index.html", MARK):
            without, selectors = _SELECTOR.subn(b"", found[path])
            assert without.split() == content.split(), path
            assert selectors == (b"<header" in content), path


def test_an_edition_is_made_once(archive: Path, whole: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(archive, tmp_path / "archive")
    site = copy_site(whole, tmp_path / "site")
    before = stamps_of(site)
    write_archive(copy, app=[seen("1", 20, "FROM four")], fresh=[seen("1", 21, "FROM five")])
    report = build_site(copy, site, OPTIONS)
    assert [(one.edition, one.made) for one in report.editions] == [(day, False) for day in DAYS]
    after = stamps_of(site)
    of_editions = [path for path in before if path.startswith("2018-")]
    assert of_editions
    assert {path: after.get(path) for path in of_editions} == {path: before[path] for path in of_editions}
    assert after["repos/app/1/index.html"] != before["repos/app/1/index.html"]
    anew = copy_site(site, tmp_path / "anew")
    build_site(copy, anew, BuildOptions(jobs=1, full=True, site=SiteTable(editions=DAYS)))
    assert list(iter_differences(stamps_of(site), stamps_of(anew))) == []


def test_editions_are_added_and_removed_one_by_one(archive: Path, whole: Path, tmp_path: Path) -> None:
    site = copy_site(whole, tmp_path / "site")
    before = stamps_of(site)
    more = build_site(archive, site, BuildOptions(jobs=1, site=SiteTable(editions=("2018-01-07", *DAYS))))
    assert [(one.edition, one.made) for one in more.editions] == [("2018-01-07", True), *((day, False) for day in DAYS)]
    kept = [path for path in before if path.startswith(("2018-", "repos/"))]
    after = stamps_of(site)
    assert {path: after.get(path) for path in kept} == {path: before[path] for path in kept}
    fewer = build_site(archive, site, BuildOptions(jobs=1, site=SiteTable(editions=DAYS[:1])))
    assert [one.edition for one in fewer.editions] == [DAYS[0]]
    assert not (site / DAYS[1]).exists()
    assert not (site / "2018-01-07").exists()
    build_site(archive, site, OPTIONS)
    assert list(iter_differences(before, stamps_of(site))) == []


def test_the_size_of_an_edition_is_reported(archive: Path, whole: Path, tmp_path: Path) -> None:
    report = build_site(archive, copy_site(whole, tmp_path / "site"), OPTIONS)
    files = read_folder(whole)
    current = sum(len(content) for path, content in files.items() if not path.startswith("2018-") and path != MARK)
    assert report.size == current
    for one in report.editions:
        own = {path: content for path, content in files.items() if path.startswith(f"{one.edition}/")}
        assert one.size == sum(map(len, own.values()))
        assert one.pages == len(own)
        assert one.share == one.size / current


def test_parts_make_the_same_site_with_its_editions(archive: Path, frame: Path, whole: Path, tmp_path: Path) -> None:
    parts = build_parts(archive, frame, tmp_path, 2, OPTIONS)
    merge_parts(parts, tmp_path / "site", BuildOptions(jobs=1))
    assert read_folder(tmp_path / "site") == read_folder(whole)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("2018-01-04/docker.io/library/app", "has the edition 2018-01-04, which the site does not have"),
        (
            "2018-01-03/docker.io/library/foreign",
            "its images differ from those of its shard: 'docker.io/library/foreign'",
        ),
    ],
)
def test_a_part_with_foreign_files_is_refused(
    archive: Path, frame: Path, tmp_path: Path, name: str, message: str
) -> None:
    parts = build_parts(archive, frame, tmp_path, 2, OPTIONS)
    for part in parts:
        path = part / FOLDER / FACTS
        facts = json.loads(path.read_bytes())
        if entry := facts["tasks"].get("2018-01-03/docker.io/library/app"):
            facts["tasks"][name] = entry
            path.write_text(json.dumps(facts))
    with pytest.raises(BuildError, match=message):
        merge_parts(parts, tmp_path / "site", BuildOptions(jobs=1))
    assert not (tmp_path / "site").exists()


def test_the_sitemap_leaves_editions_out(archive: Path, frame: Path, tmp_path: Path) -> None:
    build_site(
        archive, tmp_path / "site", BuildOptions(jobs=1, site=SiteTable(editions=DAYS, url="https://example.org/"))
    )
    sitemap = (tmp_path / "site/sitemap.xml").read_text()
    assert "<loc>https://example.org/repos/app/1/</loc>" in sitemap
    assert "2018-01-03/" not in sitemap
    assert "<loc>https://example.org/latest/</loc>" not in sitemap


def test_mkdocs_build_gives_the_same(root: Path, archive: Path, whole: Path, tmp_path: Path) -> None:
    config = tmp_path / "mkdocs.yml"
    # As people write days in YAML, which makes dates of them.
    config.write_text(
        f"INHERIT: {config_file()}\n"
        f"docs_dir: {root / 'site_src'}\n"
        f"theme: {{custom_dir: {root / 'site_src' / 'overrides'}}}\n"
        f"plugins:\n  - repo-info: {{archive: '{archive}', editions: [2018-01-03, '2018-01-06']}}\n"
    )
    command = ["-m", "mkdocs", "build", "--quiet", "--config-file", str(config), "--site-dir", str(tmp_path / "site")]
    environment = {**os.environ, "PYTHONPATH": str(root), "NO_MKDOCS_2_WARNING": "1"}
    subprocess.run([sys.executable, *command], env=environment, check=True, stdin=subprocess.DEVNULL)
    by_mkdocs, by_us = read_folder(tmp_path / "site"), read_folder(whole)
    assert {**by_mkdocs, MARK: b""} == {**by_us, MARK: b""}
