"""The index of packages of a published site: from a package to the images whose tags had it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from collector.errors import UntrustedAnswer
from collector.lookup.package_uses import PackageQuery
from collector.pages.package_index import SCRIPT, NamesShard, NameVersions, UsesShard
from collector.published.site_files import SiteFiles

_SCRIPT = re.compile(rb"NAMES = ([0-3]);\s.*USES = ([0-3]);", re.DOTALL)


class _Digits(NamedTuple):
    """The digits in the names of files: they depend on the size of the site. 0: it has no packages."""

    names: int
    uses: int


class PackageIndex:
    """Finds the images that have, or had, a package."""

    def __init__(self, files: SiteFiles) -> None:
        self._files = files

    def images(self, query: PackageQuery) -> frozenset[str] | None:
        """The images that may have it; None if the index does not name them all.

        Raises:
            RegistryError: the site does not answer, or its files are malformed.
        """
        known = self._versions_of(query) if self._digits.names else {}
        if any(one.older for one in known.values()):
            return None
        images: set[str] = set()
        for key in {key for versions in known.values() for key in _matching(versions, query)}:
            path = self._files.hashed_path("api/v1/packages/uses", key, self._digits.uses)
            uses = self._files.need(path, UsesShard).get(key)
            if uses is None:
                raise self._files.fault(path, f"has no {key}")
            if uses.more:
                return None
            images.update(use.image for use in uses.images)
        return frozenset(images)

    def _versions_of(self, query: PackageQuery) -> dict[str, NameVersions]:
        """Source package, as `deb/openssl` → the versions of the name in it."""
        found: dict[str, NameVersions] = {}
        # A package of another architecture than its image's is found by its name alone: `libc6` of `libc6:i386`.
        for name in dict.fromkeys((query.name, query.name.partition(":")[0])):
            path = self._files.hashed_path("api/v1/packages/names", name, self._digits.names)
            found |= self._files.need(path, NamesShard).get(name, {})
        return {source: one for source, one in found.items() if query.type in ("", source.partition("/")[0])}

    @cached_property
    def _digits(self) -> _Digits:
        match = _SCRIPT.search(self._files.raw(SCRIPT) or b"")
        if match is None:
            hint = "ask its publisher to build it again, or use the version that built it"
            raise UntrustedAnswer(f"{self._files.address}{SCRIPT}: of another version of repo-info", hint=hint)
        return _Digits(int(match[1]), int(match[2]))


def _matching(known: NameVersions, query: PackageQuery) -> Iterator[str]:
    """The keys of the uses that the query may mean."""
    for own, key, *more in known.versions:
        if query.version in ("", own, *more[:1]):
            yield str(key)
