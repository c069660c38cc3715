"""`why` and `resolve --write` on twenty Dockerfiles as people write them; a person read their images and lines."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.cli.conftest import Run, run
from tests.dockerfiles.files import BUILDS, IMAGES

__all__ = ["run"]

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
