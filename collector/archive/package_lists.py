"""Package lists from their differences, and back: a list is written as what it adds to a near one, and removes."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping

from collector.archive.facts.package_list import PackagesFact
from collector.model.packages import Package, PackageKey, PackageList, list_id

MAX_DEPTH = 24
"""Differences between a list and the whole one that it rests on."""

_CANDIDATES = 64
"""Lists that a new one is compared with: those that were written last."""


class PackageLists:
    """The lists of one repository. One that was asked for stays in memory; lists share their packages."""

    def __init__(self, facts: Mapping[str, PackagesFact]) -> None:
        self._facts = facts
        self._lists: dict[str, PackageList] = {}

    def get(self, name: str) -> PackageList | None:
        """The list with an id; None if it, or one that it rests on, is missing or damaged."""
        known = self._lists.get(name)
        if known is None and self.is_readable(name):
            packages = self._rebuild(self._facts[name])
            if packages is not None and list_id(packages) == name:
                known = self._lists[name] = PackageList(id=name, packages=packages)
        return known

    def depth(self, name: str) -> int | None:
        """How many differences lie between a list and a whole one, up to one too many; None if a list is missing."""
        fact, depth = self._facts.get(name), 0
        while fact is not None and fact.on is not None and depth <= MAX_DEPTH:
            fact, depth = self._facts.get(fact.on), depth + 1
        return None if fact is None else depth

    def is_readable(self, name: str) -> bool:
        """Whether all that a list rests on is here, and not too much."""
        depth = self.depth(name)
        return depth is not None and depth <= MAX_DEPTH

    def _rebuild(self, fact: PackagesFact) -> tuple[Package, ...] | None:
        packages: dict[PackageKey, Package] = {}
        if fact.on is not None:
            base = self.get(fact.on)
            if base is None:
                return None
            packages = {package.key: package for package in base.packages}
        for key in fact.remove:
            packages.pop(key, None)
        packages.update((package.key, package) for package in fact.add)
        return tuple(sorted(packages.values()))


class PackageListEncoder:
    """Finds for a new list the recent one that it differs least from."""

    def __init__(self, facts: Mapping[str, PackagesFact], lists: PackageLists) -> None:
        self._lists = lists
        self._recent: deque[tuple[str, frozenset[Package]]] = deque(maxlen=_CANDIDATES)
        for name in list(facts)[-_CANDIDATES:]:
            known = lists.get(name)
            if known is not None:
                self._recent.append((name, frozenset(known.packages)))
        self._lost = {fact.on for fact in facts.values()} - facts.keys()
        """Lists that others rest on and that a fault took away: these come back whole, so that no chain is too long."""

    def encode(self, new: PackageList) -> PackagesFact:
        """The fact of a list that the repository does not have; later lists may rest on it."""
        packages = frozenset(new.packages)
        near = None if new.id in self._lost else self._nearest(packages)
        self._recent.append((new.id, packages))
        if near is None:
            return PackagesFact(id=new.id, add=new.packages)
        name, base = near
        added = packages - base
        replaced = {package.key for package in added}
        removed = {package.key for package in base - packages} - replaced
        return PackagesFact(id=new.id, on=name, add=tuple(sorted(added)), remove=tuple(sorted(removed)))

    def _nearest(self, packages: frozenset[Package]) -> tuple[str, frozenset[Package]] | None:
        """The nearest list; None if a whole list is no longer than the difference."""
        best, least = None, len(packages)
        for name, near in reversed(self._recent):
            if abs(len(packages) - len(near)) >= least:
                continue
            size = len(packages ^ near)
            if size < least and (self._lists.depth(name) or 0) < MAX_DEPTH:
                best, least = (name, near), size
        return best
