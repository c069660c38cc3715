"""Inventories: the packages of an image, with the source of the list."""

from __future__ import annotations

from typing import ClassVar, Protocol

from collector.archive.facts.fact import BaseFact, DigestText, Size, TextId, TimeText
from collector.model.packages import Inventory, TypeText
from collector.model.times import Time


class InventoryFact(BaseFact, frozen=True, kw_only=True, tag="inventory"):
    """A page, or a scanner in an attestation, says that the image with this config has these packages."""

    since: ClassVar[int] = 2
    """The first format with this kind."""
    config: DigestText
    packages: TextId
    by: str
    time: TimeText
    statement: DigestText | None = None
    system: str = ""
    types: tuple[TypeText, ...] = ()
    left_out: Size = 0

    @property
    def key(self) -> tuple[str, ...]:
        return ("InventoryFact", self.config, self.packages, self.by)

    @property
    def said_at(self) -> Time | None:
        return self.time

    @property
    def value(self) -> Inventory:
        return Inventory(
            config=self.config,
            packages=self.packages,
            by=self.by,
            time=self.time,
            statement=self.statement,
            system=self.system,
            types=self.types,
            left_out=self.left_out,
        )

    def enter(self, tables: _Tables) -> None:
        tables.inventories.setdefault(self.config, []).append(self.value)

    def is_known(self, tables: _Tables) -> bool:
        """Whether the same source gave the same list for the image before, at whatever time."""
        return any(
            known.packages == self.packages and known.by == self.by for known in tables.inventories.get(self.config, ())
        )


class _Tables(Protocol):
    """The table of these facts."""

    inventories: dict[str, list[Inventory]]
    """The digest of a config → its inventories."""
