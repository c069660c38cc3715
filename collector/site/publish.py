"""A site in the making: what its tasks came to, and what is to be moved and removed so that it becomes the site."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from collector.site.build_folder import Workbench
from collector.site.destination import MARK
from collector.site.incremental import Done, Entry
from collector.site.move_journal import Draft
from collector.site.path_conflicts import Claimed
from collector.site.records import Record
from collector.site.state import BuildState, mark_of


class Assembly:
    """Takes what tasks came to, in any order; then publishes."""

    def __init__(self, bench: Workbench, draft: Draft, before: BuildState | None) -> None:
        """`before`: the record of the site that is there; None: it is not known what it has."""
        self._bench = bench
        self._draft = draft
        self._before = before
        self._has_changed = before is None
        self._is_known = before is not None
        """Whether the records tell of every file that the site has."""
        self._dropped: list[str] = []

    def take(self, done: Done) -> Entry:
        """Note what a task changes."""
        for path in done.staged:
            self._draft.add("move", path)
        self._has_changed |= not done.is_kept
        self._is_known &= done.dropped is not None
        self._dropped.extend(done.dropped or ())
        return done.entry

    def publish(self, state: BuildState) -> None:
        """Let the new site take the place of the old one.

        Raises:
            BuildError: two pages claim one place, or the site's folder cannot be changed.
        """
        old = self._before.tasks if self._before else {}
        vanished = [entry for name, entry in old.items() if name not in state.tasks]
        if self._has_changed or vanished:
            claimed = Claimed(self._bench.shelf, tuple(state.entries), (MARK,))
            for path in self._iter_old(vanished):
                if path not in claimed:
                    self._draft.add("remove", path)
        if self._bench.output().put(MARK, mark_of(state)):
            self._draft.add("move", MARK)
        self._draft.close()
        self._bench.publish(msgspec.msgpack.encode(state))
        self._bench.shelf.sweep({entry.record for entry in state.entries})

    def _iter_old(self, vanished: Iterable[Entry]) -> Iterator[str]:
        """The files of the old site that may not be of the new one."""
        records = [self._bench.shelf.read(entry.record, Record) for entry in vanished]
        if not self._is_known or None in records:
            yield from _iter_files(self._bench.site)
            return
        yield from self._dropped
        for record in records:
            yield from record.paths if record else ()


def _iter_files(site: Path) -> Iterator[str]:
    """Every file below a folder, and every link, wherever it leads."""
    for name, folders, files in os.walk(site):
        folder = Path(name).relative_to(site)
        links = [one for one in folders if Path(name, one).is_symlink()]
        yield from ((folder / one).as_posix() for one in (*files, *links))
