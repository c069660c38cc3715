"""The files of a store: objects by number, with the uses of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

import msgspec

from collector.model.digests import Digest
from collector.pages.objects.encoder import ObjectFile, ObjectStore
from collector.pages.objects.package_lists import PackageListStore
from collector.pages.objects.shapes import Chunk
from collector.pages.objects.uses import MAX_TAGS, Users, Uses, Where

T = TypeVar("T")

_TAG_LIMITS = (MAX_TAGS, 25, 12, 6, 3, 1)
"""Numbers of tags for each place, in order of preference; the first with which a file stays below its limit counts."""
_MAX_BYTES = 14_000
"""Bytes of `where` in one file. With its objects and the index, a look-up stays below 30 KB."""


def iter_chunk_files(store: ObjectStore, uses: Uses, lists: PackageListStore | None = None) -> Iterator[bytes]:
    """The content of each file, sorted by number. `lists`: the published package lists of its images."""
    for file in store.files:
        yield msgspec.json.encode(_chunk(file, uses, lists))


def _chunk(file: ObjectFile, uses: Uses, lists: PackageListStore | None) -> Chunk:
    users: dict[Users, int] = {}
    where_of = tuple(users.setdefault(uses.users(one), len(users)) if one else None for one in file.digests)
    configs = {place: users.setdefault(uses.users(config), len(users)) for place, config in file.configs.items()}
    return Chunk(
        objects=msgspec.Raw(b"[" + file.content + b"]"),
        where_of=where_of,
        config_where_of={place: where for place, where in configs.items() if where != where_of[place]},
        packages_of=_known(file, lists.number) if lists else {},
        scans_of=_known(file, lists.scan) if lists else {},
        where=_where(list(users), uses),
    )


def _known(file: ObjectFile, of: Callable[[Digest], T | None]) -> dict[int, T]:
    """What is known of the images in a file, by their places."""
    found = {place: of(config) for place, config in file.configs.items()}
    return {place: known for place, known in found.items() if known is not None}


def _where(users: list[Users], uses: Uses) -> tuple[tuple[Where, ...], ...]:
    """The uses, with as many tags as there is room for."""
    found: tuple[tuple[Where, ...], ...] = ()
    for most in _TAG_LIMITS:
        found = tuple(uses.where(each, most) for each in users)
        if len(msgspec.json.encode(found)) <= _MAX_BYTES:
            break
    return found
