"""A list of packages, whole or as the difference to another list."""

from __future__ import annotations

from typing import ClassVar, NamedTuple

from collector.archive.facts.fact import ObjectFact, TextId
from collector.model.packages import LicenceText, NameText, SourceText, TypeText, VersionText


class AddedPackages(NamedTuple):
    """Packages that have all in common but their names, as those that are made of one source."""

    type: TypeText
    version: VersionText
    source: SourceText
    source_version: VersionText
    licence: LicenceText
    names: tuple[NameText, ...]


class UpdatedPackages(NamedTuple):
    """Packages that have another version, and are otherwise what they were."""

    type: TypeText
    version: VersionText
    source_version: VersionText
    names: tuple[NameText, ...]


class RemovedPackages(NamedTuple):
    """Packages that are gone."""

    type: TypeText
    version: VersionText
    names: tuple[NameText, ...]


class PackagesFact(ObjectFact, frozen=True, kw_only=True, tag="packages"):
    """The packages of images that have the same ones. A scanner finds nearly the same in most builds of an image."""

    table = "packages"
    since: ClassVar[int] = 2
    id: TextId
    """The hash of the whole list's canonical text."""
    on: TextId | None = None
    """The list that this one differs from; None: the list is whole."""
    remove: tuple[RemovedPackages, ...] = ()
    update: tuple[UpdatedPackages, ...] = ()
    add: tuple[AddedPackages, ...] = ()

    @property
    def added(self) -> int:
        """The number of packages in `add`."""
        return sum(len(row.names) for row in self.add)

    @property
    def name(self) -> str:
        return self.id
