"""The size of a published folder."""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator
from pathlib import Path

import msgspec

_BLOCK = 512
"""Bytes, in which the system counts the blocks of a file."""


class Size(msgspec.Struct, frozen=True, kw_only=True):
    """All files below a folder."""

    files: int
    pages: int
    """Those that are HTML."""
    bytes: int
    """The lengths of the files, not the space that they take on a disk."""
    gzipped: int
    """Bytes, every file compressed for itself, as a host sends them."""


def compress(content: bytes) -> bytes:
    """The bytes that a host sends for a file: gzip at its usual level; what is compressed already, as it is."""
    if content.startswith(b"\x1f\x8b"):
        return content
    compressor = zlib.compressobj(level=6, wbits=zlib.MAX_WBITS | 16)
    return compressor.compress(content) + compressor.flush()


def gzipped(content: bytes) -> int:
    """Bytes that a host sends for a file."""
    return len(compress(content))


def iter_files(folder: Path) -> Iterator[Path]:
    """All files below a folder."""
    for where, _, names in os.walk(folder):
        for name in names:
            yield Path(where, name)


def count(folder: Path) -> tuple[int, int]:
    """The number and bytes of all files below a folder, without reading them."""
    sizes = [path.stat().st_size for path in iter_files(folder)]
    return len(sizes), sum(sizes)


def occupied(folder: Path) -> int:
    """The space that a folder takes on its disk, with all files and folders below it."""
    return sum(
        path.lstat().st_blocks * _BLOCK
        for where, _, names in os.walk(folder)
        for path in (Path(where), *(Path(where, name) for name in names))
    )


def measure(folder: Path) -> Size:
    """Read and count all files below a folder."""
    files = pages = total = compressed = 0
    for path in iter_files(folder):
        content = path.read_bytes()
        files += 1
        pages += path.suffix == ".html"
        total += len(content)
        compressed += gzipped(content)
    return Size(files=files, pages=pages, bytes=total, gzipped=compressed)
