"""`repo-info verify`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.support.archives import ArchiveBuilder, digest, docker_image, journal_name, single
from tests.support.formats import as_format_1


@pytest.fixture
def damaged(tmp_path: Path) -> Path:
    """The journal of an archive without faults: two steps, a layer, a config, a manifest, an observation."""
    ArchiveBuilder(tmp_path / "a").see("tool:1", "2017-01-01", single(docker_image("x")))
    (journal,) = (tmp_path / "a").rglob("2017-01.*.jsonl")
    return journal


def test_the_sample_has_no_fault(run: Run, sample: Path) -> None:
    result = run("verify", "--archive", sample)
    assert (result.exit_code, result.stdout, result.stderr) == (0, "3 images: no faults\n", "")


def test_each_fault_is_a_line_with_its_place(run: Run, damaged: Path, tmp_path: Path) -> None:
    lines = damaged.read_bytes().splitlines(keepends=True)
    kept = [line for line in lines if b'"fact":"layer"' not in line]
    damaged.write_bytes(b"".join([*kept, b"\x1b[31mgarbage\n", kept[0], b'{"fact":"st']))
    result = run("verify", "--archive", tmp_path / "a")
    assert result.exit_code == 1
    *faults, summary = result.stdout.splitlines()
    assert summary == "1 image: 4 faults"
    manifest = next(number for number, line in enumerate(kept, 1) if b'"fact":"manifest"' in line)
    assert f"{damaged}:{manifest}: layer {digest('base')} is missing" in faults[0]
    assert [fault.split(": ")[0] for fault in faults[1:]] == [f"{damaged}:{number}" for number in (6, 7, 8)]
    assert "\x1b" not in result.stdout


def test_the_json_form_has_paths_of_the_archive(run: Run, damaged: Path, tmp_path: Path) -> None:
    with damaged.open("ab") as file:
        file.write(b"garbage\n")
    result = run("verify", "--archive", tmp_path / "a", "--json")
    verdict = json.loads(result.stdout)
    assert result.exit_code == 1
    assert verdict["images"] == 1
    (fault,) = verdict["faults"]
    assert (fault["path"], fault["line"]) == (journal_name("tool", "2017-01"), 7)
    assert fault["message"]
    assert fault["hint"]


def test_an_archive_of_format_1_is_verified_as_far_as_it_can_be_and_that_is_one_line(
    run: Run, damaged: Path, tmp_path: Path
) -> None:
    as_format_1(tmp_path / "a")
    result = run("verify", "--archive", tmp_path / "a")
    assert (result.exit_code, result.stderr) == (0, "")
    found, unseen = result.stdout.splitlines()
    assert found == "1 image: no faults"
    assert unseen.startswith("format 1 has no sums")
    assert f"`repo-info upgrade --archive {tmp_path / 'a'}`" in unseen
    assert json.loads(run("verify", "--archive", tmp_path / "a", "--json").stdout)["format"] == 1
