"""The files and folders of an archive."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import msgspec

from collector.errors import ArchiveError, InvalidValue, NewerArchive
from collector.model.references import Repository, parse_folder
from collector.model.times import Time

FORMAT = 1
"""The version of the format that this program writes, and the newest that it can read."""

_HEADER = "archive.json"
_MONTH = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])\.jsonl\Z")


class _Header(msgspec.Struct, frozen=True, kw_only=True):
    format: int
    about: str = "A repo-info archive: what container image tags pointed at, and when."


def create(root: Path) -> None:
    """Make an empty archive unless there is one."""
    if (root / _HEADER).exists():
        return
    beside = root / f".{_HEADER}.new"
    try:
        if root.exists() and any(path != beside for path in root.iterdir()):
            raise ArchiveError(f"{root}: not an archive, and not empty", hint="name an archive's folder, or a new one")
        root.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(msgspec.json.format(msgspec.json.encode(_Header(format=FORMAT)), indent=2) + b"\n")
        beside.replace(root / _HEADER)
    except OSError as error:
        message = f"{root}: cannot make an archive here: {error.strerror}"
        raise ArchiveError(message, hint="name another folder") from None


def check(root: Path) -> None:
    """Make sure that this program can read the archive.

    Raises:
        ArchiveError: there is no archive, or its header is damaged.
        NewerArchive: its format is newer than this program.
    """
    header = root / _HEADER
    try:
        found = msgspec.json.decode(header.read_bytes()[:65536], type=_Header)
    except FileNotFoundError:
        hint = "make one with `repo-info import` or `repo-info collect`"
        raise ArchiveError(f"{root}: not an archive", hint=hint) from None
    except (OSError, msgspec.MsgspecError) as error:
        raise ArchiveError(f"{header}: {error}", hint="restore the file from version control") from None
    if found.format > FORMAT:
        hint = "install a newer repo-info: pip install --upgrade repo-info-site"
        raise NewerArchive(f"{root}: the archive is of format {found.format}, this program reads {FORMAT}", hint=hint)


def folder_of(root: Path, repository: Repository) -> Path:
    """A repository's folder."""
    return root / repository.folder


def journal_of(folder: Path, month: str) -> Path:
    """The journal of a month, written as `2018-01`."""
    return folder / f"{month}.jsonl"


def month_of(time: Time) -> str:
    """The month whose journal contains what was seen at a moment."""
    return time[:7]


def is_journal(path: Path) -> bool:
    """Whether a file has the name of a journal and is a regular file, not a link."""
    return bool(_MONTH.match(path.name)) and path.is_file() and not path.is_symlink()


def journals_in(folder: Path) -> list[Path]:
    """A repository's journals, oldest first."""
    return sorted(path for path in folder.glob("*.jsonl") if is_journal(path))


def journals_of(root: Path, repository: Repository) -> list[Path]:
    """A repository's journals, oldest first. Links are refused: they lead to files outside the archive.

    Raises:
        ArchiveError: its folder, a folder above it, or a journal is a link.
    """
    folder = folder_of(root, repository)
    above = [one for one in folder.parents if one.is_relative_to(root) and one != root]
    for path in (*above, folder, *folder.glob("*.jsonl")):
        if path.is_symlink():
            raise link_error(path)
    return journals_in(folder)


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
