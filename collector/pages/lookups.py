"""The site-wide indexes that the search box reads: names, and digests by their first hex digits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from collector.pages.documents import Asset
from collector.pages.uses import PREFIX

_SHARD = 3
"""Hex digits that name a file: 4,096 of them, a kilobyte each at 200 thousand digests, 14 compressed at 5 million."""
_ROW = 12
_BUCKETS = 16
"""Parts that the digests are sorted in, one at a time in memory."""


class NameEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One image with its tags, in the order of display, between spaces."""

    name: str
    address: str
    tags: str
    gone: str


class NameIndex(msgspec.Struct, frozen=True, kw_only=True):
    images: tuple[NameEntry, ...]
    exceptions: dict[str, str]
    """Addresses of tags that do not lie at `<address of the image><tag>/`, by `image:tag`."""


def names_asset(entries: Iterable[NameEntry], exceptions: Mapping[str, str]) -> Asset:
    index = NameIndex(images=tuple(entries), exceptions=dict(exceptions))
    return Asset(path="api/v1/names.json", content=msgspec.json.encode(index))


def iter_digest_assets(packed: Mapping[str, bytes]) -> Iterator[Asset]:
    """The digest index. `packed` is, by image, what `pack_digests` gave.

    All 4,096 files are there, so that a prefix that nothing has is an empty answer and not a missing file.
    """
    for bucket in range(_BUCKETS):
        shards: dict[str, dict[str, list[tuple[str, int]]]] = defaultdict(dict)
        for image, rows in sorted(packed.items()):
            for start in range(0, len(rows), _ROW):
                if rows[start] >> 4 == bucket:
                    prefix = rows[start : start + PREFIX // 2].hex()
                    number = int.from_bytes(rows[start + PREFIX // 2 : start + _ROW], "big")
                    shards[prefix[:_SHARD]].setdefault(prefix, []).append((image, number))
        for low in range(16 ** (_SHARD - 1)):
            shard = f"{bucket:x}{low:0{_SHARD - 1}x}"
            content = msgspec.json.encode(dict(sorted(shards.pop(shard, {}).items())))
            yield Asset(path=f"api/v1/digests/{shard}.json", content=content)
