"""The names of all facts of one repository, which suffice to find missing facts and duplicates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Hashable

from collector.archive.facts import Fact, ObservationFact, PackagesFact
from collector.archive.facts.fact import ObjectFact
from collector.archive.package_lists import PackageLists


class FactNames:
    """Takes a fifth of the memory of `Holdings`. Only package lists are kept whole, because others rest on them."""

    def __init__(self) -> None:
        self._hashes: dict[str, dict[Hashable, int]] = defaultdict(dict)
        """Table or kind → name → hash of the line."""
        self.dates: set[tuple[str, str]] = set()
        """Tag and time of each observation that has dates of layers."""
        self.packages: dict[str, PackagesFact] = {}
        self.package_lists = PackageLists(self.packages)

    def of(self, table: str) -> Container[Hashable]:
        """The names in a table of objects, now and later; the tables are those of `FactTables`."""
        return self._hashes[table]

    def enter(self, fact: Fact, line: bytes) -> bool | None:
        """Add the name of a fact. If the name is there already, returns whether the earlier line is the same."""
        name: Hashable
        if isinstance(fact, ObjectFact):
            hashes, name = self._hashes[fact.table], fact.name
        else:
            hashes, name = self._hashes[type(fact).__name__], fact.key
        first = hashes.get(name)
        if first is not None:
            return first == hash(line)
        hashes[name] = hash(line)
        if isinstance(fact, PackagesFact):
            self.packages[fact.id] = fact
        elif isinstance(fact, ObservationFact) and (fact.dates is not None or fact.dates_as is not None):
            self.dates.add((fact.tag, fact.time))
        return None
