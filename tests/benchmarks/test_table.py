"""The benchmark prints every row of the table, with the real data and without. No time is asserted."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROWS = {
    "reading all page versions": False,
    "import of the whole history": False,
    "import of ten images with `local/` pages": None,
    "plain MkDocs and Material": True,
    "full build: every tag": True,
    "rebuild with nothing changed": True,
    "Zensical": None,
    "Hugo": None,
    "full build, beside Hugo": None,
    "rebuild after a day's update": False,
    "growth: journals of ": True,
    "growth: full build of ": True,
    "growth: memory, all processes, ": True,
    "growth: published size of ": True,
    "365 days of 13 tags: journals": True,
    "365 days of 13 tags: full build": True,
    "365 days of 13 tags: published size": True,
    "365 days of 13 tags: largest disk use of one of 1 parts": True,
    "365 days of 13 tags: a usual day to a bucket: ": True,
    "published size": True,
    "published size, each file gzipped": True,
    "published files": True,
    "digest look-up: requests": True,
    "digest look-up: bytes": True,
    "digest look-up: bytes, gzipped": True,
    "digest look-up in Chromium: requests": None,
    "digest look-up in Chromium: bytes": None,
    "look-up of a digest in Chromium": None,
    "search for a name in Chromium": None,
    "collect: first time": True,
    "HEADs by requests.Session": True,
    "collect: unchanged tags": True,
    "collect: requests for manifests, unchanged tags": True,
    "memory, all processes together: import": False,
    "memory, all processes together: full build": True,
    "memory, all processes together: rebuilds": False,
    "memory, all processes together: collect": True,
    "memory, all processes together: plain MkDocs": True,
}
"""How each begins -> whether it can be measured without a git archive; None: only where something else is installed."""

DAYS = ("2016-12-31", "2017-04-30", "2017-08-31", "2017-11-30", "2018-01-31")


def run_benchmarks(root: Path, *arguments: str | Path) -> str:
    command = [sys.executable, "-m", "benchmarks", *map(str, arguments)]
    return subprocess.run(command, cwd=root, check=True, capture_output=True, text=True).stdout


def read_table(output: str) -> dict[str, str]:
    """The measured values by the name of the row."""
    found = re.findall(r"^\| ([^|]+) \| ([^|]*) \|", output, re.MULTILINE)
    return {name: measured for name, measured in found if name not in {"what", "---"}}


@pytest.fixture(scope="module")
def source(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small git archive: pages of the sample as they stood on some days."""
    folder = tmp_path_factory.mktemp("source")
    git = ["git", "-C", str(folder), "-c", "user.name=x", "-c", "user.email=x@x.invalid"]
    subprocess.run([*git, "init", "--quiet", "--initial-branch=main", "--template="], check=True)
    for day in DAYS:
        export = [sys.executable, "-c", "from collector.cli import main; main()", "export", "--as-of", day]
        pages = ["--archive", str(root / "examples" / "archive"), "--to", str(folder), "--image", "python"]
        subprocess.run([*export, *pages], check=True, capture_output=True)
        subprocess.run([*git, "add", "--all"], check=True)
        dates = {"GIT_COMMITTER_DATE": f"{day}T12:00:00Z", "GIT_AUTHOR_DATE": f"{day}T12:00:00Z"}
        subprocess.run([*git, "commit", "--quiet", "--message", day], check=True, env=dates | {"PATH": "/usr/bin:/bin"})
    return folder


@pytest.mark.slow
def test_the_sample_alone_gives_every_row_and_names_what_it_lacks(root: Path) -> None:
    output = run_benchmarks(root, "--sample", "--tags", "40")
    table = read_table(output)
    for start, possible in ROWS.items():
        measured = [text for name, text in table.items() if name.startswith(start)]
        assert measured, start
        if possible is not None:
            assert all(text.startswith("not measured: ") != possible for text in measured), start
    assert "Measured: the sample." in output
    assert "repo-info build --archive archive --site site --jobs 2" in output


@pytest.mark.slow
def test_a_git_archive_gives_every_row_measured(root: Path, source: Path) -> None:
    """The test of the sample measures everything that needs no source."""
    needed = ("archive_read", "archive_import", "plain", "full_build", "rebuild", "lookups", "collection", "memory")
    output = run_benchmarks(root, "--source", source, "--tags", "40", "--only", *needed)
    table = read_table(output)
    assert "Measured: the whole archive." in output
    for start, possible in ROWS.items():
        if possible is False:
            assert any(name.startswith(start) for name in table), start
    assert not [name for name, text in table.items() if "not measured" in text and "skopeo" not in name]
    assert table["collect: requests for manifests, unchanged tags"] == "400 HEAD, 0 GET"
    updates = [name for name in table if name.startswith("rebuild after a day's update: ")]
    assert [name.split(": ")[1][:10] for name in updates] == list(DAYS[2:])
    assert table["digest look-up: bytes"].startswith("median ")


def test_a_source_that_is_not_there_is_refused_in_one_line(root: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "benchmarks", "--source", str(tmp_path / "no.bundle")]
    run = subprocess.run(command, cwd=root, check=False, capture_output=True, text=True)
    assert run.returncode == 1
    assert re.fullmatch(r"benchmarks: .*no\.bundle: not found; .*\n", run.stderr)
