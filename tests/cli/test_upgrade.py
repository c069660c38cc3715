"""`repo-info upgrade`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.support.archives import ArchiveBuilder, docker_image, single
from tests.support.formats import as_format_1


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """An archive of format 1, of one image and one month."""
    ArchiveBuilder(tmp_path / "a").see("tool:1", "2017-01-01", single(docker_image("x")))
    return as_format_1(tmp_path / "a")


def test_a_second_upgrade_changes_nothing(run: Run, old: Path) -> None:
    first, second = (run("upgrade", "--archive", old) for _ in range(2))
    assert (first.exit_code, first.stdout, first.stderr) == (0, "1 image: 1 journal rewritten\n", "")
    assert (second.exit_code, second.stdout, second.stderr) == (0, "1 image: nothing to do\n", "")
    assert run("verify", "--archive", old).stdout == "1 image: no faults\n"


def test_lines_that_stay_as_they_are_are_named(run: Run, old: Path) -> None:
    (journal,) = old.rglob("2017-01.jsonl")
    journal.write_bytes(b"garbage\n" + journal.read_bytes())
    result = run("upgrade", "--archive", old, "--json")
    (left,) = json.loads(result.stdout)["left"]
    assert left == f"{next(old.rglob('2017-01.*.jsonl'))}:1"
    assert result.exit_code == 0
    assert result.stderr.startswith("repo-info: 1 line left as found, without a sum; see `repo-info verify`:\n")
    assert left in result.stderr


def test_a_header_that_cannot_be_written_is_one_line(run: Run, old: Path) -> None:
    header = (old / "archive.json").rename(old.parent / "elsewhere.json")
    (old / "archive.json").symlink_to(header)
    result = run("upgrade", "--archive", old)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(f"repo-info: {old / 'archive.json'}: cannot be written: ")
    assert result.stderr.count("\n") == 1
    assert "format" in header.read_text()
    assert [path.name for path in old.rglob("*.jsonl")] == ["2017-01.jsonl"]
