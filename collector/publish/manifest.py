"""The manifest of a site: a line for each file, sorted by path.

    repo-info-files 1
    <first 32 hex digits of the SHA-256> <size in bytes> <path>

While a site is being sent, a file whose state at the host is not known has `-` for its hash. A manifest that comes from
a host is untrusted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import count
from typing import BinaryIO, NamedTuple

from collector.errors import InvalidValue
from collector.site.record_store import SiteFile

HEADER = b"repo-info-files 1\n"
_OTHER_HEADER = re.compile(rb"repo-info-files ([0-9]{1,9})\n")
MAX_BYTES = 256 * 2**20
"""The largest manifest that is read: one of three million files."""
UNKNOWN = "-"

_LINE = re.compile(r"([0-9a-f]{32}|-) (0|[1-9][0-9]{0,14}) ([^\0-\x1f\x7f]{1,4000})\n")
_OUTSIDE = re.compile(r"(?:^|/)\.{0,2}(?:/|\Z)|\\")
"""A backslash, or a part that is empty, `.` or `..`."""
_MAX_LINE = 20_000
_RESEND = "leave out --since to send the whole site"


class Line(NamedTuple):
    """A line of a manifest."""

    path: str
    digest: str
    """32 hex digits; `-` if it is not known."""
    size: int

    def render(self) -> bytes:
        return f"{self.digest} {self.size} {self.path}\n".encode()


def line_of(file: SiteFile) -> Line:
    """The line of a file."""
    return Line(file.path, file.digest.hex(), file.size)


def read_manifest(file: BinaryIO) -> Iterator[Line]:
    """The lines of a manifest. Its first line is read at once, the others one by one.

    Raises:
        InvalidValue: it is invalid, or its paths are not sorted, lead out of the site, or occur twice.
    """
    header = file.readline(_MAX_LINE)
    if header == HEADER:
        return _iter_lines(file)
    if other := _OTHER_HEADER.fullmatch(header):
        raise InvalidValue(f"a manifest of version {int(other[1])}, and this repo-info reads version 1", hint=_RESEND)
    raise InvalidValue("not a manifest of a site", hint=f"name the files.txt that was sent last, or {_RESEND}")


def _iter_lines(file: BinaryIO) -> Iterator[Line]:
    last = ""
    for number in count(2):
        raw = file.readline(_MAX_LINE)
        if not raw:
            return
        line = _parse(raw, number)
        if line.path <= last:
            raise InvalidValue(f"line {number}: paths are not sorted", hint=_RESEND)
        last = line.path
        yield line


def _parse(raw: bytes, number: int) -> Line:
    try:
        found = _LINE.fullmatch(raw.decode())
    except UnicodeDecodeError:
        found = None
    if not found or _OUTSIDE.search(found[3]):
        raise InvalidValue(f"line {number} is invalid: {raw[:100]!r}", hint=_RESEND)
    return Line(found[3], found[1], int(found[2]))


def write_manifest(file: BinaryIO, lines: Iterable[Line]) -> None:
    """Write a manifest of lines that are sorted by path."""
    file.write(HEADER)
    file.writelines(line.render() for line in lines)
