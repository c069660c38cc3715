"""Checks an archive: every line against its sum, every text against its id, every reference and every file.

Each fault comes with its file, its line and what to do; everything else stays readable. Of one repository at a time the
names of its facts are in memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from collector.archive.journal import Fault
from collector.archive.layout import (
    folder_of,
    is_journal,
    iter_folders,
    iter_repositories,
    journals_in,
    repository_of,
)
from collector.archive.repository_check import RepositoryCheck
from collector.archive.store import Archive
from collector.archive.visits import FOLDER as VISITS
from collector.model.progress import Progress, no_progress
from collector.model.references import Repository
from collector.model.times import Time


def verify(archive: Archive, progress: Progress = no_progress, *, now: Time | None = None) -> Iterator[Fault]:
    """Every fault of an archive: first in its files, then in the lines of each repository.

    If `now` is given, observations later than it are faults.
    """
    yield from _iter_foreign(archive.root)
    repositories = list(iter_repositories(archive.root, passes_links=True))
    for done, repository in enumerate(repositories, 1):
        yield from verify_repository(archive, repository, now)
        progress(done, len(repositories))


def verify_repository(archive: Archive, repository: Repository, now: Time | None = None) -> Iterator[Fault]:
    """Every fault of one repository, by file and line."""
    check = RepositoryCheck(has_sums=archive.format > 1, now=now)
    faults = [fault for path in journals_in(folder_of(archive.root, repository)) for fault in check.read(path)]
    faults += check.finish()
    yield from sorted(faults, key=lambda fault: (fault.path, fault.line))


def _iter_foreign(root: Path) -> Iterator[Fault]:
    """Files in the folders of repositories that are not journals. The root folder and hidden files are free for other
    uses.
    """
    for folder in sorted(iter_folders(root)):
        if folder.is_symlink():
            yield Fault(
                path=folder,
                line=0,
                message="a link; not read",
                hint="replace it with the file or folder that it leads to",
            )
            continue
        if folder == root / VISITS:
            continue
        is_repository = repository_of(root, folder) is not None
        for path in sorted(folder.iterdir()):
            if path.name.startswith(".") or path.is_dir():
                continue
            if not is_journal(path):
                yield Fault(path=path, line=0, message="not a journal; not read", hint="move it out of the archive")
            elif not is_repository:
                message = "a journal in a folder that does not belong to a repository; not read"
                yield Fault(path=path, line=0, message=message, hint="move it to the folder of its repository")
