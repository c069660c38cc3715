"""Look-ups in files that are named by the first hex digits of the CRC-32 of their keys: a new key changes one file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from zlib import crc32

import msgspec

from collector.pages.documents import Asset

_MAX_DIGITS = 3
_FILE_SIZE = 25_000
"""Bytes that a file has at most on average, until there are 4,096."""


def count_digits(contents: Mapping[str, bytes]) -> int:
    """The number of hex digits that name a file; 0: there is none. `contents`: JSON by key."""
    size = sum(map(len, contents.values()))
    fitting = (digits for digits in range(1, _MAX_DIGITS) if size <= _FILE_SIZE * 16**digits)
    return next(fitting, _MAX_DIGITS) if contents else 0


def iter_hashed_files(folder: str, contents: Mapping[str, bytes], digits: int) -> Iterator[Asset]:
    """All files are there, so that a key that nothing has is an empty answer and not a missing file."""
    files: dict[str, list[bytes]] = {f"{number:0{digits}x}": [] for number in range(16**digits if digits else 0)}
    for key, content in contents.items():
        files[f"{crc32(key.encode()):08x}"[:digits]].append(msgspec.json.encode(key) + b":" + content)
    for name, rows in files.items():
        yield Asset(path=f"{folder}/{name}.json", content=b"{" + b",".join(rows) + b"}")
