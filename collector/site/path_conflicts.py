"""Whether two pages of a site would lie at one place, and which files are no page's any more."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import accumulate, pairwise

from collector.site.destination import claimed_twice
from collector.site.incremental import Entry
from collector.site.record_store import Shelf
from collector.site.records import Claims, Record, claim_of


class Claimed:
    """All paths of a site, by the first 8 bytes of their hashes: 8 MB for a million of them."""

    def __init__(self, shelf: Shelf, entries: Sequence[Entry], others: Sequence[str] = ()) -> None:
        """What these tasks claim, and what nobody else may.

        Raises:
            BuildError: two claim one path, or one a path that is another's folder.
        """
        files, folders = array("Q", b"".join(map(claim_of, others))), array("Q")
        for entry in entries:
            claims = shelf.must_read(entry.record, Claims)
            files.frombytes(claims.claimed)
            folders.frombytes(claims.folders)
        self._files = array("Q", sorted(files))
        doubles = {one for one, next_one in pairwise(self._files) if one == next_one}
        doubles.update(folder for folder in folders if self._has(folder))
        if doubles:
            _refuse(doubles, [*others, *_iter_paths(shelf, entries)])

    def __contains__(self, path: str) -> bool:
        return self._has(_number_of(path))

    def _has(self, claim: int) -> bool:
        place = bisect_left(self._files, claim)
        return place < len(self._files) and self._files[place] == claim


def _refuse(doubles: Collection[int], paths: Sequence[str]) -> None:
    """Raise where paths really meet: that two have the same hash can be brought about, and is no fault."""
    suspects = Counter(path for path in paths if _number_of(path) in doubles)
    meet = {path for path, count in suspects.items() if count > 1}
    for path in paths:
        meet.update(suspects.keys() & set(accumulate(path.split("/")[:-1], "{}/{}".format)))
    if meet:
        raise claimed_twice(min(meet))


def _number_of(path: str) -> int:
    return array("Q", claim_of(path))[0]


def _iter_paths(shelf: Shelf, entries: Iterable[Entry]) -> Iterator[str]:
    for entry in entries:
        record = shelf.read(entry.record, Record)
        yield from record.paths if record else ()
