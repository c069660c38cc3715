"""Where things lie in an archive's folder."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec

from collector.errors import ArchiveError, InvalidValue, NewerArchive
from collector.model.references import Repository, parse_repository
from collector.model.times import Time

FORMAT = 1
"""The version of the format that this program writes, and the newest that it reads."""

_HEADER = "archive.json"
_MONTH = re.compile(r"\d{4}-\d{2}\.jsonl\Z")


class _Header(msgspec.Struct, frozen=True, kw_only=True):
    format: int
    about: str = "A repo-info archive: what container image tags pointed at, and when."


def create(root: Path) -> None:
    """Make an empty archive where there is none."""
    if (root / _HEADER).exists():
        return
    if root.exists() and any(root.iterdir()):
        raise ArchiveError(f"{root}: not an archive, and not empty", hint="name an archive's folder, or a new one")
    root.mkdir(parents=True, exist_ok=True)
    (root / _HEADER).write_bytes(msgspec.json.format(msgspec.json.encode(_Header(format=FORMAT)), indent=2) + b"\n")


def check(root: Path) -> None:
    """Make sure that this program can read the archive.

    Raises:
        ArchiveError: there is no archive, or its header is damaged.
        NewerArchive: it is of a later format.
    """
    header = root / _HEADER
    try:
        found = msgspec.json.decode(header.read_bytes()[:65536], type=_Header)
    except FileNotFoundError:
        raise ArchiveError(f"{root}: no archive here", hint="make one with `repo-info import`") from None
    except (OSError, msgspec.MsgspecError) as error:
        raise ArchiveError(f"{header}: {error}", hint="restore the file from version control") from None
    if found.format > FORMAT:
        hint = "install a newer repo-info: pip install --upgrade repo-info-site"
        raise NewerArchive(f"{root}: the archive is of format {found.format}, this program reads {FORMAT}", hint=hint)


def folder_of(root: Path, repository: Repository) -> Path:
    """A repository's folder. A port's colon becomes `+`, which no name holds and every file system takes."""
    return root / repository.registry.replace(":", "+") / repository.path


def journal_of(folder: Path, time: Time) -> Path:
    """The journal of a moment's month."""
    return folder / f"{time[:7]}.jsonl"


def journals_in(folder: Path) -> list[Path]:
    """A repository's journals, oldest first."""
    return sorted(path for path in folder.glob("*.jsonl") if _MONTH.match(path.name))


def iter_repositories(root: Path) -> Iterator[Repository]:
    """Every repository that has a journal, by name. Folders that cannot be one are passed over."""
    for folder in sorted({path.parent for path in root.rglob("*.jsonl") if _MONTH.match(path.name)}):
        registry, *path = folder.relative_to(root).parts
        try:
            yield parse_repository("/".join([registry.replace("+", ":"), *path]))
        except InvalidValue:
            continue
