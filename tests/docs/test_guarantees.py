"""`site_src/guarantees.md`: each guarantee names a test that exists."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def rows(root: Path) -> list[tuple[str, str]]:
    """Guarantees with their tests."""
    text = (root / "site_src" / "guarantees.md").read_text(encoding="utf-8")
    return [row for row in re.findall(r"^\| (.+?) \| (.+?) \|$", text, re.MULTILINE) if row[0] != "guarantee"]


def test_every_guarantee_names_a_test_that_exists(root: Path, rows: list[tuple[str, str]]) -> None:
    assert len(rows) > 30
    for guarantee, cell in rows:
        named = re.fullmatch(r"`(tests/[\w/]+\.py)::(test_\w+)`", cell)
        assert named, guarantee
        module = ast.parse((root / named[1]).read_text(encoding="utf-8"))
        names = {node.name for node in module.body if isinstance(node, ast.FunctionDef)}
        assert named[2] in names, f"{guarantee}: {named[1]} has no {named[2]}"
