"""The bases of all images of an archive. What is unchanged since the last build is read from a cache.

Kept are the outline of each repository, under the key of its journals, and the bases of all, under the keys of all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from hashlib import sha256

import msgspec

from collector.archive.store import Archive
from collector.bases.cache import Cache, MemoryCache
from collector.bases.outline import Outline, outline_of
from collector.bases.parts import encode_bases
from collector.bases.relations import find_bases
from collector.model.references import parse_repository

_OUTLINE = msgspec.msgpack.Decoder(Outline)
_PARTS = msgspec.msgpack.Decoder(dict[str, bytes])


def bases_of_archive(archive: Archive, keys: Mapping[str, str], cache: Cache | None = None) -> dict[str, bytes]:
    """The bases of the images of each repository, by the repositories' full names, as `encode_bases` makes them.

    Args:
        keys: by the full name of each repository a hash of its journals.
        cache: is left with what the next build of this archive needs.
    """
    return _ArchiveBases(archive, keys, cache or MemoryCache()).parts()


class _ArchiveBases:
    def __init__(self, archive: Archive, keys: Mapping[str, str], cache: Cache) -> None:
        self._archive = archive
        self._cache = cache
        self._outlines = {name: sha256(f"{name} {key}".encode()).hexdigest() for name, key in keys.items()}
        """By repository the name of its outline in the cache."""
        self._whole = sha256("\n".join(sorted(self._outlines.values())).encode()).hexdigest()

    def parts(self) -> dict[str, bytes]:
        known = self._cache.read(self._whole)
        if known is not None:
            return _PARTS.decode(known)
        new = {outline: name for name, outline in self._outlines.items() if self._cache.read(outline) is None}
        self._cache.fill(dict(sorted(new.items(), key=lambda one: -self._size(one[1]))), self._make_outline)
        found = {name: encode_bases(bases) for name, bases in find_bases(self._outlines, self._outline).items()}
        self._cache.write(self._whole, msgspec.msgpack.encode(found))
        self._cache.retain({self._whole, *self._outlines.values()})
        return found

    @property
    def _make_outline(self) -> Callable[[str], bytes]:
        return partial(_encoded_outline, self._archive)

    def _size(self, name: str) -> int:
        return self._archive.size(parse_repository(name))

    def _outline(self, name: str) -> Outline:
        return _OUTLINE.decode(self._cache.read(self._outlines[name]) or self._make_outline(name))


def _encoded_outline(archive: Archive, name: str) -> bytes:
    return msgspec.msgpack.encode(outline_of(archive.load_contents(parse_repository(name))))
