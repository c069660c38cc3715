"""Reads the package lists of a repository."""

from __future__ import annotations

from itertools import chain
from typing import NamedTuple

from collector.archive.facts.package_list import PackagesFact
from collector.archive.package_differences import apply
from collector.model.packages import MAX_PACKAGES, PackageList, package_list
from collector.pages.addresses import package_lists_path
from collector.pages.objects.package_lists import PackageListChunk
from collector.pages.objects.shapes import PLACES
from collector.published.site_files import SiteFiles


class PublishedList(NamedTuple):
    """A list, and the scanner that made it."""

    packages: PackageList
    by: str


class PublishedLists:
    """The numbered package lists of one repository."""

    def __init__(self, files: SiteFiles, image_address: str) -> None:
        self._files = files
        self._address = image_address
        self._lists: dict[int, PublishedList] = {}

    def get(self, number: int) -> PublishedList:
        """The list of this number.

        Raises:
            UntrustedAnswer: there is none, or it is malformed.
        """
        if number not in self._lists:
            self._lists[number] = self._read(number)
        return self._lists[number]

    def _read(self, number: int) -> PublishedList:
        path = self._files.data_path(package_lists_path(self._address, number // PLACES))
        place = number % PLACES
        chunk = self._files.get(path, PackageListChunk) if number >= 0 else None
        if chunk is None or place >= len(chunk.lists):
            raise self._files.fault(path, f"package list {number} does not exist")
        said = chunk.lists[place]
        # One before it in the same file, so that a chain ends.
        if said.on is not None and not 0 <= said.on < place:
            raise self._files.fault(path, f"package list {number} differs from one that is not before it")
        old = self.get(number - place + said.on).packages.packages if said.on is not None else ()
        fact = PackagesFact(id="", remove=said.remove, update=said.update, add=said.add)
        if fact.added + len(old) > MAX_PACKAGES:
            raise self._files.fault(path, f"package list {number} has more than {MAX_PACKAGES} packages")
        return PublishedList(package_list(chain(*apply(fact, old))), said.by)
