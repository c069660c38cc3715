"""Where a task's pieces become files, unless the files are there already; and what is remembered of them."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from collector.pages.tasks import Task
from collector.site.destination import Output
from collector.site.outputs import Piece, Pieces
from collector.site.provider import Summed
from collector.site.record_store import Shelf
from collector.site.records import Record, Row, Summary, make_record


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A task that is done."""

    key: str
    """Of the task; empty where it is to be done again each time."""
    record: str
    """Its name on the shelf."""
    pages: int
    """How many."""
    size: int
    """Bytes of all its files."""


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """What a task came to."""

    name: str
    entry: Entry
    is_kept: bool = False
    """It was done before, and its files are all there."""
    staged: tuple[str, ...] = ()
    """Paths of files that wait to be moved into place."""
    dropped: tuple[str, ...] | None = ()
    """Paths that it had and has no more; None: it is not known which it had."""


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """The site's folder and its records. Travels to worker processes by pickle."""

    output: Output
    shelf: Shelf
    anew: bool = False
    """Make every piece, whatever its key: the program or the shell is another one."""

    def do(self, task: Task, before: Entry | None, pieces: Callable[[], Pieces]) -> Done:
        """Do a task, or see that it is done.

        Args:
            before: what it was the last time.
            pieces: called where it is not done.
        """
        old = self.shelf.read(before.record, Record) if before else None
        if old and before and task.key and task.key == before.key and not self.anew and self.output.keeps(old.files):
            return Done(name=task.name, entry=before, is_kept=True)
        known = {row.name: row for row in old.rows} if old and not self.anew else {}
        summed = Summed(pieces())
        rows: list[Row] = []
        staged: list[str] = []
        for piece in summed:
            row = known.get(piece.name)
            is_there = row is not None and row.key == piece.key and self.output.keeps(row.files)
            rows.append(row if row and is_there else self._make(piece, staged))
        record = make_record(rows, summed.summary)
        entry = Entry(
            key=task.key,
            record=self.shelf.write(record),
            pages=sum(row.is_page for row in rows),
            size=sum(size for _, size in record.files),
        )
        dropped = None if before and not old else tuple(set(old.paths if old else ()).difference(record.paths))
        return Done(name=task.name, entry=entry, staged=tuple(staged), dropped=dropped)

    def summary_of(self, before: Entry | None) -> bytes:
        """What a task returned the last time; empty where that is not known, or another program did it."""
        known = self.shelf.read(before.record, Summary) if before and not self.anew else None
        return known.summary if known else b""

    def _make(self, piece: Piece, staged: list[str]) -> Row:
        files = []
        for path, content in piece.make():
            if self.output.put(path, content):
                staged.append(path)
            files.append((path, len(content)))
        return Row(name=piece.name, key=piece.key, files=tuple(files), updated=piece.updated)
