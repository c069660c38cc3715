"""Writes the outputs of a task that the site does not have yet, and records them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator

import msgspec

from collector.pages.left_out import Rank
from collector.pages.tasks import Task
from collector.site.destination import Destination
from collector.site.outputs import File, Output, Outputs, WithResult
from collector.site.record_store import (
    Record,
    RecordStore,
    Row,
    SiteFile,
    Summary,
    divided,
    file_digest,
    make_record,
)


class RankSize(msgspec.Struct, frozen=True, array_like=True):
    """The size of the rows of a task that have one rank."""

    rank: Rank
    pages: int
    files: int
    size: int


class TaskEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A finished task in the state of a build."""

    key: str
    """The key of the task; empty if every build runs the task again."""
    record: str
    """The name of its record in the store."""
    pages: int
    files: int
    size: int
    """The bytes of all its files."""
    ranked: tuple[RankSize, ...] = ()
    """The size of each rank, sorted, whether the site has it or leaves it out."""


class TaskResult(msgspec.Struct, frozen=True, kw_only=True):
    """The result of a task."""

    name: str
    entry: TaskEntry
    is_kept: bool = False
    """Whether the task was skipped because the site has all its files."""
    staged: tuple[str, ...] = ()
    """The paths of staged files."""
    dropped: tuple[str, ...] | None = ()
    """Paths that it no longer has; None if its earlier paths are unknown."""


class TaskWriter(msgspec.Struct, frozen=True, kw_only=True):
    """Writes outputs to the destination. Worker processes receive it by pickle."""

    destination: Destination
    records: RecordStore
    rewrites: bool = False
    """Whether every output is rendered, whatever its key, because the program or the shell has changed."""
    left_out: Rank = 0
    """The rank up to which rows are left out: they are recorded, and not written."""

    def write(self, task: Task, previous: TaskEntry | None, outputs: Callable[[], Outputs]) -> TaskResult:
        """Write a task's outputs.

        Args:
            previous: the task in the last build.
            outputs: called only if the site lacks some of them.
        """
        with self.destination.open() as destination:
            return msgspec.structs.replace(self, destination=destination)._write(task, previous, outputs)

    def _write(self, task: Task, previous: TaskEntry | None, outputs: Callable[[], Outputs]) -> TaskResult:
        old = self.records.read(previous.record, Record) if previous else None
        if old and previous and self._is_unchanged(task, previous, old):
            return TaskResult(name=task.name, entry=previous, is_kept=True)
        known = {row.name: row for row in old.all_rows} if old and not self.rewrites else {}
        kept = WithResult(outputs())
        rows: list[Row] = []
        left_out: list[Row] = []
        staged: list[str] = []
        for output in kept:
            row = known.get(output.name)
            row = row if row and (row.key, row.rank) == (output.key, output.rank) else None
            if 0 < output.rank <= self.left_out:
                left_out.append(row or _row_of(output, output.make()))
            else:
                rows.append(row if row and self._keeps(row.files) else self._make(output, staged))
        record = make_record(rows, kept.result, left_out)
        entry = self.enter(task, record)
        dropped = None if previous and not old else tuple(set(old.paths if old else ()).difference(record.paths))
        return TaskResult(name=task.name, entry=entry, staged=tuple(staged), dropped=dropped)

    def enter(self, task: Task, record: Record) -> TaskEntry:
        """Store the record of a finished task; returns its entry."""
        return TaskEntry(
            key=task.key,
            record=self.records.write(record),
            pages=sum(row.is_page for row in record.rows),
            files=sum(len(row.files) for row in record.rows),
            size=sum(file.size for file in record.files),
            ranked=tuple(_iter_sizes(record)),
        )

    def divide(self, entry: TaskEntry) -> tuple[TaskEntry, Collection[str]]:
        """Leave out more rows of a finished task; returns its entry, and the paths that it no longer has."""
        record = self.records.must_read(entry.record, Record)
        rest = divided(record, self.left_out)
        if rest is record:
            return entry, ()
        dropped = set(record.paths).difference(rest.paths)
        with self.destination.open() as destination:
            for path in dropped:
                destination.drop(path)
        return self.enter(Task(name="", key=entry.key), rest), dropped

    def measure(self, previous: TaskEntry | None, outputs: Iterable[Output]) -> tuple[int, int]:
        """The files and bytes of outputs, which are not written. `previous`: their task in the last build."""
        old = self.records.read(previous.record, Record) if previous and not self.rewrites else None
        known = {row.name: row for row in old.rows} if old else {}
        files = size = 0
        for output in outputs:
            row = known.get(output.name)
            row = row if row and row.key == output.key else _row_of(output, output.make())
            files += len(row.files)
            size += sum(file.size for file in row.files)
        return files, size

    def summary_of(self, previous: TaskEntry | None) -> bytes:
        """The result of a task in the last build; empty if it is unknown or comes from another version of the
        program.
        """
        known = self.records.read(previous.record, Summary) if previous and not self.rewrites else None
        return known.summary if known else b""

    def _is_unchanged(self, task: Task, previous: TaskEntry, record: Record) -> bool:
        is_same = bool(task.key) and task.key == previous.key and not self.rewrites
        return is_same and self._is_divided(record) and self._keeps(record.files)

    def _is_divided(self, record: Record) -> bool:
        """Whether the record leaves out what this writer leaves out."""
        are_left = all(row.rank <= self.left_out for row in record.left_out)
        return are_left and not any(0 < row.rank <= self.left_out for row in record.rows)

    def _keeps(self, files: Iterable[SiteFile]) -> bool:
        return self.destination.keeps((file.path, file.size) for file in files)

    def _make(self, output: Output, staged: list[str]) -> Row:
        def put() -> Iterator[File]:
            for path, content in output.make():
                if self.destination.put(path, content):
                    staged.append(path)
                yield path, content

        return _row_of(output, put())


def _row_of(output: Output, files: Iterable[File]) -> Row:
    found = tuple(SiteFile(path, len(content), file_digest(content)) for path, content in files)
    return Row(name=output.name, key=output.key, files=found, updated=output.updated, rank=output.rank)


def _iter_sizes(record: Record) -> Iterator[RankSize]:
    """The size of each rank, sorted."""
    ranked: dict[Rank, list[Row]] = defaultdict(list)
    for row in record.all_rows:
        if row.rank:
            ranked[row.rank].append(row)
    for rank, rows in sorted(ranked.items()):
        files = [file.size for row in rows for file in row.files]
        yield RankSize(rank=rank, pages=sum(row.is_page for row in rows), files=len(files), size=sum(files))
