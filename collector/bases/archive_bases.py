"""The bases of all images of an archive, in a cache. Unchanged parts are not computed again.

| key | content |
|---|---|
| the key of a repository's journals | its outline |
| that key, the names of its tags that are bases, and whether packages are named | the releases of these tags |
| the hash of the content | the bases of a repository |
| the keys of all journals, and whether packages are named | the names of all bases |
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import partial
from hashlib import sha256

import msgspec

from collector.archive.store import Archive
from collector.bases.base_releases import TagReleases, named_tags, tag_releases, with_releases
from collector.bases.cache import Cache, MemoryCache, must_read
from collector.bases.outline import Outline, outline_of
from collector.bases.parts import RepositoryBases, encode_bases
from collector.bases.relations import find_bases
from collector.model.references import Repository, parse_repository

_OUTLINE = msgspec.msgpack.Decoder(Outline)
_MAX_IN_MEMORY = 16 * 2**20
"""Bytes of outlines that are decoded once and kept, at six times the memory. Others are decoded whenever needed."""
_RELEASES = msgspec.msgpack.Decoder(dict[str, TagReleases])
_PARTS = msgspec.msgpack.Decoder(dict[str, RepositoryBases])
_TAGS = msgspec.msgpack.Decoder(dict[str, list[str]])


class _List(msgspec.Struct, frozen=True, kw_only=True):
    """The names in the cache that an unchanged archive needs."""

    bases: dict[str, str]
    """The name of a repository → the digest of what its pages say of bases."""
    folds: list[str]
    """The names of the releases of tags that are bases."""


_LIST = msgspec.msgpack.Decoder(_List)


def keep_bases(
    archive: Archive, keys: Mapping[str, str], cache: Cache, *, names_packages: bool = True
) -> dict[str, str]:
    """Find the bases of the images of each repository; returns their names in the cache, by the repositories' names.

    Args:
        archive: the archive.
        keys: full name of a repository → hash of its journals.
        cache: holds afterwards what this build and the next one need.
        names_packages: whether the releases that bases come from are those of a site that names packages.
    """
    return _ArchiveBases(archive, keys, cache, names_packages=names_packages).names()


def bases_of(archive: Archive, repository: Repository) -> RepositoryBases:
    """The bases of one repository's images. Reads the whole archive."""
    keys = {one.name: archive.journals_key(one).key for one in archive.repositories()}
    return _ArchiveBases(archive, keys, MemoryCache()).of_repository(repository.name)


def keep_part(part: bytes, cache: Cache) -> str:
    """Keep the bases of one repository, as `encode_bases` makes them; returns their name in the cache."""
    name = sha256(part).hexdigest()
    if cache.read(name) is None:
        cache.write(name, part)
    return name


class _ArchiveBases:
    """Is sent to other processes by pickle."""

    def __init__(self, archive: Archive, keys: Mapping[str, str], cache: Cache, *, names_packages: bool = True) -> None:
        self._archive = archive
        self._cache = cache
        self._names_packages = names_packages
        self._variant = "with packages" if names_packages else "without packages"
        self._outlines = {name: sha256(f"{name} {key}".encode()).hexdigest() for name, key in keys.items()}
        """Repository → the name of its outline in the cache."""
        self._list = sha256("\n".join((self._variant, *sorted(self._outlines.values()))).encode()).hexdigest()
        self._found, self._tags = (sha256(f"{what} {self._list}".encode()).hexdigest() for what in ("bases", "tags"))
        """The names of the first results: the bases without their releases, and the tags that are bases."""

    def names(self) -> dict[str, str]:
        known = self._read_list() or self._make_list()
        # Also if it was there: an earlier build may have ended before it removed the rest.
        self._cache.retain({self._list, *self._outlines.values(), *known.folds, *known.bases.values()})
        return known.bases

    def _make_list(self) -> _List:
        self._fill_found()
        self._fill(self._folds(), self._fold)
        self._cache.fill({self._list: ""}, self._complete)
        return _LIST.decode(must_read(self._cache, self._list))

    def of_repository(self, name: str) -> RepositoryBases:
        """The bases of one repository."""
        self._fill_found()
        part = _PARTS.decode(must_read(self._cache, self._found))[name]
        named = named_tags([part]).items()
        return with_releases(part, {other: self._tag_releases(other, tags) for other, tags in named})

    def _fill_found(self) -> None:
        self._fill(self._outlines, self._make_outline)
        self._cache.fill({self._found: ""}, self._find)

    def _fill(self, names: Mapping[str, str], make: Callable[[str], bytes]) -> None:
        """Keep the result for each repository under its name in the cache, if the cache lacks it."""
        new = {kept: name for name, kept in names.items() if self._cache.read(kept) is None}
        self._cache.fill(dict(sorted(new.items(), key=lambda one: -self._size(one[1]))), make)

    def _read_list(self) -> _List | None:
        """The results of an earlier build, if the cache has all of them."""
        known = self._cache.read(self._list)
        found = _LIST.decode(known) if known else None
        is_whole = found and all(self._cache.read(name) is not None for name in found.bases.values())
        return found if is_whole else None

    def _find(self, _: str) -> bytes:
        sizes = (len(self._cache.read(outline) or b"") for outline in self._outlines.values())
        is_small = sum(sizes) <= _MAX_IN_MEMORY
        outlines = {name: self._outline(name) for name in self._outlines} if is_small else {}
        parts = find_bases(self._outlines, outlines.__getitem__ if is_small else self._outline)
        tags = {name: sorted(of) for name, of in sorted(named_tags(parts.values()).items())}
        self._cache.write(self._tags, msgspec.msgpack.encode(tags))
        return msgspec.msgpack.encode(parts)

    def _folds(self) -> dict[str, str]:
        """Repository with tags that are bases → the name of their releases in the cache."""
        tags = _TAGS.decode(must_read(self._cache, self._tags))
        return {
            name: sha256(" ".join((self._variant, self._outlines[name], *named)).encode()).hexdigest()
            for name, named in tags.items()
        }

    def _fold(self, name: str) -> bytes:
        tags = _TAGS.decode(must_read(self._cache, self._tags))[name]
        return msgspec.msgpack.encode(self._tag_releases(name, tags))

    def _tag_releases(self, name: str, tags: Collection[str]) -> dict[str, TagReleases]:
        holdings = self._archive.load_tags(parse_repository(name), tags)
        return tag_releases(holdings, tags, names_packages=self._names_packages)

    def _complete(self, _: str) -> bytes:
        folds = self._folds()
        known = {name: _RELEASES.decode(must_read(self._cache, fold)) for name, fold in folds.items()}
        parts = _PARTS.decode(must_read(self._cache, self._found))
        bases = {name: keep_part(encode_bases(with_releases(part, known)), self._cache) for name, part in parts.items()}
        return msgspec.msgpack.encode(_List(bases=bases, folds=[*folds.values()]))

    @property
    def _make_outline(self) -> Callable[[str], bytes]:
        return partial(_encoded_outline, self._archive)

    def _size(self, name: str) -> int:
        return self._archive.size(parse_repository(name))

    def _outline(self, name: str) -> Outline:
        return _OUTLINE.decode(self._cache.read(self._outlines[name]) or self._make_outline(name))


def _encoded_outline(archive: Archive, name: str) -> bytes:
    return msgspec.msgpack.encode(outline_of(archive.load_contents(parse_repository(name))))
