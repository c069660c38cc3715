"""MkDocs and ProperDocs, in the project's root, build the site of `repo-info build`; so do any number of processes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from collector.site.build import BuildOptions, build_site
from collector.site.destination import MARK


def tree(site: Path) -> dict[str, bytes]:
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()}


def differing(one: dict[str, bytes], other: dict[str, bytes]) -> set[str]:
    return {path for path in one.keys() | other.keys() if one.get(path) != other.get(path)}


@pytest.mark.parametrize("program", ["mkdocs", "properdocs"])
def test_mkdocs_and_its_successor_build_the_same_site(
    root: Path, sample_site: Path, tmp_path: Path, program: str
) -> None:
    subprocess.run(
        [sys.executable, "-m", program, "build", "--quiet", "--config-file=mkdocs.yml", f"--site-dir={tmp_path}/site"],
        cwd=root,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        check=True,
        stdin=subprocess.DEVNULL,
    )
    # The mark holds a hash of the build's record, and MkDocs keeps none.
    assert differing(tree(sample_site), tree(tmp_path / "site")) <= {MARK}


def test_any_number_of_processes_gives_the_same_bytes(root: Path, sample_site: Path, tmp_path: Path) -> None:
    build_site(root / "examples" / "archive", tmp_path / "two", BuildOptions(jobs=2))
    assert differing(tree(sample_site), tree(tmp_path / "two")) == set()


def test_a_second_build_writes_nothing(root: Path, tmp_path: Path) -> None:
    archive, site = root / "examples" / "archive", tmp_path / "site"
    build_site(archive, site, BuildOptions(jobs=1))
    stamps = {path: path.stat().st_mtime_ns for path in site.rglob("*") if path.is_file()}
    report = build_site(archive, site, BuildOptions(jobs=1))
    assert report.skipped == report.tasks == 3
    assert {path: path.stat().st_mtime_ns for path in site.rglob("*") if path.is_file()} == stamps
