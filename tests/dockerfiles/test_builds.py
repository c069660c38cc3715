"""`why` and `resolve --write` on twenty Dockerfiles as people write them; a person read their images and lines."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.cli.conftest import Run, run

__all__ = ["run"]

BUILDS = Path(__file__).with_name("builds")
PINNED = "python:3.6-slim@sha256:a3b08174237fd5e247b0091ce0462cbfb10b73140b984b7cdebf2e16f9e0be28"
IMAGES: dict[str, list[tuple[int, str]]] = {
    "01-django": [(1, "python:3.6-slim")],
    "02-two-stages": [(2, "python:3.6"), (7, "python:3.6-slim")],
    "03-version-argument": [(4, "python:3.6-slim")],
    "04-pinned": [(1, PINNED)],
    "05-heredoc": [(2, "alpine:3.6"), (12, "alpine:3.7")],
    "06-copy-from-images": [(1, "alpine:3.7"), (2, "hello-world:latest"), (3, "alpine:3.5")],
    "07-mounts": [(1, "python:3.6"), (2, "alpine:3.6")],
    "08-windows-line-ends": [(1, "hello-world:nanoserver"), (6, "python:3.6-windowsservercore")],
    "09-escape-backtick": [(2, "python:3.6-windowsservercore")],
    "10-target-per-platform": [(1, "golang:1.9"), (5, "alpine:3.7")],
    "11-small-letters": [(1, "python:3.6")],
    "12-scratch": [(1, "alpine:3.6")],
    "13-private-registry": [
        (2, "registry.example.org:5000/team/base:2018.1"),
        (3, "ghcr.io/owner/tool:1"),
        (4, "alpine"),
    ],
    "14-continued-from": [(1, "python:3.6-slim")],
    "15-defaults-in-braces": [(2, "python:3.6-slim"), (4, "alpine:3.7")],
    "16-no-end-of-line": [(1, "docker.io/library/python:3-slim")],
    "17-byte-order-mark": [(2, "index.docker.io/library/alpine:3.7")],
    "18-quotes": [(2, "python:3.6-slim"), (3, "alpine:3.7")],
    "19-onbuild-and-comments": [(3, "python:3.6")],
    "20-many-stages": [(1, "hello-world:latest"), (2, "alpine:3.7"), (7, "python:3.6-slim")],
}
SINCE = "2017-12-01"
PINS = {"03-version-argument": 0, "10-target-per-platform": 1, "13-private-registry": 1, "15-defaults-in-braces": 0}
"""Pins of files in which not every image can have one: its name has two arguments, or the archive does not have it."""
_PIN = re.compile(rb"(?:(?<=alpine):latest)?@sha256:[0-9a-f]{64}")


@pytest.fixture(scope="module")
def archive(root: Path) -> Path:
    return root / "examples" / "archive"


def test_there_are_twenty() -> None:
    assert sorted(IMAGES) == sorted(path.stem for path in BUILDS.iterdir())
    assert len(IMAGES) == 20


@pytest.mark.parametrize("name", IMAGES)
def test_why_names_every_image_and_its_releases(run: Run, archive: Path, name: str) -> None:
    done = run("why", BUILDS / f"{name}.Dockerfile", "--since", SINCE, "--json", "--archive", archive)
    (file,) = json.loads(done.stdout)
    assert [(image["line"], image["reference"]) for image in file["images"]] == IMAGES[name]
    for image in file["images"]:
        history = run("history", image["reference"].partition("@")[0], "--json", "--archive", archive)
        assert bool(image["problem"]) is bool(history.exit_code)
        if not image["problem"]:
            releases = json.loads(history.stdout)["releases"]
            assert image["releases"] == [one for one in releases if one["updated"] > f"{SINCE}T23:59:59Z"]


@pytest.mark.parametrize("name", IMAGES)
def test_write_changes_nothing_but_pins_and_does_so_once(run: Run, archive: Path, tmp_path: Path, name: str) -> None:
    path = tmp_path / "Dockerfile"
    before = (BUILDS / f"{name}.Dockerfile").read_bytes()
    path.write_bytes(before)
    first = run("resolve", "--dockerfile", path, "--write", "--archive", archive)
    written = path.read_bytes()
    assert _PIN.sub(b"", written) == _PIN.sub(b"", before)
    assert len(_PIN.findall(written)) == PINS.get(name, len(IMAGES[name]))
    again = run("resolve", "--dockerfile", path, "--write", "--archive", archive)
    assert path.read_bytes() == written
    assert again.exit_code == first.exit_code == (1 if name in PINS else 0)
