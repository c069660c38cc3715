"""The Containerfile, as far as it can be judged without building an image."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from collector.dockerfiles.dockerfile import parse_dockerfile
from collector.dockerfiles.instructions import iter_instructions


def test_the_files_that_are_copied_make_the_wheel(root: Path, dist: Path, tmp_path: Path) -> None:
    context = tmp_path / "context"
    for line in (root / ".containerignore").read_text(encoding="utf-8").splitlines():
        if line.startswith("!"):
            copy(root / line[1:], context / line[1:])
    hatchling: list[str | Path] = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path]
    subprocess.run(hatchling, cwd=context, check=True)
    (ours,), (theirs,) = dist.glob("*.whl"), tmp_path.glob("*.whl")
    assert ours.read_bytes() == theirs.read_bytes()


def copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy(source, target)


def test_every_stage_is_built_on_the_one_base_that_can_be_replaced_and_pinned(root: Path) -> None:
    images = parse_dockerfile((root / "Containerfile").read_text(encoding="utf-8"))
    assert {image.reference for image in images} == {"docker.io/library/python:3.13-slim"}
    assert all(image.span for image in images)


def test_it_runs_as_a_user_without_a_name(root: Path) -> None:
    text = (root / "Containerfile").read_text(encoding="utf-8")
    last = {instruction.name: instruction.text.strip() for instruction in iter_instructions(text)}
    assert last["USER"] == "65532:65532"
    assert last["ENTRYPOINT"] == '["repo-info"]'
