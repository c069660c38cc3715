"""What is remembered of a task beside the site: its files, and the keys of what they were made from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import sha256

import msgspec

from collector.model.times import Time


class Row(msgspec.Struct, frozen=True, array_like=True):
    """One page, or one other file."""

    name: str
    """A page's address, or a file's path."""
    key: bytes
    """Of what it was made from."""
    files: tuple[tuple[str, int], ...]
    """Paths from the site's root, and sizes in bytes."""
    updated: Time | None = None

    @property
    def is_page(self) -> bool:
        return not self.name or self.name.endswith("/")


class Claims(msgspec.Struct, frozen=True, kw_only=True):
    """The paths of a task, 8 bytes each: those of all tasks fit into memory, and are compared in no time."""

    claimed: bytes
    """Of each file the first 8 bytes of its path's hash."""
    folders: bytes
    """The same of the folders that they lie in."""


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """What a task tells those that need all tasks."""

    summary: bytes


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """All that is remembered of a task. `Claims` and `Summary` are parts of it that can be read alone."""

    rows: tuple[Row, ...]
    summary: bytes
    claimed: bytes
    folders: bytes

    @property
    def files(self) -> Iterator[tuple[str, int]]:
        """Paths and sizes."""
        for row in self.rows:
            yield from row.files

    @property
    def paths(self) -> Iterator[str]:
        for path, _ in self.files:
            yield path


def make_record(rows: Sequence[Row], summary: bytes) -> Record:
    """The record of a task that made these rows."""
    paths = [path for row in rows for path, _ in row.files]
    folders: set[str] = set()
    for path in paths:
        folder = path.rpartition("/")[0]
        while folder and folder not in folders:
            folders.add(folder)
            folder = folder.rpartition("/")[0]
    claimed, above = (b"".join(map(claim_of, names)) for names in (paths, sorted(folders)))
    return Record(rows=tuple(rows), summary=summary, claimed=claimed, folders=above)


def claim_of(path: str) -> bytes:
    """A path as `Claims` has it."""
    return sha256(path.encode()).digest()[:8]
