"""The package lists of a repository: each is written as the difference to a near one, and rebuilt from it."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping

from collector.archive.facts.package_list import PackagesFact
from collector.archive.package_differences import apply, difference
from collector.model.packages import MAX_PACKAGES, Package, PackageList, package_list

MAX_DEPTH = 24
"""The largest number of differences between a list and the whole one that it rests on."""

_CANDIDATES = 64
"""The number of lists, the last ones written, that a new one is compared with."""
_CANDIDATE_PACKAGES = 200_000
"""The number of packages in all of them; usual lists have some hundreds, the largest 20,000."""


class PackageLists:
    """The lists of one repository. Requested lists stay in memory, and share their packages."""

    def __init__(self, facts: Mapping[str, PackagesFact]) -> None:
        self._facts = facts
        self._lists: dict[str, PackageList] = {}
        self._packages: dict[Package, Package] = {}
        """Each package once."""

    def get(self, name: str) -> PackageList | None:
        """The list with an id; None if it, or one that it rests on, is missing or damaged."""
        known = self._lists.get(name)
        if known is None and self.is_readable(name):
            known = self._rebuild(self._facts[name])
            if known is not None:
                self._lists[name] = known
        return known

    def depth(self, name: str) -> int | None:
        """The number of differences between a list and a whole one; counts no further than one too many.

        None if a list is missing.
        """
        fact, depth = self._facts.get(name), 0
        while fact is not None and fact.on is not None and depth <= MAX_DEPTH:
            fact, depth = self._facts.get(fact.on), depth + 1
        return None if fact is None else depth

    def is_readable(self, name: str) -> bool:
        """Whether every list that a list rests on is here, and there are not too many."""
        depth = self.depth(name)
        return depth is not None and depth <= MAX_DEPTH

    def _rebuild(self, fact: PackagesFact) -> PackageList | None:
        """The list of a fact, if its hash is right."""
        base = self.get(fact.on) if fact.on is not None else None
        if (base is None and fact.on is not None) or fact.added > MAX_PACKAGES:
            return None
        once = self._packages
        kept, others = apply(fact, base.packages if base else ())
        found = package_list([*kept, *(once.setdefault(package, package) for package in others)])
        return found if found.id == fact.id and len(found.packages) <= MAX_PACKAGES else None


class PackageListEncoder:
    """Encodes a new list as its difference from the most similar recent one."""

    def __init__(self, facts: Mapping[str, PackagesFact], lists: PackageLists) -> None:
        self._lists = lists
        self._places: dict[Package, int] = {}
        """Each package's bit in the sets below."""
        self._recent: deque[tuple[PackageList, int]] = deque(maxlen=_CANDIDATES)
        """Each candidate with the set of its packages, as the bits of a number, which makes comparisons fast."""
        for name in list(facts)[-_CANDIDATES:]:
            known = lists.get(name)
            if known is not None:
                self._remember(known, self._bits(known))
        self._lost = {fact.on for fact in facts.values()} - facts.keys()
        """Damaged lists that others rest on. They are written again whole, so that chains stay short."""

    def encode(self, new: PackageList) -> PackagesFact:
        """The fact of a list that the repository does not have; later lists may rest on it."""
        packages = self._bits(new)
        near = None if new.id in self._lost else self._nearest(new, packages)
        self._remember(new, packages)
        return difference(new, near)

    def _bits(self, packages: PackageList) -> int:
        bits = bytearray((len(self._places) + len(packages.packages)) // 8 + 1)
        for package in packages.packages:
            place = self._places.setdefault(package, len(self._places))
            bits[place >> 3] |= 1 << (place & 7)
        return int.from_bytes(bits, "little")

    def _remember(self, new: PackageList, packages: int) -> None:
        self._recent.append((new, packages))
        while sum(len(one.packages) for one, _ in self._recent) > _CANDIDATE_PACKAGES:
            self._recent.popleft()

    def _nearest(self, new: PackageList, packages: int) -> PackageList | None:
        """The most similar list; None if none shares a package with the new one."""
        best, least = None, len(new.packages)
        for near, others in reversed(self._recent):
            size = (packages ^ others).bit_count()
            if size < least and (self._lists.depth(near.id) or 0) < MAX_DEPTH:
                best, least = near, size
        return best
