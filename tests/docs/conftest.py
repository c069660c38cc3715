"""The distribution of the checkout, built once for the modules that look into it."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from tests.support.shared_once import made_once


@pytest.fixture(scope="session")
def dist(root: Path, shared_tmp: Path) -> Path:
    """A folder with the wheel and the source distribution of the checkout."""

    def build(folder: Path) -> None:
        subprocess.run([sys.executable, "-m", "hatchling", "build", "-d", folder], cwd=root, check=True)

    return made_once(shared_tmp, "dist", build)


@pytest.fixture(scope="session")
def prefix(dist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel, and with the dependencies of the tests' environment: nothing is fetched."""
    folder = tmp_path_factory.mktemp("installation")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    (packages,) = folder.glob("lib/python3*/site-packages")
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    (wheel,) = dist.glob("*.whl")
    pip: list[str | Path] = [sys.executable, "-m", "pip", "--python", folder / "bin" / "python"]
    subprocess.run([*pip, "install", "--quiet", "--no-index", "--no-deps", "--ignore-installed", wheel], check=True)
    return folder
