"""Compares two sites, and finds the files of a site that were written."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import msgspec

from tests.support.folders import bench_of


class Stamp(msgspec.Struct, frozen=True):
    """One file: its content, and when it was written."""

    digest: bytes
    inode: int
    written: int
    """In nanoseconds."""


Stamps = dict[str, Stamp]


def stamps_of(site: Path) -> Stamps:
    """Every file of a site, by its path."""
    return {path.relative_to(site).as_posix(): _stamp(path) for path in site.rglob("*") if path.is_file()}


def _stamp(path: Path) -> Stamp:
    found = path.stat()
    return Stamp(sha256(path.read_bytes()).digest(), found.st_ino, found.st_mtime_ns)


def iter_differences(one: Stamps, other: Stamps) -> Iterator[str]:
    """Files that only one of the sites has, or that differ."""
    for path in sorted(one.keys() | other.keys()):
        if path not in other or path not in one:
            yield f"{path}: {'missing' if path in other else 'not to be there'}"
        elif one[path].digest != other[path].digest:
            yield f"{path}: other bytes"


def iter_needless(before: Stamps, after: Stamps) -> Iterator[str]:
    """Files that were written again with the same bytes."""
    for path, stamp in after.items():
        old = before.get(path)
        if old and old.digest == stamp.digest and old != stamp:
            yield f"{path}: written for nothing"


def written(before: Stamps, after: Stamps) -> int:
    """The number of files that are new or differ."""
    return sum(before.get(path) != stamp for path, stamp in after.items())


def iter_forgotten(one: Path, other: Path) -> Iterator[str]:
    """Records that the build folders of two sites do not share."""
    remembered = [stamps_of(bench_of(site)) for site in (one, other)]
    yield from (f"{bench_of(one).name}: {difference}" for difference in iter_differences(*remembered))
