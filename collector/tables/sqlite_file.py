"""Writes the tables into a file of SQLite. It is complete or not there."""

from __future__ import annotations

import os
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path

from collector.archive.replacement import draft_file
from collector.errors import UsageError, naming
from collector.tables.definitions import TABLES, Table
from collector.tables.rows import Row, Value

_OURS = 0x7265706F
"""The application id in the file's header (sqlite.org/fileformat2.html), by which a later export knows its own file."""
_BATCH = 10_000


def write_sqlite(path: Path, rows: Iterable[Row]) -> dict[str, int]:
    """Write a new file in the place of `path`; returns the numbers of rows of all tables.

    Raises:
        UsageError: the path is that of another file.
    """
    _check_is_ours(path)
    try:
        with draft_file(path) as draft:
            with closing(sqlite3.connect(draft.path, isolation_level=None)) as connection:
                counts = _write(connection, iter(rows))
            with naming(draft.path):
                os.fsync(draft.descriptor)  # an empty file, left by a power loss, would not be known as ours
            _check_is_ours(path)  # again: somebody may have put a file there in the meantime
    except sqlite3.Error as error:
        raise OSError(None, str(error), str(path)) from error
    return counts


def _check_is_ours(path: Path) -> None:
    if path.exists() and not _is_ours(path):
        raise UsageError(f"{path} was not written by repo-info", hint="name a new file")


def _write(connection: sqlite3.Connection, rows: Iterator[Row]) -> dict[str, int]:
    # The file is new and renamed when it is complete, so nothing has to be undone after a failure.
    connection.executescript(f"PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA application_id={_OURS}; BEGIN;")
    for table in TABLES:
        key = ", ".join(table.names[: table.key])
        connection.execute(f"CREATE TABLE {table.name} ({', '.join(table.columns)}, PRIMARY KEY ({key})) WITHOUT ROWID")
    while batch := list(islice(rows, _BATCH)):
        by_table: dict[Table, list[tuple[Value, ...]]] = defaultdict(list)
        for table, values in batch:
            by_table[table].append(values)
        for table, many in by_table.items():
            marks = ", ".join("?" * len(table.columns))
            connection.executemany(f"INSERT INTO {table.name} VALUES ({marks}) ON CONFLICT DO NOTHING", many)  # noqa: S608 - our names
    for table in TABLES:
        for column in table.indexes:
            connection.execute(f"CREATE INDEX {table.name}_{column} ON {table.name} ({column})")
    connection.execute("COMMIT")
    counts = {table.name: f"SELECT count(*) FROM {table.name}" for table in TABLES}  # noqa: S608 - our names
    return {name: connection.execute(query).fetchone()[0] for name, query in counts.items()}


def _is_ours(path: Path) -> bool:
    with path.open("rb") as file:
        header = file.read(72)
    return header.startswith(b"SQLite format 3\0") and int.from_bytes(header[68:72], "big") == _OURS
