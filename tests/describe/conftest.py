"""A small library file and its parts, written for these tests, and comparison with golden files."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

HERE = Path(__file__).parent
LIBRARY = HERE / "fixtures" / "library"
DOCS = HERE / "fixtures" / "docs"

Golden = Callable[[str, str], None]


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    """The folder of parts, to be changed."""
    return Path(shutil.copytree(DOCS, tmp_path / "docs"))


@pytest.fixture
def golden() -> Golden:
    """Compares a text with the one in `golden/`; RECORD=1 writes it there."""

    def compare(name: str, text: str) -> None:
        path = HERE / "golden" / f"{name}.md"
        if os.environ.get("RECORD"):
            path.write_text(text, encoding="utf-8")
        assert path.is_file(), f"no golden file {path.name}: record it with RECORD=1, and read it"
        expected = path.read_text(encoding="utf-8")
        assert expected
        assert text == expected

    return compare
