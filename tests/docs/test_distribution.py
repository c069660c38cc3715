"""A wheel is complete: it contains the site's frame and the sample, and no foreign files."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

from hatch_build import PIECES


def files_below(path: Path) -> set[str]:
    """The files below a folder, relative to it; for a file, the empty name."""
    if path.is_file():
        return {""}
    return {file.relative_to(path).as_posix() for file in path.rglob("*") if file.is_file()}


def test_the_wheel_has_the_code_the_frame_and_the_sample(root: Path, dist: Path) -> None:
    (wheel,) = dist.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    for here, there in PIECES.items():
        expected = {f"{there}/{name}".rstrip("/") for name in files_below(root / here)}
        assert expected, here
        assert expected <= names
    assert {"collector/py.typed", "collector/errors.py", "collector/model/digests.py"} <= names
    assert {name.split("/")[0].partition("-")[0] for name in names} == {"collector", "repo_info"}


def test_the_source_distribution_can_make_the_wheel(dist: Path, tmp_path: Path) -> None:
    (source,) = dist.glob("*.tar.gz")
    subprocess.run(["tar", "-xzf", source, "-C", tmp_path], check=True)
    (unpacked,) = tmp_path.iterdir()
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path], cwd=unpacked, check=True
    )
    (ours,), (theirs,) = dist.glob("*.whl"), tmp_path.glob("*.whl")
    # Anybody can make the wheel again, wherever and whenever, and compare.
    assert ours.read_bytes() == theirs.read_bytes()


def test_the_licence_goes_with_it(dist: Path) -> None:
    (wheel,) = dist.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        (licence,) = [name for name in archive.namelist() if name.endswith("licenses/LICENSE")]
        assert b"Apache License" in archive.read(licence)
