"""The import: every version of every page of a source becomes an observation with the facts it needs.

An observation is the same one if tag, time and commit are; what the archive has is not read again.
So a second import adds nothing, and after a kill the next run goes on where the last one was.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from collector.archive.store import Archive
from collector.archive.writer import RepositoryWriter
from collector.importer.git import Commit, ReadObjects, iter_changes, main_branch, open_source, reading_objects
from collector.importer.reader import PageReader, ReadPage
from collector.importer.recorder import Recorder
from collector.importer.sources import FOLDER, Version, Versions, gather
from collector.model.references import Repository
from collector.model.times import Time, time_of

Progress = Callable[[int, int], None]
"""Told how many page versions are done, of how many."""


class NotUnderstood(msgspec.Struct, frozen=True, kw_only=True):
    """A page that could not be read. It is kept as it is or, where it is too large for that, noted."""

    image: str
    tag: str
    commit: str
    reason: str


class ImportReport(msgspec.Struct, kw_only=True):
    """What an import did."""

    images: int = 0
    versions: int = 0
    """Page versions in the source, deletions left out."""
    deletions: int = 0
    added: int = 0
    """Observations that were new to the archive."""
    kept_pages: int = 0
    """New pages kept whole, because the facts alone would not give their bytes back."""
    local_pages: int = 0
    """Versions of `local/` pages, which are left for later."""
    not_understood: list[NotUnderstood] = []
    strange_paths: list[tuple[str, str]] = []
    """Commit and reason, for paths that look like a page's and cannot be one."""


def import_source(
    source: Path,
    archive: Archive,
    *,
    images: Collection[Repository] = (),
    until: Time | None = None,
    progress: Progress = lambda done, total: None,
) -> ImportReport:
    """Take over the history of a repo-info archive.

    Args:
        source: a git repository, bare or not, or a bundle.
        archive: where to; held for writing meanwhile.
        images: only these; all where empty.
        until: only commits up to this time.
        progress: told after every few hundred page versions.

    Raises:
        SourceError: git cannot read the source.
        ArchiveError: the archive cannot be written.
    """
    limit = int(datetime.fromisoformat(until).timestamp()) if until else None
    with archive.writing(), open_source(source) as git_dir:
        changes = iter_changes(git_dir, main_branch(git_dir), FOLDER, limit)
        history = gather(changes, lambda repository: not images or repository in images)
        report = ImportReport(
            images=len(history.pages), local_pages=history.local_pages, strange_paths=history.strange_paths
        )
        total = sum(len(versions) for versions in history.pages.values())
        done = 0
        with reading_objects(git_dir) as read_objects:
            for repository, versions in sorted(history.pages.items()):
                job = _RepositoryImport(repository.familiar, archive.writer(repository), history.commits, report)
                for count in job.run(versions, read_objects):
                    progress(done + count, total)
                done += len(versions)
    return report


class _RepositoryImport:
    """The import of one repository: read in the order that suits git, recorded in the order of time."""

    def __init__(self, name: str, writer: RepositoryWriter, commits: list[Commit], report: ImportReport) -> None:
        self._name = name
        self._writer = writer
        self._commits = commits
        self._report = report

    def run(self, versions: Versions, read_objects: ReadObjects) -> Iterator[int]:
        """Import all versions that are new; tells now and then how many are done."""
        new = [version for version in versions if not self._is_known(version)]
        wanted = {version.blob: version.tag for version in new if version.blob}
        reader = PageReader(self._name)
        pages: dict[str, ReadPage] = {}
        for (blob, tag), raw in zip(wanted.items(), read_objects(list(wanted)), strict=True):
            pages[blob] = reader.read(tag, raw)
            if len(pages) % 256 == 0:
                yield len(pages)
        recorder = Recorder(self._name, self._writer)
        for version in sorted(new, key=lambda version: (version.commit, version.tag)):
            self._record(recorder, version, pages[version.blob] if version.blob else None)
        self._writer.flush()
        deletions = sum(version.blob is None for version in versions)
        self._report.deletions += deletions
        self._report.versions += len(versions) - deletions
        self._report.added += len(new)
        yield len(versions)

    def _is_known(self, version: Version) -> bool:
        return self._writer.has_observation(version.tag, *self._time_and_source(version))

    def _time_and_source(self, version: Version) -> tuple[Time, str]:
        commit = self._commits[version.commit]
        return time_of(datetime.fromtimestamp(commit.seconds, UTC)), f"git:{commit.id}"

    def _record(self, recorder: Recorder, version: Version, page: ReadPage | None) -> None:
        seen, source = self._time_and_source(version)
        self._report.kept_pages += recorder.record(version.tag, seen, source, page)
        if page and page.problem:
            commit = self._commits[version.commit].id
            problem = NotUnderstood(image=self._name, tag=version.tag, commit=commit, reason=page.problem)
            self._report.not_understood.append(problem)
