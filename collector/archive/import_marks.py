"""How far the `local/` pages of each repository were read, so that an import reads only what is new.

    archive/imports.json     {"docker.io/library/python": {"commit": …, "inventories": …}, …}

Not facts: the file may be deleted, and the next import then reads all pages again.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

from collector.archive.replacement import replace_file
from collector.errors import ArchiveError
from collector.model.json_text import NOT_DECODABLE

FILE = "imports.json"

_MAX = 64 * 2**20
"""Bytes; what is larger is not read."""


class ImportMark(msgspec.Struct, frozen=True, kw_only=True):
    """All `local/` pages of a repository up to a commit are in the archive."""

    commit: str
    inventories: int
    """That the archive had then; with fewer, some were lost since."""


_DECODER = msgspec.json.Decoder(dict[str, ImportMark])


def read_marks(root: Path) -> dict[str, ImportMark]:
    """The full name of each repository → its mark; empty if the file is missing or damaged."""
    try:
        with (root / FILE).open("rb") as file:
            return _DECODER.decode(file.read(_MAX))
    except (OSError, *NOT_DECODABLE):
        return {}


def write_marks(root: Path, marks: Mapping[str, ImportMark]) -> None:
    """Replace the file in one step.

    Raises:
        ArchiveError: it cannot be written.
    """
    try:
        content = msgspec.json.format(msgspec.json.encode(marks, order="sorted"), indent=2) + b"\n"
        replace_file(root / FILE, content)
    except OSError as error:
        raise ArchiveError(f"{root / FILE}: cannot be written: {error.strerror}", hint="delete it") from None
