"""The files and folders of an archive."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path

from collector.archive.header import HEADER
from collector.archive.name_case import ignores_case
from collector.errors import ArchiveError, InvalidValue
from collector.model.references import Repository, parse_folder
from collector.model.times import Time

_JOURNAL = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])(?:\.[0-9a-f]{8})?\.jsonl\Z")


def folder_of(root: Path, repository: Repository) -> Path:
    """A repository's folder."""
    return root / repository.folder


def journal_of(folder: Path, month: str, mark: str = "") -> Path:
    """The journal of a month, written as `2018-01`; since format 2 with the mark of its repository."""
    return folder / (f"{month}.{mark}.jsonl" if mark else f"{month}.jsonl")


def mark_of(repository: Repository) -> str:
    """Eight hex digits for the names of a repository's journals.

    For a push, git finds the version of a file that the other side has by a hash of the last 16 characters of its path
    (pack-objects.h, `pack_name_hash`). With the same name in every repository, most journals would be sent whole.
    """
    return hashlib.sha256(repository.name.encode()).hexdigest()[:8]


def month_in(path: Path) -> str:
    """The month of a journal."""
    return path.name[:7]


def month_of(time: Time) -> str:
    """The month whose journal contains what was seen at a moment."""
    return time[:7]


def is_journal(path: Path) -> bool:
    """Whether a file has the name of a journal and is a regular file, not a link."""
    return bool(_JOURNAL.match(path.name)) and path.is_file() and not path.is_symlink()


def journals_in(folder: Path) -> list[Path]:
    """A repository's journals, oldest first."""
    return sorted(path for path in folder.glob("*.jsonl") if is_journal(path))


def journals_of(root: Path, repository: Repository) -> list[Path]:
    """A repository's journals, oldest first. Links are refused: they lead to files outside the archive.

    Raises:
        ArchiveError: its folder, a folder above it, or a journal is a link, or the file system takes the
            folder for another one.
    """
    folder = folder_of(root, repository)
    _check_case(root, repository)
    above = [one for one in folder.parents if one.is_relative_to(root) and one != root]
    for path in (*above, folder, *folder.glob("*.jsonl")):
        if path.is_symlink():
            raise link_error(path)
    return journals_in(folder)


def _check_case(root: Path, repository: Repository) -> None:
    """Refuse a registry with capitals where it could share its folder with another. Paths have no capitals."""
    registry = repository.registry
    if registry != registry.lower() and (root / HEADER).is_file() and ignores_case(root / HEADER):
        message = f"{root}: this file system ignores upper and lower case, and {registry} has capitals"
        raise ArchiveError(message, hint="move the archive to a file system that tells them apart")


def link_error(path: Path) -> ArchiveError:
    """The error for a link in an archive."""
    return ArchiveError(
        f"{path}: a link, which an archive must not contain", hint="replace it with the file or folder that it leads to"
    )


def iter_repositories(root: Path, *, passes_links: bool = False) -> Iterator[Repository]:
    """Every repository that has a journal, by name. Folders that cannot belong to a repository are skipped.

    Raises:
        ArchiveError: a folder is a link, unless `passes_links`.
    """
    for folder in sorted(iter_folders(root)):
        if folder.is_symlink():
            if passes_links:
                continue
            raise link_error(folder)
        repository = repository_of(root, folder)
        if repository is not None and journals_in(folder):
            yield repository


def iter_folders(root: Path) -> Iterator[Path]:
    """Every folder below the root that may belong to the archive; hidden folders, such as `.git`, and links do not."""
    for name, folders, _ in os.walk(root):
        folders[:] = [folder for folder in folders if not folder.startswith(".")]
        yield from (Path(name, folder) for folder in folders)


def repository_of(root: Path, folder: Path) -> Repository | None:
    """The repository to which a folder belongs; None if it cannot belong to any."""
    try:
        return parse_folder(folder.relative_to(root).as_posix())
    except InvalidValue:
        return None
