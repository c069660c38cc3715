"""The report of a build."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import msgspec

from collector.configuration import SiteSettings
from collector.pages.left_out import LeftOut
from collector.pages.tasks import edition_of
from collector.site.incremental import TaskEntry
from collector.site.limits import excess_of, iter_savings
from collector.site.record_store import Record, RecordStore


class EditionReport(msgspec.Struct, frozen=True, kw_only=True):
    """The size of one edition."""

    edition: str
    """Its day."""
    pages: int
    size: int
    """Bytes."""
    share: float
    """The share of the current site's size."""
    made: bool
    """Whether this build made any of it."""


class BuildReport(msgspec.Struct, frozen=True, kw_only=True):
    """The result of a build."""

    pages: int
    """Pages of the current site that come from the archive, without hand-written pages."""
    tasks: int
    """Images."""
    skipped: int
    """The number of images whose pages are unchanged since the last build."""
    files: int
    """The number of files of the whole site, with editions."""
    size: int
    """The size of the current site in bytes."""
    editions: tuple[EditionReport, ...] = ()
    """The newest first."""
    left_out: LeftOut | None = None
    """What the site leaves out to stay within its limits."""
    excess_files: int = 0
    """The number of files by which the site still exceeds its limits."""
    excess_bytes: int = 0
    savings: tuple[str, ...] = ()
    """Settings that make such a site smaller, as they are written in repo-info.toml."""


class Reporter:
    """Counts the pages and bytes of a build."""

    def __init__(self, records: RecordStore, settings: SiteSettings) -> None:
        self._records = records
        self._settings = settings
        self._editions = settings.editions

    def report(
        self,
        frame: TaskEntry,
        tasks: Mapping[str, TaskEntry],
        last: TaskEntry,
        made: Collection[str],
        left_out: LeftOut | None = None,
    ) -> BuildReport:
        """The report.

        Args:
            frame: everything that does not come from the archive.
            tasks: of the images and editions.
            last: the site-wide outputs, including the home pages of editions.
            made: the names of the tasks that ran.
            left_out: what the site leaves out.
        """
        homes = self._homes(last) if self._editions else {}
        of_all: dict[str, dict[str, TaskEntry]] = {edition: {} for edition in ("", *self._editions)}
        for name, entry in tasks.items():
            of_all[edition_of(name)][name] = entry
        current = of_all.pop("")
        size = frame.size + last.size - sum(homes.values()) + _size(current)
        files = frame.files + last.files + sum(entry.files for entry in tasks.values())
        too_many, too_large = excess_of(self._settings, files=files, size=frame.size + last.size + _size(tasks))
        return BuildReport(
            pages=last.pages - len(homes) + _pages(current),
            tasks=len(current),
            skipped=len(current.keys() - set(made)),
            files=files,
            size=size,
            left_out=left_out,
            excess_files=too_many,
            excess_bytes=too_large,
            savings=tuple(iter_savings(self._settings)) if too_many or too_large else (),
            editions=tuple(
                EditionReport(
                    edition=edition,
                    pages=_pages(entries) + (edition in homes),
                    size=_size(entries) + homes.get(edition, 0),
                    share=(_size(entries) + homes.get(edition, 0)) / size,
                    made=not entries.keys().isdisjoint(made),
                )
                for edition, entries in of_all.items()
            ),
        )

    def _homes(self, last: TaskEntry) -> dict[str, int]:
        """Edition → the size of its home page in bytes; empty for a part of a site."""
        addresses = {f"{edition}/": edition for edition in self._editions}
        rows = self._records.must_read(last.record, Record).rows
        return {addresses[row.name]: sum(file.size for file in row.files) for row in rows if row.name in addresses}


def _pages(entries: Mapping[str, TaskEntry]) -> int:
    return sum(entry.pages for entry in entries.values())


def _size(entries: Mapping[str, TaskEntry]) -> int:
    return sum(entry.size for entry in entries.values())
