"""A small library file and a publisher's parts of descriptions, written for the tests of descriptions."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

_FIXTURES = Path(__file__).resolve().parents[1] / "describe" / "fixtures"
LIBRARY = _FIXTURES / "library"
DOCS = _FIXTURES / "docs"


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    """A copy of the folder of parts that a test may change."""
    return Path(shutil.copytree(DOCS, tmp_path / "docs"))
