"""The import of one image: pages are read in the order that is fastest for git, and recorded in order of time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from operator import itemgetter

import msgspec

from collector.archive.facts import InventoryFact
from collector.archive.import_marks import ImportMark
from collector.archive.store import Archive
from collector.archive.writer import RepositoryWriter
from collector.importer.git_objects import ReadObjects
from collector.importer.local_import import LocalImport, SaidOfImage
from collector.importer.log import Commit
from collector.importer.reader import NO_FILE, TOO_LARGE, PageReader, ReadPage
from collector.importer.recorder import Recorder
from collector.importer.report import ImageReport, PageProblem
from collector.importer.sources import Version, Versions
from collector.model.references import Repository

TaskProgress = Callable[[int], None]
"""Receives how many page versions of an image are done."""

_Content = tuple[str, str]
"""The id of an object and the tag of its page: the same text can be valid for one tag only."""
_TELL_EVERY = 256
"""Pages."""


class ImageTask(msgspec.Struct, frozen=True, kw_only=True):
    """The work for one image."""

    repository: Repository
    versions: Versions
    local: Versions = msgspec.field(default_factory=Versions)
    """The versions of `local/` pages."""
    mark: ImportMark | None = None
    """How far an earlier import has read these."""

    @property
    def size(self) -> int:
        """The number of versions of all pages."""
        return len(self.versions) + len(self.local)


def import_image(
    task: ImageTask, progress: TaskProgress, *, archive: Archive, commits: Sequence[Commit], read_objects: ReadObjects
) -> ImageReport:
    """Import all versions of all pages of an image. They are on disk when this returns.

    Raises:
        SourceError: git cannot read a page.
        ArchiveError: a journal cannot be written.
    """
    work = _ImageImport(task.repository, archive.writer(task.repository), commits, read_objects)
    work.run(task, progress)
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
        self._local = LocalImport(self._name, writer, commits, read_objects)

    def run(self, task: ImageTask, progress: TaskProgress) -> None:
        new = [version for version in task.versions if not self._is_known(version)]
        pages = self._read(new, progress)
        said = self._read_local(task, lambda done: progress(len(pages) + done))
        recorder = Recorder(self._name, self._writer)
        steps: list[tuple[int, int, str, Callable[[], None]]] = [
            *((one.commit, 0, one.tag, partial(self._record, recorder, one, pages)) for one in new),
            *((one.version.commit, 1, one.version.tag, partial(self._local.record, one)) for one in said),
        ]
        for *_, record in sorted(steps, key=itemgetter(0, 1, 2)):
            record()
        self._writer.flush()
        self.report.notices += self._writer.left_out
        self.report.deletions = sum(version.now == "gone" for version in task.versions)
        self.report.versions = len(task.versions) - self.report.deletions
        self.report.local_pages = sum(version.now != "gone" for version in task.local)
        self.report.packages = self._local.report
        self.report.mark = self._local.mark(task.local)
        progress(task.size)

    def _read_local(self, task: ImageTask, progress: TaskProgress) -> list[SaidOfImage]:
        """What `local/` pages say of images, if there are any, and the archive has a place for it."""
        new = self._local.new_versions(task.local, task.mark)
        has_images = bool(task.versions or self._writer.holdings.observations)
        if not new or (has_images and self._writer.has_place_for(InventoryFact)):
            return self._local.read(new, progress)
        self._local.leave_out(new)
        if not has_images:
            self.report.notices.append(f"{self._name}: it has local/ pages and no remote/ pages; these were left out")
        return []

    def _is_known(self, version: Version) -> bool:
        commit = self._commits[version.commit]
        return self._writer.has_whole_observation(version.tag, commit.time, commit.source)

    def _read(self, versions: Sequence[Version], progress: TaskProgress) -> dict[_Content, ReadPage | None]:
        """Read each distinct content once; None for one that is too large."""
        wanted = list({(version.blob, version.tag): None for version in versions if version.now == "file"})
        reader = PageReader(self._name)
        pages: dict[_Content, ReadPage | None] = {}
        for (blob, tag), raw in zip(wanted, self._read_objects([blob for blob, _ in wanted]), strict=True):
            pages[blob, tag] = None if raw is None else reader.read(tag, raw)
            if len(pages) % _TELL_EVERY == 0:
                progress(len(pages))
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
