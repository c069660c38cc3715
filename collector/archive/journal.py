"""One journal: a file of facts that grows only at its end."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec

from collector.archive.facts import Fact, decode_fact
from collector.archive.facts.shared_values import SharedValues
from collector.archive.replacement import replace_file
from collector.errors import ArchiveError, naming
from collector.model.json_text import NOT_DECODABLE

MAX_LINE = 32 * 2**20
"""Bytes; longer lines are not read. The longest real fact, the raw text of an index, has 4 MiB."""

_APPEND = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW

RESTORE = "restore the file from version control, or delete the line and repeat the run that wrote it"
RUN_AGAIN = "repeat the run that wrote it, such as `repo-info import` or `repo-info collect`: it adds what is missing"


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """A fault in a journal."""

    path: Path
    line: int
    """Counted from 1; 0 if the fault does not concern a single line."""
    message: str
    hint: str = ""
    """What the user can do."""
    is_torn: bool = False
    """Whether it is a last line that a crash cut off: it was never reported as written, and the next run writes it
    again.
    """

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}" if self.line else f"{self.path}: {self.message}"


def iter_journal(path: Path, shared: SharedValues | None = None) -> Iterator[tuple[int, Fact | Fault]]:
    """The number of each line, with its fact or its fault. `shared`: the values of other journals."""
    shared = shared or SharedValues()
    for number, line in iter_lines(path):
        if isinstance(line, Fault):
            yield number, line
            continue
        try:
            yield number, decode_fact(line, shared)
        except NOT_DECODABLE as error:
            yield number, fault_of_line(path, number, error)


def fault_of_line(path: Path, line: int, error: Exception) -> Fault:
    """The fault of a line that is not a fact."""
    return Fault(path=path, line=line, message=f"not a fact: {error}", hint=RESTORE)


def iter_lines(path: Path) -> Iterator[tuple[int, bytes | Fault]]:
    """The number of each line, with the line including its line feed, or with the reason why it cannot be read."""
    with path.open("rb") as file:
        number = 0
        while line := file.readline(MAX_LINE):
            number += 1
            if not line.endswith(b"\n"):
                if len(line) == MAX_LINE:
                    _skip_line(file)
                    message = f"longer than {MAX_LINE} bytes; not read"
                    yield number, Fault(path=path, line=number, message=message, hint=RESTORE)
                    continue
                message = "cut off before its end, probably by a crash; left out"
                yield number, Fault(path=path, line=number, message=message, hint=RUN_AGAIN, is_torn=True)
                return
            yield number, line


def append_lines(path: Path, lines: bytes) -> None:
    """Append complete lines. An incomplete last line is removed first; call `sync` to have everything on disk.

    Raises:
        ArchiveError: the file cannot be written, or is not a regular file.
    """
    try:
        with os.fdopen(os.open(path, _APPEND, 0o666), "ab+") as file:
            end = file.seek(0, os.SEEK_END)
            whole = _whole_length(file, end)
            if whole < end:
                file.truncate(whole)
            file.seek(whole)
            file.write(lines)
    except OSError as error:
        raise ArchiveError(f"{path}: cannot be written: {error.strerror}", hint="earlier lines are kept") from None


def replace_journal(path: Path, content: bytes) -> None:
    """Put other content in a journal's place, in one step that the disk keeps.

    Raises:
        ArchiveError: it cannot be written; the journal is unchanged.
    """
    try:
        replace_file(path, content, is_synced=True)
        sync(path.parent)
    except OSError as error:
        raise ArchiveError(f"{path}: cannot be written: {error.strerror}", hint="the journal is unchanged") from None


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, and sync their names to disk.

    Raises:
        ArchiveError: the folder cannot be made.
    """
    if folder.is_dir():
        return
    make_folder(folder.parent)
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise ArchiveError(
            f"{folder}: cannot be made: {error.strerror}", hint="move away the file of that name"
        ) from None
    sync(folder.parent)


def sync(path: Path) -> None:
    """Sync the content of a file, or the names of the files in a folder, to disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        with naming(path):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _whole_length(file: BinaryIO, end: int) -> int:
    """The length up to and including the last line feed; the last line of a journal is nearly always complete."""
    while end > 0:
        start = max(0, end - 65536)
        file.seek(start)
        block = file.read(end - start)
        if (found := block.rfind(b"\n")) >= 0:
            return start + found + 1
        end = start
    return 0


def _skip_line(file: BinaryIO) -> None:
    while (rest := file.readline(MAX_LINE)) and not rest.endswith(b"\n"):
        pass
