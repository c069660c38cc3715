"""The header of an archive, `archive.json`: the version of its format."""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import msgspec

from collector.archive.journal import make_folder, sync
from collector.archive.replacement import replace_file
from collector.errors import ArchiveError, NewerArchive
from collector.model.json_text import NOT_DECODABLE

FORMAT = 2
"""The version of the format of a new archive, and the newest that this program reads."""

HEADER = "archive.json"
_MAX_BYTES = 65536
"""The largest size of the header."""
_VERSION = re.compile(rb'"format"\s*:\s*([0-9])(?![0-9])')


class _Format(msgspec.Struct, frozen=True, kw_only=True):
    format: Annotated[int, msgspec.Meta(ge=1)]


class _Header(_Format, frozen=True, kw_only=True):
    about: str = "A repo-info archive: what container image tags pointed at, and when."
    """A sentence for people who open the file."""


def create(root: Path) -> None:
    """Make an empty archive unless there is one."""
    if (root / HEADER).exists():
        return
    try:
        make_folder(root)
        with _alone_in(root):
            if not (root / HEADER).exists():
                _write_new(root)
    except OSError as error:
        message = f"{root}: cannot make an archive here: {error.strerror}"
        raise ArchiveError(message, hint="name another folder") from None


@contextmanager
def _alone_in(root: Path) -> Iterator[None]:
    """Keeps other processes from making an archive in the same folder."""
    folder = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _write_new(root: Path) -> None:
    beside = root / f".{HEADER}.new"
    if any(path != beside for path in root.iterdir()):
        raise ArchiveError(f"{root}: not an archive, and not empty", hint="name an archive's folder, or a new one")
    content = msgspec.json.format(msgspec.json.encode(_Header(format=FORMAT)), indent=2) + b"\n"
    replace_file(root / HEADER, content, is_synced=True)
    sync(root)


def read_format(root: Path) -> int:
    """The version of an archive's format, if this program can read it.

    Raises:
        ArchiveError: there is no archive, or its header is damaged.
        NewerArchive: it is of a later format.
    """
    header = root / HEADER
    try:
        with header.open("rb") as file:
            found = msgspec.json.decode(file.read(_MAX_BYTES), type=_Format)
    except FileNotFoundError:
        hint = "make one with `repo-info import` or `repo-info collect`"
        raise ArchiveError(f"{root}: not an archive", hint=hint) from None
    except OSError as error:
        raise ArchiveError(
            f"{header}: cannot be read: {error.strerror}", hint="check the path, and who may read it"
        ) from None
    except NOT_DECODABLE as error:
        raise ArchiveError(f"{header}: {error}", hint="restore the file from version control") from None
    if found.format > FORMAT:
        hint = "install a newer repo-info: pip install --upgrade repo-info"
        raise NewerArchive(
            f"{root}: the archive is of format {found.format}, this program reads up to {FORMAT}", hint=hint
        )
    return found.format


def raise_format(root: Path) -> None:
    """Set the format in the header to the newest one.

    One byte is written in place: writers lock this file, and another file in its place would not be locked.

    Raises:
        ArchiveError: the header cannot be changed.
    """
    if read_format(root) == FORMAT:
        return
    header = root / HEADER
    try:
        with header.open("rb") as file:
            content = file.read(_MAX_BYTES)
        for found in _VERSION.finditer(content):
            changed = b"%b%d%b" % (content[: found.start(1)], FORMAT, content[found.end(1) :])
            if msgspec.json.decode(changed, type=_Format).format == FORMAT:
                _write_at(header, found.start(1), b"%d" % FORMAT)
                return
    except OSError as error:
        raise ArchiveError(f"{header}: cannot be written: {error.strerror}", hint="nothing was changed") from None
    raise ArchiveError(f"{header}: does not say its format in one digit", hint="restore the file from version control")


def _write_at(path: Path, place: int, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_NOFOLLOW)
    try:
        os.pwrite(descriptor, content, place)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
