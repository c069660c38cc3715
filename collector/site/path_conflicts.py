"""Finds two pages with one path, and files that no page has any more."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import accumulate, pairwise

from collector.archive.name_case import SAME_FILE
from collector.errors import BuildError
from collector.site.destination import path_conflict
from collector.site.incremental import TaskEntry
from collector.site.record_store import PathHashes, Record, RecordStore, path_hash


class SitePaths:
    """All paths of a site, by the first 8 bytes of their hashes: 8 MB for a million paths."""

    def __init__(self, records: RecordStore, entries: Sequence[TaskEntry], others: Sequence[str] = ()) -> None:
        """The paths of these tasks, and `others`, which no task may have.

        Raises:
            BuildError: two tasks have one path, or the path of one is a folder of another.
        """
        files, folders = array("Q", b"".join(map(path_hash, others))), array("Q")
        for entry in entries:
            hashes = records.must_read(entry.record, PathHashes)
            files.frombytes(hashes.claimed)
            folders.frombytes(hashes.folders)
        self._files = array("Q", sorted(files))
        doubles = {one for one, next_one in pairwise(self._files) if one == next_one}
        doubles.update(folder for folder in folders if self._has(folder))
        if doubles:
            _refuse(doubles, [*others, *_iter_paths(records, entries)])

    def __contains__(self, path: str) -> bool:
        return self._has(_number_of(path))

    def _has(self, number: int) -> bool:
        place = bisect_left(self._files, number)
        return place < len(self._files) and self._files[place] == number


def refuse_spellings(records: RecordStore, entries: Iterable[TaskEntry]) -> None:
    """For a file system that ignores upper and lower case.

    Raises:
        BuildError: two paths, or parts of them, differ in case only.
    """
    spelled: dict[str, str] = {}
    for path in _iter_paths(records, entries):
        for part in accumulate(path.split("/"), "{}/{}".format):
            other = spelled.setdefault(part.casefold(), part)
            if other != part:
                raise BuildError(f"{part}: {SAME_FILE} {other}", hint="build the site on another file system")


def _refuse(doubles: Collection[int], paths: Sequence[str]) -> None:
    """Raise if the paths themselves are equal. Different paths with equal hashes are not a fault; anyone can make such
    paths.
    """
    suspects = Counter(path for path in paths if _number_of(path) in doubles)
    conflicts = {path for path, count in suspects.items() if count > 1}
    for path in paths:
        conflicts.update(suspects.keys() & set(accumulate(path.split("/")[:-1], "{}/{}".format)))
    if conflicts:
        raise path_conflict(min(conflicts))


def _number_of(path: str) -> int:
    return array("Q", path_hash(path))[0]


def _iter_paths(records: RecordStore, entries: Iterable[TaskEntry]) -> Iterator[str]:
    for entry in entries:
        record = records.read(entry.record, Record)
        yield from record.paths if record else ()
