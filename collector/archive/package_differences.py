"""The difference between two lists of packages, as rows of a fact, and a list from another one and its difference."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from collector.archive.facts.package_list import AddedPackages, PackagesFact, RemovedPackages, UpdatedPackages
from collector.model.packages import Package, PackageKey, PackageList

_Name = tuple[str, str]
"""Type and name."""


def difference(new: PackageList, on: PackageList | None = None) -> PackagesFact:
    """The fact of a list: what it has that `on` has not, and what is gone; all of it without `on`."""
    old = {package.key: package for package in on.packages} if on else {}
    changed = [package for package in new.packages if old.get(package.key) != package]
    before = _single(old.values())
    after = _single(new.packages)
    updated = [package for package in changed if package[:2] in after and _is_update(before.get(package[:2]), package)]
    replaced = {before[package[:2]].key for package in updated}
    gone = old.keys() - {package.key for package in new.packages} - replaced
    return PackagesFact(
        id=new.id,
        on=on.id if on else None,
        remove=tuple(_iter_removed(gone)),
        update=tuple(_iter_updated(updated)),
        add=tuple(_iter_added(package for package in changed if package not in set(updated))),
    )


def apply(fact: PackagesFact, old: Sequence[Package]) -> Iterator[Package]:
    """The packages of a fact's list, in no order. `old`: those of the list that it differs from."""
    removed = {PackageKey(row.type, name, row.version) for row in fact.remove for name in row.names}
    updated = {(row.type, name): row for row in fact.update for name in row.names}
    added = [package for row in fact.add for package in _packages_of(row)]
    removed |= {package.key for package in added}
    for package in old:
        row = updated.get(package[:2])
        if package.key in removed:
            continue
        yield package._replace(version=row.version, source_version=row.source_version) if row else package
    yield from added


def _single(packages: Iterable[Package]) -> Mapping[_Name, Package]:
    """The packages whose name is there in one version only, by type and name."""
    packages = list(packages)
    counts = Counter(package[:2] for package in packages)
    return {package[:2]: package for package in packages if counts[package[:2]] == 1}


def _is_update(old: Package | None, new: Package) -> bool:
    return old is not None and old._replace(version=new.version, source_version=new.source_version) == new


def _iter_removed(keys: Iterable[PackageKey]) -> Iterator[RemovedPackages]:
    names: dict[tuple[str, str], list[str]] = defaultdict(list)
    for key in sorted(keys):
        names[key.type, key.version].append(key.name)
    for head in sorted(names):
        yield RemovedPackages(*head, tuple(names[head]))


def _iter_updated(packages: Iterable[Package]) -> Iterator[UpdatedPackages]:
    names: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for package in packages:
        names[package.type, package.version, package.source_version].append(package.name)
    for head in sorted(names):
        yield UpdatedPackages(*head, tuple(names[head]))


def _iter_added(packages: Iterable[Package]) -> Iterator[AddedPackages]:
    names: dict[tuple[str, str, str, str, str], list[str]] = defaultdict(list)
    for package in packages:
        source = package.source or package.name
        names[package.type, package.version, source, package.source_version, package.licence].append(package.name)
    for head in sorted(names):
        row = AddedPackages(*head, tuple(names[head]))
        yield row._replace(source="") if row.names == (row.source,) else row


def _packages_of(row: AddedPackages) -> Iterator[Package]:
    for name in row.names:
        source = "" if row.source == name else row.source
        yield Package(row.type, name, row.version, source, row.source_version, row.licence)
