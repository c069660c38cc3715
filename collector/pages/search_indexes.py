"""The site-wide indexes of the search box: names, and digests by their first hex digits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import partial

import msgspec

from collector.model.digests import Digest, hex_of
from collector.pages.data_files import SUFFIX
from collector.pages.documents import AnyAsset, Asset, LateAsset, key_of
from collector.pages.left_out import LeftOut

PREFIX = 12
"""Hex digits of a digest in the index: as many as Docker shows. If two of 5 million digests share them, their objects
tell them apart.
"""

_SHARDS = ((1, 1_024), (2, 16_384), (3, None))
"""Hex digits in the name of a file, and the most digests for which they are used, at 64 digests a file. Of the 4,096
files each has a kilobyte at 200 thousand digests, and 10 compressed kilobytes at 5 million.
"""

SCRIPT = "assets/javascripts/digestindex.js"
"""A script with the number of digits in file names: a data file would cost each look-up a request."""

_ROW = PREFIX // 2 + 4


def digest_paths(digits: str) -> tuple[str, ...]:
    """The possible files for digests with this prefix; a site has one of them."""
    return tuple(f"api/v1/digests/{digits[:length]}.json" for length, _ in _SHARDS)


DigestShard = dict[str, dict[str, int | list[int]]]
"""Image → digits after those in the file's name → the number of the object, or the numbers of several."""


class NameEntry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One image with its tags, separated by spaces, in the order of display."""

    name: str
    address: str
    tags: str
    gone: str
    """Those in the next two, and those that the archive's source no longer follows."""
    missing: str = ""
    """Those that the registry does not have."""
    unreadable: str = ""
    """Those whose newest page could not be read."""


class NameIndex(msgspec.Struct, frozen=True, kw_only=True):
    images: tuple[NameEntry, ...]
    exceptions: dict[str, str]
    """`image:tag` → address, for tags that are not at `<address of the image><tag>/`."""
    version_digits: int = 0
    """The number of hex digits that name a file of the look-up by version; 0: no tag became another version."""
    left_out: LeftOut | None = None
    """What the site leaves out to stay within its limits; null: nothing."""
    compressed: bool = False
    """Whether the files that only programs read are compressed: `.gz` is added to their names. Older sites lack it."""

    def data_path(self, path: str) -> str:
        """The path of such a file on this site."""
        return path + SUFFIX if self.compressed else path


def names_asset(
    entries: Iterable[NameEntry],
    exceptions: Mapping[str, str],
    *,
    version_digits: int,
    left_out: LeftOut | None = None,
) -> Asset:
    index = NameIndex(
        images=tuple(entries),
        exceptions=dict(exceptions),
        version_digits=version_digits,
        left_out=left_out,
        compressed=True,
    )
    return Asset(path="api/v1/names.json", content=msgspec.json.encode(index))


def pack_digests(digests: Iterable[tuple[Digest, int]]) -> bytes:
    """The data of one image for the index: the first digits and the object of each digest, in 10 bytes, sorted."""
    return b"".join(
        sorted(bytes.fromhex(hex_of(digest)[:PREFIX]) + number.to_bytes(4, "big") for digest, number in digests)
    )


def count_digests(packed: bytes) -> int:
    return len(packed) // _ROW


def iter_digest_assets(packed: Mapping[str, bytes]) -> Iterator[AnyAsset]:
    """The digest index. `packed`: image → result of `pack_digests`.

    All 16, 256 or 4,096 files exist, so that an unknown prefix gives an empty answer instead of a missing file.
    """
    count = sum(map(count_digests, packed.values()))
    digits = next(digits for digits, limit in _SHARDS if limit is None or count <= limit)
    yield script_asset(digits)
    waiting: dict[int, list[tuple[str, int]]] = defaultdict(list)
    """File → the images whose next row belongs to it, and the place of that row."""
    for image, rows in packed.items():
        if rows:
            waiting[_shard_of(rows, 0, digits)].append((image, 0))
    for number in range(16**digits):
        found: list[tuple[str, bytes]] = []
        for image, start in sorted(waiting.pop(number, ())):
            rows, end = packed[image], start
            while end < len(rows) and _shard_of(rows, end, digits) == number:
                end += _ROW
            found.append((image, rows[start:end]))
            if end < len(rows):
                waiting[_shard_of(rows, end, digits)].append((image, end))
        path = f"api/v1/digests/{number:0{digits}x}.json"
        yield LateAsset(path=path, key=key_of(found), make=partial(_encode_shard, found, digits))


def script_asset(digits: int) -> Asset:
    return Asset(path=SCRIPT, content=f"export const SHARD = {digits};\n".encode())


def _encode_shard(found: Iterable[tuple[str, bytes]], digits: int) -> bytes:
    """One file of the index, from the rows of each image that belong to it."""
    shard: DigestShard = {image: _numbers(rows, digits) for image, rows in found}
    return msgspec.json.encode(shard)


def _shard_of(rows: bytes, start: int, digits: int) -> int:
    """The value of the first hex digits of a row, at most four."""
    return (rows[start] << 8 | rows[start + 1]) >> 4 * (4 - digits)


def _numbers(rows: bytes, digits: int) -> dict[str, int | list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for start in range(0, len(rows), _ROW):
        end = start + PREFIX // 2
        found[rows[start:end].hex()[digits:]].append(int.from_bytes(rows[end : start + _ROW], "big"))
    return {rest: numbers if len(numbers) > 1 else numbers[0] for rest, numbers in found.items()}
