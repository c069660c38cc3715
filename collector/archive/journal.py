"""One journal: a file of facts that only ever grows at its end."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec

from collector.archive.facts import Fact, decode_fact

LONGEST_LINE = 32 * 2**20
"""Bytes; what is longer is not read. The longest real fact, an index's raw text, has 4 MiB."""


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """Something in a journal that is not as it should be."""

    path: Path
    line: int
    """Counted from 1; 0 where the fault is of no single line."""
    message: str
    is_torn: bool = False
    """The last line, cut off by a crash: it was never reported as kept, and the next run writes it again."""

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}" if self.line else f"{self.path}: {self.message}"


def iter_journal(path: Path) -> Iterator[tuple[int, Fact | Fault]]:
    """Each line's number with its fact, or with what is wrong with it."""
    with path.open("rb") as file:
        number = 0
        while line := file.readline(LONGEST_LINE):
            number += 1
            if not line.endswith(b"\n"):
                if len(line) == LONGEST_LINE:
                    _skip_line(file)
                    yield number, Fault(path=path, line=number, message=f"longer than {LONGEST_LINE} bytes; not read")
                    continue
                message = "cut off before its end, as by a crash; left out"
                yield number, Fault(path=path, line=number, message=message, is_torn=True)
                return
            try:
                yield number, decode_fact(line)
            except (msgspec.MsgspecError, UnicodeDecodeError) as error:
                yield number, Fault(path=path, line=number, message=f"not a fact: {error}")


def append_lines(path: Path, lines: bytes) -> None:
    """Add whole lines at the end and have the disk keep them. A torn last line is cut away first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab+") as file:
        whole = _whole_length(file, file.seek(0, os.SEEK_END))
        file.truncate(whole)
        file.seek(whole)
        file.write(lines)
        file.flush()
        os.fsync(file.fileno())


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
    while (rest := file.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
        pass
