"""Golden files: expected texts that a person has reviewed. RECORD=1 writes them anew."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

Golden = Callable[[str, str], None]
"""`golden(name, text)` compares a text with the file of that name in `golden/` beside the test's module."""


def assert_golden(path: Path, text: str) -> None:
    """Assert that a text equals a golden file, and that neither is empty. RECORD=1 writes the file first."""
    if os.environ.get("RECORD"):
        path.write_text(text, encoding="utf-8")
    assert path.is_file(), f"no golden file {path.name}: record it with RECORD=1, and read it"
    expected = path.read_text(encoding="utf-8")
    assert expected.strip()
    assert text == expected
