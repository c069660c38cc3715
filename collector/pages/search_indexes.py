"""The site-wide indexes that the search box reads: names, and digests by their first hex digits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import partial

import msgspec

from collector.model.digests import Digest, hex_of
from collector.pages.documents import Asset, LateAsset, key_of

PREFIX = 12
"""Hex digits of a digest by which the index knows it: as many as Docker shows to people. Where two digests of 5 million
have the same, the objects distinguish them."""

_SHARD = 3
"""Hex digits that name a file: 4,096 of them, a kilobyte each at 200 thousand digests, 10 compressed at 5 million."""
_ROW = PREFIX // 2 + 4

DigestShard = dict[str, dict[str, int | list[int]]]
"""By image, and by the digits behind those of the file's name: the number of the object, or of each that has it."""


class NameEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One image with its tags, in the order of display, between spaces."""

    name: str
    address: str
    tags: str
    gone: str


class NameIndex(msgspec.Struct, frozen=True, kw_only=True):
    images: tuple[NameEntry, ...]
    exceptions: dict[str, str]
    """Addresses of tags that are not at `<address of the image><tag>/`, by `image:tag`."""


def names_asset(entries: Iterable[NameEntry], exceptions: Mapping[str, str]) -> Asset:
    index = NameIndex(images=tuple(entries), exceptions=dict(exceptions))
    return Asset(path="api/v1/names.json", content=msgspec.json.encode(index))


def pack_digests(digests: Iterable[tuple[Digest, int]]) -> bytes:
    """What the index needs of one image: each digest's first digits and its object, in 10 bytes, sorted."""
    return b"".join(
        sorted(bytes.fromhex(hex_of(digest)[:PREFIX]) + number.to_bytes(4, "big") for digest, number in digests)
    )


def count_digests(packed: bytes) -> int:
    return len(packed) // _ROW


def iter_digest_assets(packed: Mapping[str, bytes]) -> Iterator[LateAsset]:
    """The digest index. `packed` is, by image, what `pack_digests` gave.

    All 4,096 files are there, so that a prefix that nothing has is an empty answer and not a missing file.
    """
    waiting: dict[int, list[tuple[str, int]]] = defaultdict(list)
    """By file the images whose next row belongs in it, and where that row begins."""
    for image, rows in packed.items():
        if rows:
            waiting[_shard_of(rows, 0)].append((image, 0))
    for number in range(16**_SHARD):
        found: list[tuple[str, bytes]] = []
        for image, start in sorted(waiting.pop(number, ())):
            rows, end = packed[image], start
            while end < len(rows) and _shard_of(rows, end) == number:
                end += _ROW
            found.append((image, rows[start:end]))
            if end < len(rows):
                waiting[_shard_of(rows, end)].append((image, end))
        path = f"api/v1/digests/{number:0{_SHARD}x}.json"
        yield LateAsset(path=path, key=key_of(found), make=partial(_encode_shard, found))


def _encode_shard(found: Iterable[tuple[str, bytes]]) -> bytes:
    """One file of the index, from the rows of each image that belong in it."""
    shard: DigestShard = {image: _numbers(rows) for image, rows in found}
    return msgspec.json.encode(shard)


def _shard_of(rows: bytes, start: int) -> int:
    """The number that the first three hex digits of a row make."""
    return (rows[start] << 4) | (rows[start + 1] >> 4)


def _numbers(rows: bytes) -> dict[str, int | list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for start in range(0, len(rows), _ROW):
        end = start + PREFIX // 2
        found[rows[start:end].hex()[_SHARD:]].append(int.from_bytes(rows[end : start + _ROW], "big"))
    return {digits: numbers if len(numbers) > 1 else numbers[0] for digits, numbers in found.items()}
