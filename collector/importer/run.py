"""The import: every version of every page of a source becomes an observation with the facts it needs.

An observation is the same one if tag, time and commit are; what the archive has is not read again.
So a second import adds nothing, and after a kill the next run goes on where the last one was.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from pathlib import Path

import msgspec

from collector.archive.store import Archive
from collector.archive.writer import RepositoryWriter
from collector.importer.log import Commit, iter_changes
from collector.importer.objects import ReadObjects, reading_objects
from collector.importer.opening import is_shallow, main_branch, open_source
from collector.importer.reader import NO_FILE, PageReader, ReadPage
from collector.importer.recorder import Recorder
from collector.importer.sources import FOLDER, Version, Versions, gather
from collector.model.references import Repository
from collector.model.times import Time

Progress = Callable[[int, int], None]
"""Told how many page versions are done, of how many."""

_Content = tuple[str, str]
"""An object's id and the tag whose page it was: what a page says depends on whose it should be."""


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
    """Commit and reason, for paths that look like a page's and cannot be one; the first commit of each."""
    notices: list[str] = []
    """What else a person should know: lines cut off by a crash and repaired, faults of journals, a shallow source."""


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
        if is_shallow(git_dir):
            report.notices.append("the source is a shallow clone: pages count as seen at the first commit that it has")
        total = sum(len(versions) for versions in history.pages.values())
        done = 0
        with reading_objects(git_dir) as read_objects:
            for repository, versions in sorted(history.pages.items()):
                writer = archive.writer(repository)
                job = _RepositoryImport(repository.familiar, writer, history.commits, read_objects, report)
                for count in job.run(versions):
                    progress(done + count, total)
                done += len(versions)
    return report


class _RepositoryImport:
    """The import of one repository: read in the order that suits git, recorded in the order of time."""

    def __init__(
        self,
        name: str,
        writer: RepositoryWriter,
        commits: list[Commit],
        read_objects: ReadObjects,
        report: ImportReport,
    ) -> None:
        self._name = name
        self._writer = writer
        self._commits = commits
        self._read_objects = read_objects
        self._report = report

    def run(self, versions: Versions) -> Iterator[int]:
        """Import all versions that are new; tells now and then how many are done."""
        new = [version for version in versions if not self._is_known(version)]
        pages: dict[_Content, ReadPage] = {}
        for _ in self._read(new, pages):
            yield len(pages)
        recorder = Recorder(self._name, self._writer)
        for version in sorted(new, key=lambda version: (version.commit, version.tag)):
            self._record(recorder, version, pages)
        self._writer.flush()
        deletions = sum(version.now == "gone" for version in versions)
        self._report.deletions += deletions
        self._report.versions += len(versions) - deletions
        self._report.notices += self._writer.notices
        yield len(versions)

    def _is_known(self, version: Version) -> bool:
        commit = self._commits[version.commit]
        return self._writer.has_whole_observation(version.tag, commit.time, f"git:{commit.id}")

    def _read(self, versions: list[Version], pages: dict[_Content, ReadPage]) -> Iterator[None]:
        """Read each content once, into `pages`; stops now and then for breath."""
        wanted = list({(version.blob, version.tag): None for version in versions if version.now == "file"})
        reader = PageReader(self._name)
        for (blob, tag), raw in zip(wanted, self._read_objects([blob for blob, _ in wanted]), strict=True):
            pages[blob, tag] = reader.read(tag, raw)
            if len(pages) % 256 == 0:
                yield

    def _record(self, recorder: Recorder, version: Version, pages: dict[_Content, ReadPage]) -> None:
        commit = self._commits[version.commit]
        source = f"git:{commit.id}"
        if version.now == "gone":
            self._report.added += recorder.record_removal(version.tag, commit.time, source)
            return
        page = pages[version.blob, version.tag] if version.now == "file" else NO_FILE
        recorded = recorder.record(version.tag, commit.time, source, page, lambda: self._read_text(version.blob))
        self._report.added += recorded.is_new
        self._report.kept_pages += recorded.is_kept
        if recorded.problem:
            problem = NotUnderstood(image=self._name, tag=version.tag, commit=commit.id, reason=recorded.problem)
            self._report.not_understood.append(problem)

    def _read_text(self, blob: str) -> bytes | None:
        """A page's bytes, a second time: keeping those of all pages that may be needed would fill the memory."""
        (raw,) = self._read_objects([blob])
        return raw
