"""Writes the tables into a folder of Parquet files, one for each table. All of them are complete or not there."""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from itertools import chain
from pathlib import Path
from shutil import rmtree

import pyarrow
from pyarrow import parquet

from collector.errors import UsageError, naming
from collector.tables.definitions import TABLES, Table
from collector.tables.rows import Row, Value
from collector.tables.sqlite_file import write_sqlite

_MARK = b"repo-info"
"""In the metadata of each file: a later export replaces a folder of such files, and no other."""
_SUFFIX = ".parquet"
_MAX_ROWS = 65_536
_MAX_BYTES = 8 * 2**20
"""Bytes of text in a row group, which is held in memory."""
_BATCH = 256
_NEW, _LAST = "new", "last"
"""In the working folder: the tables that are written, and those that they replace."""


def write_parquet(folder: Path, rows: Iterable[Row]) -> dict[str, int]:
    """Write a new folder in the place of `folder`; returns the numbers of rows of all tables.

    The rows are sorted by their keys, and each is there once, as in the file of SQLite that they come through.

    Raises:
        UsageError: the folder has other files.
    """
    _check_is_ours(folder)
    with _working_folder(folder.with_name(f".{folder.name}.export")) as work:
        new, last = work / _NEW, work / _LAST
        new.mkdir()
        counts = _write(new, rows)
        _check_is_ours(folder)  # again: somebody may have put a file there in the meantime
        if folder.exists():
            folder.rename(last)
        new.rename(folder)
    return counts


def _check_is_ours(folder: Path) -> None:
    if folder.exists() and not _is_ours(folder):
        raise UsageError(f"{folder} was not written by repo-info", hint="name a new folder")


@contextmanager
def _working_folder(work: Path) -> Iterator[Path]:
    """An empty folder for one export at a time. What a killed one has left in it is removed.

    Raises:
        UsageError: it is another folder, a file or a link; or another export uses it.
    """
    if os.path.lexists(work) and not _is_working_folder(work):
        raise UsageError(f"{work} was not written by repo-info", hint="move it elsewhere, or name another folder")
    work.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(work, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        with naming(work):
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        for name in (_NEW, _LAST):
            rmtree(work / name, ignore_errors=True)
        try:
            yield work
        finally:
            rmtree(work, ignore_errors=True)
    except BlockingIOError:
        raise UsageError(f"{work}: another export is running", hint="wait for it to end") from None
    finally:
        os.close(descriptor)


def _is_working_folder(work: Path) -> bool:
    return work.is_dir() and not work.is_symlink() and {path.name for path in work.iterdir()} <= {_NEW, _LAST}


def _write(folder: Path, rows: Iterable[Row]) -> dict[str, int]:
    database = folder / "all.sqlite"
    counts = write_sqlite(database, rows)
    with closing(sqlite3.connect(database)) as connection:
        for table in TABLES:
            key = ", ".join(table.names[: table.key])
            query = f"SELECT {', '.join(table.names)} FROM {table.name} ORDER BY {key}"  # noqa: S608 - our names
            _write_table(folder / f"{table.name}{_SUFFIX}", _schema(table), connection.execute(query))
    database.unlink()
    return counts


def _schema(table: Table) -> pyarrow.Schema:
    fields = []
    for column in table.columns:
        name, kind, *rest = column.split()
        of = {"TEXT": pyarrow.string(), "INTEGER": pyarrow.int64()}[kind]
        fields.append(pyarrow.field(name, of, nullable=rest != ["NOT", "NULL"]))
    return pyarrow.schema(fields, metadata={_MARK: b"1"})


def _write_table(path: Path, schema: pyarrow.Schema, cursor: sqlite3.Cursor) -> None:
    with naming(path), parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        for rows in _iter_groups(cursor):
            columns = zip(*rows, strict=True)
            arrays = [pyarrow.array(values, field.type) for values, field in zip(columns, schema, strict=True)]
            writer.write_batch(pyarrow.record_batch(arrays, schema=schema))


def _iter_groups(cursor: sqlite3.Cursor) -> Iterator[list[tuple[Value, ...]]]:
    group: list[tuple[Value, ...]] = []
    size = 0
    while batch := cursor.fetchmany(_BATCH):
        group += batch
        size += sum(len(value) for value in chain.from_iterable(batch) if isinstance(value, str))
        if len(group) >= _MAX_ROWS or size >= _MAX_BYTES:
            yield group
            group, size = [], 0
    if group:
        yield group


def _is_ours(folder: Path) -> bool:
    names = {f"{table.name}{_SUFFIX}" for table in TABLES}
    return folder.is_dir() and all(path.name in names and _has_mark(path) for path in folder.iterdir())


def _has_mark(path: Path) -> bool:
    try:
        return _MARK in (parquet.read_schema(path).metadata or {})
    except (OSError, pyarrow.ArrowException):
        return False
