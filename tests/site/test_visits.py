"""A visit that finds nothing changes one small file of the site, built at once or in parts."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from collector.archive.visits import Visit, add_visit
from collector.model.times import Time
from collector.pages.visits import PATH
from collector.site.build import BuildOptions, build_site
from collector.site.merge import merge_parts
from tests.pages.archives import Seen, alone, day, write_archive
from tests.releases.made_up import built
from tests.support.folders import bench_of, copy_site, read_folder
from tests.support.shards import build_parts

ONE = BuildOptions(jobs=1)


def visit(root: Path, name: str, time: str) -> None:
    add_visit(root, Visit(repository=f"docker.io/library/{name}", time=Time(time)))


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    seen = [Seen(tag="1", time=day(number), state=alone(built(base=number))) for number in (1, 2)]
    return write_archive(tmp_path / "archive", one=seen, two=seen, three=seen)


def test_a_visit_that_finds_nothing_changes_no_other_file(archive: Path, frame: Path, tmp_path: Path) -> None:
    site = copy_site(frame, tmp_path / "site")
    build_site(archive, site, ONE)
    before = read_folder(site)
    visit(archive, "two", "2024-02-01T00:00:00Z")
    build_site(archive, site, ONE)
    after = read_folder(site)
    changed = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    assert {path for path in changed if "." in path.strip(".")} == {PATH}


def test_merged_parts_have_the_visits_of_all(archive: Path, frame: Path, tmp_path: Path) -> None:
    for number, name in enumerate(("one", "two", "three"), 1):
        visit(archive, name, f"2024-02-0{number}T00:00:00Z")
    whole, merged = copy_site(frame, tmp_path / "whole"), tmp_path / "merged"
    build_site(archive, whole, ONE)
    merge_parts(build_parts(archive, frame, tmp_path, 2, ONE), merged, ONE)
    assert (merged / PATH).read_bytes() == (whole / PATH).read_bytes()
    assert read_folder(bench_of(merged)).get("state") == read_folder(bench_of(whole)).get("state")
    assert len(msgspec.json.decode((whole / PATH).read_bytes())["visits"]) == 3
