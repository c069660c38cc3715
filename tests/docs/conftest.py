"""The distribution of the checkout, built once for the modules that look into it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.shared_once import made_once


@pytest.fixture(scope="session")
def dist(root: Path, shared_tmp: Path) -> Path:
    """A folder with the wheel and the source distribution of the checkout."""

    def build(folder: Path) -> None:
        subprocess.run([sys.executable, "-m", "hatchling", "build", "-d", folder], cwd=root, check=True)

    return made_once(shared_tmp, "dist", build)
