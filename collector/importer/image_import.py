"""The import of one image: pages are read in the order that is fastest for git, and recorded in order of time."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from collector.archive.store import Archive
from collector.archive.writer import RepositoryWriter
from collector.importer.git_objects import ReadObjects
from collector.importer.log import Commit
from collector.importer.reader import NO_FILE, TOO_LARGE, PageReader, ReadPage
from collector.importer.recorder import Recorder
from collector.importer.sources import Version, Versions
from collector.model.references import Repository

Tell = Callable[[int], None]
"""Receives how many page versions of an image are done."""

_Content = tuple[str, str]
"""The id of an object and the tag of its page: the same text can be valid for one tag only."""
_TELL_EVERY = 256
"""Pages."""


class PageProblem(msgspec.Struct, frozen=True, kw_only=True):
    """A problem with one version of a page."""

    image: str
    tag: str
    commit: str
    reason: str


class ImageReport(msgspec.Struct, kw_only=True):
    """The result for one image."""

    versions: int = 0
    """Page versions in the source, without deletions."""
    deletions: int = 0
    added: int = 0
    """Observations that were added to the archive."""
    kept_pages: int = 0
    """New pages of which a text was kept, because the facts alone do not reproduce their bytes."""
    not_understood: list[PageProblem] = []
    """Pages that were kept unchanged."""
    not_files: list[PageProblem] = []
    """Pages that are links or submodules: what the tag pointed at is unknown."""
    lost: list[PageProblem] = []
    """Pages that are too large. The archive has nothing of them, and the next import tries again."""
    notices: list[str] = []


class ImageTask(msgspec.Struct, frozen=True, kw_only=True):
    """The work for one image."""

    repository: Repository
    versions: Versions


def import_image(
    task: ImageTask, tell: Tell, *, archive: Archive, commits: Sequence[Commit], read_objects: ReadObjects
) -> ImageReport:
    """Import all versions of all pages of an image. They are on disk when this returns.

    Raises:
        SourceError: git cannot read a page.
        ArchiveError: a journal cannot be written.
    """
    work = _ImageImport(task.repository, archive.writer(task.repository), commits, read_objects)
    work.run(task.versions, tell)
    return work.report


class _ImageImport:
    def __init__(
        self, repository: Repository, writer: RepositoryWriter, commits: Sequence[Commit], read_objects: ReadObjects
    ) -> None:
        self.report = ImageReport(notices=writer.notices)
        self._name = repository.familiar
        self._writer = writer
        self._commits = commits
        self._read_objects = read_objects

    def run(self, versions: Versions, tell: Tell) -> None:
        new = [version for version in versions if not self._is_known(version)]
        pages = self._read(new, tell)
        recorder = Recorder(self._name, self._writer)
        for version in sorted(new, key=lambda version: (version.commit, version.tag)):
            self._record(recorder, version, pages)
        self._writer.flush()
        self.report.notices += self._writer.left_out
        self.report.deletions = sum(version.now == "gone" for version in versions)
        self.report.versions = len(versions) - self.report.deletions
        tell(len(versions))

    def _is_known(self, version: Version) -> bool:
        commit = self._commits[version.commit]
        return self._writer.has_whole_observation(version.tag, commit.time, commit.source)

    def _read(self, versions: Sequence[Version], tell: Tell) -> dict[_Content, ReadPage | None]:
        """Read each distinct content once; None for one that is too large."""
        wanted = list({(version.blob, version.tag): None for version in versions if version.now == "file"})
        reader = PageReader(self._name)
        pages: dict[_Content, ReadPage | None] = {}
        for (blob, tag), raw in zip(wanted, self._read_objects([blob for blob, _ in wanted]), strict=True):
            pages[blob, tag] = None if raw is None else reader.read(tag, raw)
            if len(pages) % _TELL_EVERY == 0:
                tell(len(pages))
        return pages

    def _record(self, recorder: Recorder, version: Version, pages: dict[_Content, ReadPage | None]) -> None:
        commit = self._commits[version.commit]
        if version.now == "gone":
            self.report.added += recorder.record_removal(version.tag, commit.time, commit.source)
            return
        page = pages[version.blob, version.tag] if version.now == "file" else NO_FILE
        if page is None:
            self.report.lost.append(self._problem(version, TOO_LARGE))
            return
        recorded = recorder.record(version.tag, commit.time, commit.source, page, lambda: self._read_text(version.blob))
        self.report.added += recorded.is_new
        self.report.kept_pages += recorded.is_kept
        if recorded.problem:
            problems = self.report.not_understood if page.is_file else self.report.not_files
            problems.append(self._problem(version, recorded.problem))

    def _problem(self, version: Version, reason: str) -> PageProblem:
        commit = self._commits[version.commit]
        return PageProblem(image=self._name, tag=version.tag, commit=commit.id, reason=reason)

    def _read_text(self, blob: str) -> bytes | None:
        """Read a page again: keeping all pages that may be needed would take too much memory."""
        (raw,) = self._read_objects([blob])
        return raw
