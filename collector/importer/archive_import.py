"""The import: each version of each page of a source becomes an observation with the facts that it needs.

Tag and commit identify an observation, and pages of known observations are not read again. So a second import adds
nothing, and after a kill the next run continues where the last run stopped.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path

import msgspec

from collector.archive.import_marks import ImportMark, read_marks, write_marks
from collector.archive.store import Archive
from collector.importer.commit_times import read_commit_times
from collector.importer.git_objects import reading_objects
from collector.importer.image_import import ImageTask, import_image
from collector.importer.log import Commit, iter_changes
from collector.importer.processes import Work, work_through
from collector.importer.report import ImageReport, PageCounts
from collector.importer.source_repository import is_shallow, main_branch, open_source
from collector.importer.sources import FOLDER, History, Versions, gather
from collector.model.progress import Progress, no_progress
from collector.model.references import Repository
from collector.model.times import Time


class ImportReport(PageCounts, kw_only=True):
    """The result of an import: sums over all images, and what concerns the source as a whole."""

    images: int = 0
    strange_paths: list[tuple[str, str]] = msgspec.field(default_factory=list)
    """The first commit and the reason, for each path that looks like that of a page but cannot be one."""

    def add(self, image: ImageReport) -> None:
        """Add the numbers of an image."""
        self.images += 1
        self.versions += image.versions
        self.deletions += image.deletions
        self.added += image.added
        self.kept_pages += image.kept_pages
        self.not_understood += image.not_understood
        self.not_files += image.not_files
        self.lost += image.lost
        self.notices += [notice for notice in image.notices if notice not in self.notices]
        self.local_pages += image.local_pages
        self.packages.add(image.packages)


def import_source(
    source: Path,
    archive: Archive,
    *,
    images: Collection[Repository] = (),
    until: Time | None = None,
    now: Time | None = None,
    jobs: int = 1,
    progress: Progress = no_progress,
) -> ImportReport:
    """Import the history of a repo-info archive.

    Args:
        source: a git repository, bare or not, or a bundle.
        archive: the target; locked for writing meanwhile.
        images: import only these; all if empty.
        until: import only commits up to this time.
        now: a commit with a later date is not believed if other commits follow it.
        jobs: the number of processes.
        progress: called after every few hundred page versions.

    Raises:
        SourceError: git cannot read the source.
        ArchiveError: the archive cannot be written.
        RepoInfoError: one of several processes was killed.
    """
    limit = int(datetime.fromisoformat(until).timestamp()) if until else None
    with archive.writing(), open_source(source) as git_dir:
        times = read_commit_times(git_dir, main_branch(git_dir), now)
        changes = iter_changes(git_dir, times, FOLDER, limit)
        history = gather(changes, lambda repository: not images or repository in images)
        report = ImportReport(strange_paths=history.strange_paths, notices=[*times.notices])
        if is_shallow(git_dir):
            report.notices.append("the source is a shallow clone: older pages count as first seen at its oldest commit")
        marks = read_marks(archive.root)
        tasks = list(_iter_tasks(history, marks))
        open_work = partial(_open_work, git_dir, archive, history.commits)
        reports = work_through(tasks, open_work, _Tally(tasks, progress).update, jobs=jobs)
        for done in reports:
            report.add(done)
        new = {task.repository.name: done.mark for task, done in zip(tasks, reports, strict=True) if done.mark}
        if new:
            write_marks(archive.root, marks | new)
    return report


def _iter_tasks(history: History, marks: Mapping[str, ImportMark]) -> Iterator[ImageTask]:
    for repository in sorted({*history.pages, *history.local_pages}):
        yield ImageTask(
            repository=repository,
            versions=history.pages.get(repository, Versions()),
            local=history.local_pages.get(repository, Versions()),
            mark=marks.get(repository.name),
        )


@contextmanager
def _open_work(git_dir: Path, archive: Archive, commits: Sequence[Commit]) -> Iterator[Work]:
    with reading_objects(git_dir) as read_objects:
        yield partial(import_image, archive=archive, commits=commits, read_objects=read_objects)


class _Tally:
    """Sums up the progress of the images."""

    def __init__(self, tasks: Sequence[ImageTask], progress: Progress) -> None:
        self._progress = progress
        self._done = [0] * len(tasks)
        self._sum = 0
        self._total = sum(task.size for task in tasks)

    def update(self, number: int, count: int) -> None:
        self._sum += count - self._done[number]
        self._done[number] = count
        self._progress(self._sum, self._total)
