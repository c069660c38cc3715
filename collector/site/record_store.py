"""The records of tasks, in a file each, so that a build keeps only their names in memory."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

import msgspec

from collector.errors import BuildError
from collector.model.json_text import NOT_DECODABLE
from collector.model.times import Time
from collector.pages.left_out import Rank
from collector.site.plain_files import read_plain, write_new

T = TypeVar("T", bound=msgspec.Struct)

_NAME = re.compile("[0-9a-f]{64}")
_MAX_BYTES = 2**30
"""The largest record that is read."""


class SiteFile(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A file of a site."""

    path: str
    """From the site's root."""
    size: int
    """Bytes."""
    digest: bytes
    """The first 16 bytes of the content's SHA-256."""


def file_digest(content: bytes) -> bytes:
    """The digest of a file in `SiteFile`."""
    return sha256(content).digest()[:16]


class Row(msgspec.Struct, frozen=True, array_like=True):
    """A page or another file."""

    name: str
    """A page's address, or a file's path."""
    key: bytes
    """Covers everything that it was made from."""
    files: tuple[SiteFile, ...]
    updated: Time | None = None
    rank: Rank = 0
    """A site with limits leaves out the lowest ranks first, and never 0."""

    @property
    def is_page(self) -> bool:
        return not self.name or self.name.endswith("/")


class PathHashes(msgspec.Struct, frozen=True, kw_only=True):
    """The paths of a task, in 8 bytes each, so that the paths of all tasks fit into memory."""

    claimed: bytes
    """The first 8 bytes of the hash of each file's path."""
    folders: bytes
    """The same for their folders."""


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """The data of a task for the site-wide pages."""

    summary: bytes


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """The record of a task. `PathHashes` and `Summary` are parts of it that can be read alone."""

    rows: tuple[Row, ...]
    summary: bytes
    claimed: bytes
    folders: bytes
    left_out: tuple[Row, ...] = ()
    """Rows that the site lacks, to stay within its limits."""

    @property
    def all_rows(self) -> Iterator[Row]:
        """Those of the site, and those that it lacks."""
        yield from self.rows
        yield from self.left_out

    @property
    def files(self) -> Iterator[SiteFile]:
        for row in self.rows:
            yield from row.files

    @property
    def paths(self) -> Iterator[str]:
        for file in self.files:
            yield file.path


def folders_above(paths: Iterable[str]) -> set[str]:
    """All folders that these files are in."""
    folders: set[str] = set()
    for path in paths:
        folder = path.rpartition("/")[0]
        while folder and folder not in folders:
            folders.add(folder)
            folder = folder.rpartition("/")[0]
    return folders


def make_record(rows: Sequence[Row], summary: bytes, left_out: Sequence[Row] = ()) -> Record:
    """The record of a task with these rows."""
    paths = [file.path for row in rows for file in row.files]
    claimed, above = (b"".join(map(path_hash, names)) for names in (paths, sorted(folders_above(paths))))
    missing = tuple(sorted(left_out, key=lambda row: row.name))
    return Record(rows=tuple(rows), summary=summary, claimed=claimed, folders=above, left_out=missing)


def divided(record: Record, rank: Rank) -> Record:
    """The record of a site that leaves out the rows up to a rank. Rows that are left out already stay left out."""
    rows = [row for row in record.rows if not 0 < row.rank <= rank]
    if len(rows) == len(record.rows):
        return record
    kept = {row.name for row in rows}
    return make_record(rows, record.summary, [row for row in record.all_rows if row.name not in kept])


def path_hash(path: str) -> bytes:
    """The 8 bytes of a path in `PathHashes`."""
    return sha256(path.encode()).digest()[:8]


class RecordStore(msgspec.Struct, frozen=True, kw_only=True):
    """A folder of records. Each is named by the hash of its content, so that damage is detected."""

    folder: Path

    def write(self, record: Record) -> str:
        """Store a record; returns its name."""
        content = msgspec.msgpack.encode(record)
        name = sha256(content).hexdigest()
        self.folder.mkdir(exist_ok=True)
        beside = self.folder / f"{name}.new"
        beside.unlink(missing_ok=True)  # left by a killed build
        write_new(str(beside), content)
        beside.replace(self.folder / name)
        return name

    def read(self, name: str, part: type[T]) -> T | None:
        """A record, or a part of it; None if it is missing or damaged."""
        try:
            content = self.content(name)
            return msgspec.msgpack.decode(content, type=part) if content is not None else None
        except NOT_DECODABLE:
            return None

    def content(self, name: str) -> bytes | None:
        """The bytes of a record; None if it is missing or damaged."""
        if not _NAME.fullmatch(name):
            return None
        content = read_plain(self.folder, name, _MAX_BYTES)
        return content if content is not None and sha256(content).hexdigest() == name else None

    def must_read(self, name: str, part: type[T]) -> T:
        """A record of the current build, or a part of it.

        Raises:
            BuildError: it is missing or damaged.
        """
        return msgspec.msgpack.decode(self.must_have(name), type=part)

    def must_have(self, name: str) -> bytes:
        """The bytes of a record of the current build.

        Raises:
            BuildError: it is missing or damaged.
        """
        content = self.content(name)
        if content is None:
            raise BuildError(f"{self.folder}: changed while the site was built", hint="build it again")
        return content

    def sweep(self, names: Collection[str]) -> None:
        """Remove all records but these."""
        for path in self.folder.iterdir() if self.folder.is_dir() else ():
            if path.name not in names:
                path.unlink()
