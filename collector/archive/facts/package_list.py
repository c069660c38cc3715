"""A list of packages, whole or as the difference to another list."""

from __future__ import annotations

from typing import Any, ClassVar

from collector.archive.facts.fact import ObjectFact, TextId
from collector.model.packages import Package, PackageKey


class PackagesFact(ObjectFact, frozen=True, kw_only=True, tag="packages"):
    """The packages of images that have the same ones. A scanner finds nearly the same in most builds of an image."""

    table = "packages"
    since: ClassVar[int] = 2
    id: TextId
    """The hash of the whole list's canonical text."""
    on: TextId | None = None
    """The list that this one differs from; None: the list is whole."""
    add: tuple[Package, ...] = ()
    remove: tuple[PackageKey, ...] = ()

    @property
    def name(self) -> str:
        return self.id

    def enter(self, tables: Any) -> None:
        once: dict[Package, Package] = tables.known_packages
        shared = tuple(once.setdefault(package, package) for package in self.add)
        tables.packages[self.id] = PackagesFact(id=self.id, on=self.on, add=shared, remove=self.remove)
