"""The files of a store: objects by number, and where each was used."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from collector.pages.objects.encoding import Filed, ObjectStore
from collector.pages.objects.shapes import Chunk
from collector.pages.objects.uses import Users, Uses, Where

_MOST_TAGS = (50, 25, 12, 6, 3, 1)
"""Of each place; the first of these with which all of a file stays below its bound."""
_MOST_BYTES = 14_000
"""Of `where` in one file: with its objects and the index a look-up stays below 30 KB."""


def iter_chunk_files(store: ObjectStore, uses: Uses) -> Iterator[bytes]:
    """The content of each file, in the order of their numbers."""
    for file in store.files:
        yield msgspec.json.encode(_chunk(file, uses))


def _chunk(file: list[Filed], uses: Uses) -> Chunk:
    users: dict[Users, int] = {}
    where_of: list[int | None] = []
    configs: dict[int, int] = {}
    for place, filed in enumerate(file):
        found = [users.setdefault(uses.users(digest), len(users)) for digest in filed.digests]
        where_of.append(found[0] if found else None)
        if found and found[-1] != found[0]:
            configs[place] = found[-1]
    return Chunk(
        objects=tuple(msgspec.Raw(filed.content) for filed in file),
        where_of=tuple(where_of),
        config_where_of=configs,
        where=_where(list(users), uses),
    )


def _where(users: list[Users], uses: Uses) -> tuple[tuple[Where, ...], ...]:
    """With as many tags as there is room for."""
    found: tuple[tuple[Where, ...], ...] = ()
    for most in _MOST_TAGS:
        found = tuple(uses.where(each, most) for each in users)
        if len(msgspec.json.encode(found)) <= _MOST_BYTES:
            break
    return found
