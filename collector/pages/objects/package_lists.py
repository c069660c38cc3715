"""The published package lists, by number: of a repository's images, each list once.

A file is read alone: it begins with a whole list, and each other list is written as the difference to one before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from collector.archive.facts.package_list import AddedPackages, PackagesFact, RemovedPackages, UpdatedPackages
from collector.archive.holdings import Holdings
from collector.archive.package_differences import difference
from collector.model.digests import Digest
from collector.pages.objects.shapes import PLACES, ScanObject

_FULL = 48_000
"""The bytes of lists with which a file is full; twice its first list if that is more."""


class PackageListObject(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The packages of images that have the same ones, by one scanner; rows as in the archive."""

    by: str
    """Who names them: `page` (of repo-info's `local/` folder), `docker-scout 1.18.1`, `syft 1.18.1`."""
    on: int | None = None
    """The place in this file of the list that it differs from; left out: it is whole."""
    remove: tuple[RemovedPackages, ...] = ()
    update: tuple[UpdatedPackages, ...] = ()
    add: tuple[AddedPackages, ...] = ()


class PackageListChunk(msgspec.Struct, frozen=True, kw_only=True):
    """One file of package lists. Only a file that is not full gets more lists."""

    lists: tuple[PackageListObject, ...]


class _File:
    """The lists of one file."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.lists: list[PackageListObject] = []
        self.ids: list[str] = []
        self.next: _File | None = None
        """The file that was begun because this one was full."""
        self._size = 0
        self._first = 0

    def append(self, name: str, encoded: PackageListObject) -> int | None:
        """Append a list; returns its number, or None if there is no room."""
        size = len(msgspec.json.encode(encoded))
        if self.lists and (len(self.lists) == PLACES or self._size + size > max(_FULL, 2 * self._first)):
            return None
        self._first = self._first or size
        self._size += size
        self.lists.append(encoded)
        self.ids.append(name)
        return self.number * PLACES + len(self.lists) - 1


class PackageListStore:
    """The package lists of one repository's images, numbered in the order in which the archive learned them."""

    def __init__(self, holdings: Holdings, configs: Iterable[Digest]) -> None:
        """`configs`: the Image IDs whose lists are published."""
        self._holdings = holdings
        self._files: list[_File] = []
        self._file_of: dict[str, _File] = {}
        """The file of each list, by its id."""
        self._numbers: dict[Digest, int] = {}
        self._scans: dict[Digest, ScanObject] = {}
        self._fill(configs)

    def number(self, config: Digest) -> int | None:
        """The number of an image's list; None if its packages are not known."""
        return self._numbers.get(config)

    def scan(self, config: Digest) -> ScanObject | None:
        """The scan of an image; None if its packages are not known."""
        return self._scans.get(config)

    def iter_files(self) -> Iterator[bytes]:
        """The content of each file, sorted by number."""
        for file in self._files:
            yield msgspec.json.encode(PackageListChunk(lists=tuple(file.lists)))

    def _fill(self, configs: Iterable[Digest]) -> None:
        order = {name: place for place, name in enumerate(self._holdings.packages)}
        found = [known.inventory for config in configs if (known := self._holdings.image_packages(config))]
        numbers: dict[tuple[str, str], int] = {}
        for inventory in sorted(found, key=lambda one: (order[one.packages], one.by)):
            key = inventory.packages, inventory.by
            if key not in numbers:
                numbers[key] = self._add(*key)
            self._numbers[inventory.config] = numbers[key]
            self._scans[inventory.config] = ScanObject(
                time=inventory.time,
                statement=inventory.statement,
                system=inventory.system,
                left_out=inventory.left_out,
            )

    def _add(self, name: str, by: str) -> int:
        near = self._near(name)
        if near:
            file, place = near
            number = file.append(name, self._encode(name, by, on=file.ids[place], place=place))
            if number is not None:
                self._file_of.setdefault(name, file)
                return number
        begun = _File(len(self._files))
        self._files.append(begun)
        if near:
            near[0].next = begun
        self._file_of[name] = begun
        number = begun.append(name, self._encode(name, by))
        assert number is not None  # a new file has room
        return number

    def _near(self, name: str) -> tuple[_File, int] | None:
        """The file and the place of a list that this one differs little from, as the archive has found."""
        facts = self._holdings.packages
        known: str | None = name
        while known is not None and known not in self._file_of:
            known = facts[known].on
        if known is None:
            return None
        file = self._file_of[known]
        if file.next is None:
            return file, file.ids.index(known)
        while file.next is not None:
            file = file.next
        return file, 0

    def _encode(self, name: str, by: str, *, on: str | None = None, place: int | None = None) -> PackageListObject:
        rows = self._rows(name, on)
        return PackageListObject(by=by, on=place, remove=rows.remove, update=rows.update, add=rows.add)

    def _rows(self, name: str, on: str | None) -> PackagesFact:
        """The difference between two lists: the one that the archive has, if it is this one."""
        fact = self._holdings.packages[name]
        if fact.on == on:
            return fact
        lists = self._holdings.package_lists
        new, old = lists.get(name), lists.get(on) if on is not None else None
        assert new is not None  # the list of an image is readable
        return difference(new, old)
