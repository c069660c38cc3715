"""One journal: a file of facts that only ever grows at its end."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec

from collector.archive.facts import Fact, decode_fact
from collector.errors import ArchiveError

MAX_LINE = 32 * 2**20
"""Bytes; what is longer is not read. The longest real fact, an index's raw text, has 4 MiB."""

_APPEND = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW

RESTORE = "restore the file from version control, or delete the line and run again what wrote it"
RUN_AGAIN = "run again what wrote it, as `repo-info import` or `repo-info collect`: it adds what is missing"


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """Something in a journal that is not as it should be."""

    path: Path
    line: int
    """Counted from 1; 0 if the fault is of no single line."""
    message: str
    hint: str = ""
    """What to do."""
    is_torn: bool = False
    """The last line, cut off by a crash: it was never reported as kept, and the next run writes it again."""

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}" if self.line else f"{self.path}: {self.message}"


def iter_journal(path: Path) -> Iterator[tuple[int, Fact | Fault]]:
    """Each line's number with its fact, or with what is wrong with it."""
    for number, line in iter_lines(path):
        if isinstance(line, Fault):
            yield number, line
            continue
        try:
            yield number, decode_fact(line)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            yield number, Fault(path=path, line=number, message=f"not a fact: {error}", hint=RESTORE)


def iter_lines(path: Path) -> Iterator[tuple[int, bytes | Fault]]:
    """Each line's number with the line, whole and with its line feed, or with why it cannot be read."""
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
                message = "cut off before its end, as by a crash; left out"
                yield number, Fault(path=path, line=number, message=message, hint=RUN_AGAIN, is_torn=True)
                return
            yield number, line


def append_lines(path: Path, lines: bytes) -> None:
    """Add whole lines at the end. A torn last line is cut away first; `sync` has the disk keep it all.

    Raises:
        ArchiveError: the file cannot be written, or is none.
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
        raise ArchiveError(
            f"{path}: cannot be written: {error.strerror}", hint="what was written before is kept"
        ) from None


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, and have the disk keep their names.

    Raises:
        ArchiveError: it cannot be made.
    """
    if folder.is_dir():
        return
    make_folder(folder.parent)
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise ArchiveError(f"{folder}: cannot be made: {error.strerror}", hint="move away what is there") from None
    sync(folder.parent)


def sync(path: Path) -> None:
    """Have the disk keep a file's content, or the names of the files in a folder."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _whole_length(file: BinaryIO, end: int) -> int:
    """The length up to and with the last line feed; a journal's last line is nearly always whole."""
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
