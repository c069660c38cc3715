"""Writes the outputs of a task that the site does not have yet, and records them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec

from collector.pages.tasks import Task
from collector.site.destination import Destination
from collector.site.outputs import Output, Outputs, WithResult
from collector.site.record_store import Record, RecordStore, Row, SiteFile, Summary, file_digest, make_record


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
        known = {row.name: row for row in old.rows} if old and not self.rewrites else {}
        kept = WithResult(outputs())
        rows: list[Row] = []
        staged: list[str] = []
        for output in kept:
            row = known.get(output.name)
            is_there = row is not None and row.key == output.key and self._keeps(row.files)
            rows.append(row if row and is_there else self._make(output, staged))
        record = make_record(rows, kept.result)
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
        )

    def summary_of(self, previous: TaskEntry | None) -> bytes:
        """The result of a task in the last build; empty if it is unknown or comes from another version of the
        program.
        """
        known = self.records.read(previous.record, Summary) if previous and not self.rewrites else None
        return known.summary if known else b""

    def _is_unchanged(self, task: Task, previous: TaskEntry, record: Record) -> bool:
        is_same = bool(task.key) and task.key == previous.key and not self.rewrites
        return is_same and self._keeps(record.files)

    def _keeps(self, files: Iterable[SiteFile]) -> bool:
        return self.destination.keeps((file.path, file.size) for file in files)

    def _make(self, output: Output, staged: list[str]) -> Row:
        files = []
        for path, content in output.make():
            if self.destination.put(path, content):
                staged.append(path)
            files.append(SiteFile(path, len(content), file_digest(content)))
        return Row(name=output.name, key=output.key, files=tuple(files), updated=output.updated)
