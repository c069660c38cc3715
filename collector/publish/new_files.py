"""Writes files that do not exist yet, and compares those that do."""

from __future__ import annotations

import os
from collections.abc import Mapping
from difflib import unified_diff
from pathlib import Path

import msgspec

from collector.archive.replacement import replace_file
from collector.errors import UsageError

_MAX_BYTES = 2**20
"""The largest size of a file that is compared."""


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """A file that exists with another text."""

    path: str
    diff: str
    """A unified diff from the existing text to the one that would be written."""


class InitReport(msgspec.Struct, frozen=True, kw_only=True):
    """The files of a new archive: created, kept and different ones."""

    created: tuple[str, ...]
    """Paths; for a dry run, those that would be created."""
    kept: tuple[str, ...]
    """Existing ones that belong to the user, or have the text that would be written."""
    differences: tuple[Difference, ...]


def write_new_files(root: Path, texts: Mapping[str, str], *, yours: tuple[str, ...], is_dry: bool) -> InitReport:
    """Write the files that do not exist.

    Args:
        root: the folder, which is made if necessary.
        texts: path below the folder → text.
        yours: the paths of files that a person changes; they are never compared.
        is_dry: write nothing.

    Raises:
        UsageError: a path is a link or no file.
    """
    created, kept, differences = [], [], []
    for path, text in texts.items():
        if not os.path.lexists(root / path):
            created.append(path)
        elif path in yours or not (diff := _diff(root, path, text)):
            kept.append(path)
        else:
            differences.append(Difference(path=path, diff=diff))
    for path in () if is_dry else created:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        # Whole or not at all: the next run would take the beginning of a file for a person's own.
        replace_file(root / path, texts[path].encode(), is_synced=True)
    return InitReport(created=tuple(created), kept=tuple(kept), differences=tuple(differences))


def _diff(root: Path, path: str, text: str) -> str:
    target = root / path
    if target.is_symlink() or not target.is_file():
        raise UsageError(f"{target}: not a file", hint="move it elsewhere, or choose another folder")
    with target.open("rb") as file:
        there = file.read(_MAX_BYTES).decode(errors="replace")
    lines = unified_diff(there.splitlines(keepends=True), text.splitlines(keepends=True), path, path)
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)
