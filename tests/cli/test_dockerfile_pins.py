"""`repo-info resolve --dockerfile`."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterable
from pathlib import Path

import pytest

from collector.cli import dockerfile_pins
from collector.dockerfiles import Pin, write_pins
from tests.cli.conftest import Run

NOW = "33a5a60a9a155f05ce10ad4a35fc4628a5209200cf024d040de02acb0b14360b"
OLD = "a3b08174237fd5e247b0091ce0462cbfb10b73140b984b7cdebf2e16f9e0be28"
"""What python:3.6-slim pointed at on 2017-06-30."""

DOCKERFILE = f"""\
# What we build on.\r
ARG BASE=python:3.6-slim\r
FROM ${{BASE}} AS build\r
FROM python:3.6-slim@sha256:{OLD}\r
COPY --from=build /a /b\r
"""


@pytest.fixture
def dockerfile(tmp_path: Path) -> Path:
    path = tmp_path / "Dockerfile"
    path.write_bytes(DOCKERFILE.encode() + b"# \xff\n")
    path.chmod(0o640)
    return path


def test_pins_are_printed_with_what_they_bring(run: Run, sample: Path, dockerfile: Path) -> None:
    told = run("resolve", "--dockerfile", dockerfile, "--archive", sample)
    assert (told.exit_code, told.stderr) == (0, "")
    assert told.stdout == (
        f"3: python:3.6-slim@sha256:{NOW}\n"
        f"4: python:3.6-slim@sha256:{NOW}\n"
        "   was a3b08174237f: PYTHON_VERSION 3.6.1 → 3.6.4; 6 platforms added; base image moved\n"
    )
    assert dockerfile.read_bytes() == DOCKERFILE.encode() + b"# \xff\n"


def test_pins_are_written_once_and_nothing_else_changes(run: Run, sample: Path, dockerfile: Path) -> None:
    arguments = ("resolve", "--dockerfile", dockerfile, "--write", "--archive", sample)
    expected = DOCKERFILE.replace("BASE=python:3.6-slim", f"BASE=python:3.6-slim@sha256:{NOW}").replace(OLD, NOW)
    for _ in range(2):
        assert run(*arguments).exit_code == 0
        assert dockerfile.read_bytes() == expected.encode() + b"# \xff\n"
        assert stat.S_IMODE(dockerfile.stat().st_mode) == 0o640
    assert [path.name for path in dockerfile.parent.iterdir()] == ["Dockerfile"]
    assert run(*arguments, "--as-of", "2017-06-30").exit_code == 0
    assert dockerfile.read_bytes() == expected.replace(NOW, OLD).encode() + b"# \xff\n"


def test_an_image_without_a_pin_is_reported_and_the_rest_is_pinned(run: Run, sample: Path, tmp_path: Path) -> None:
    path = tmp_path / "Dockerfile"
    path.write_text("ARG V=3.6-slim\nFROM python:$V\nFROM nosuch:1\nFROM python:3.6-slim\nFROM Not:A:Name\n")
    told = run("resolve", "--dockerfile", path, "--write", "--archive", sample, "--json")
    assert told.exit_code == 1
    lines = json.loads(told.stdout)
    assert [(line["line"], line["pin"] is not None, line["problem"][:40]) for line in lines] == [
        (2, True, "its name depends on ARG V"),
        (3, False, f"nosuch: no such image in the archive {sample}"[:40]),
        (4, True, ""),
        (5, False, "'Not:A:Name': not an image name: 'Not:A'"),
    ]
    assert path.read_text().splitlines()[3] == f"FROM python:3.6-slim@sha256:{NOW}"


@pytest.mark.parametrize("arguments", [("python",), ("--platform", "linux/arm64")], ids=["an image", "a platform"])
def test_a_file_excludes_other_arguments(run: Run, sample: Path, dockerfile: Path, arguments: tuple[str, ...]) -> None:
    told = run("resolve", *arguments, "--dockerfile", dockerfile, "--archive", sample)
    assert told.exit_code == 2
    assert "--dockerfile with an image or a platform (give only the file)" in told.stderr


def test_an_image_or_a_file_is_needed(run: Run, sample: Path) -> None:
    assert "no image (give IMAGE:TAG, or --dockerfile FILE)" in run("resolve", "--archive", sample).stderr
    assert "--write without --dockerfile" in run("resolve", "python", "--write", "--archive", sample).stderr


def test_a_file_that_cannot_be_written_stays(
    run: Run, sample: Path, dockerfile: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(dockerfile_pins, "replace_file", refuse)
    told = run("resolve", "--dockerfile", dockerfile, "--write", "--archive", sample)
    assert (told.exit_code, told.stderr) == (
        1,
        f"repo-info: {dockerfile}: not written: No space left on device (the file is unchanged)\n",
    )
    assert dockerfile.read_bytes() == DOCKERFILE.encode() + b"# \xff\n"


def test_an_edit_during_the_run_is_kept(
    run: Run, sample: Path, dockerfile: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def edit(text: str, pins: Iterable[Pin]) -> str:
        dockerfile.write_text("FROM busybox\n")
        return write_pins(text, pins)

    monkeypatch.setattr(dockerfile_pins, "write_pins", edit)
    told = run("resolve", "--dockerfile", dockerfile, "--write", "--archive", sample)
    assert told.exit_code == 1
    assert "not written: it changed meanwhile (run the same command again)" in told.stderr
    assert dockerfile.read_text() == "FROM busybox\n"


def test_an_invalid_dockerfile_is_refused_by_its_name(run: Run, sample: Path, tmp_path: Path) -> None:
    path = tmp_path / "compose.yaml"
    path.write_text("image: python\n")
    told = run("resolve", "--dockerfile", path, "--archive", sample)
    assert (told.exit_code, told.stderr) == (1, f"repo-info: {path}: no FROM in it (name a Dockerfile)\n")
