"""Collects the changes of a build's tasks, then replaces the old site: files are moved and removed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from collector.site.build_folder import BuildFolder
from collector.site.destination import MARK
from collector.site.incremental import TaskEntry, TaskResult, TaskWriter
from collector.site.move_journal import MoveJournal
from collector.site.path_conflicts import SitePaths, refuse_spellings
from collector.site.record_store import Record
from collector.site.state import BuildState, mark_of


class SiteUpdate:
    """Receives the results of tasks in any order, then publishes."""

    def __init__(self, folder: BuildFolder, journal: MoveJournal, previous: BuildState | None) -> None:
        """`previous`: the state of the existing site; None if its contents are unknown."""
        self._folder = folder
        self._journal = journal
        self._previous = previous
        self._has_changed = previous is None
        self._is_known = previous is not None
        """Whether the records name every file of the site."""
        self._dropped: list[str] = []

    def add(self, result: TaskResult) -> TaskEntry:
        """Add the result of a task."""
        for path in result.staged:
            self._journal.add("move", path)
        self._has_changed |= not result.is_kept
        self._is_known &= result.dropped is not None
        self._dropped.extend(result.dropped or ())
        return result.entry

    def divide(self, writer: TaskWriter, entry: TaskEntry) -> TaskEntry:
        """Leave out more rows of a finished task."""
        rest, dropped = writer.divide(entry)
        self._has_changed |= bool(dropped)
        self._dropped.extend(dropped)
        return rest

    def publish(self, state: BuildState) -> None:
        """Replace the old site by the new one.

        Raises:
            BuildError: two pages have one path, if only to the file system; or the site's folder cannot be changed.
        """
        old = self._previous.tasks if self._previous else {}
        vanished = [entry for name, entry in old.items() if name not in state.tasks]
        if self._has_changed or vanished:
            paths = SitePaths(self._folder.records, tuple(state.entries), (MARK,))
            if self._folder.ignores_case:
                refuse_spellings(self._folder.records, tuple(state.entries))
            for path in self._iter_old(vanished):
                if path not in paths:
                    self._journal.add("remove", path)
        if self._folder.destination.put(MARK, mark_of(state)):
            self._journal.add("move", MARK)
        self._journal.close()
        self._folder.publish(msgspec.msgpack.encode(state))
        self._folder.records.sweep({entry.record for entry in state.entries})

    def _iter_old(self, vanished: Iterable[TaskEntry]) -> Iterator[str]:
        """Files of the old site that the new site may lack."""
        records = [self._folder.records.read(entry.record, Record) for entry in vanished]
        if not self._is_known or None in records:
            yield from self._folder.destination.paths()
            return
        yield from self._dropped
        for record in records:
            yield from record.paths if record else ()
