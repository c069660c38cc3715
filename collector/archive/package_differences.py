"""Computes the difference between two lists of packages, as rows of a fact, and applies it again."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from operator import itemgetter

from collector.archive.facts.package_list import AddedPackages, PackagesFact, RemovedPackages, UpdatedPackages
from collector.model.packages import Package, PackageList

_Name = tuple[str, str]
"""The type and the name of a package."""

_NAME: Callable[[Package], _Name] = itemgetter(0, 1)
_KEY: Callable[[Package], tuple[str, str, str]] = itemgetter(0, 1, 2)
"""Equal to a `PackageKey`, and made in half the time: a large image has a thousand packages."""


def difference(new: PackageList, on: PackageList | None = None) -> PackagesFact:
    """The fact of a list: the packages that `on` lacks, and those that are gone; all packages without `on`."""
    before = frozenset(on.packages) if on else frozenset()
    after = frozenset(new.packages)
    changed = [package for package in new.packages if package not in before]
    lost = before - after
    updates = dict(_iter_updates(changed, lost, new.packages, on.packages if on else ()))
    kept = {*map(_KEY, changed), *map(_KEY, updates.values())}
    return PackagesFact(
        id=new.id,
        on=on.id if on else None,
        remove=tuple(_iter_removed(_KEY(package) for package in lost if _KEY(package) not in kept)),
        update=tuple(_iter_updated(updates)),
        add=tuple(_iter_added(package for package in changed if package not in updates)),
    )


def _iter_updates(
    changed: Iterable[Package], lost: Iterable[Package], after: Sequence[Package], before: Sequence[Package]
) -> Iterator[tuple[Package, Package]]:
    """Pairs of a new and an old package that differ only in version, if neither list has the name more than once."""
    old = {_NAME(package): package for package in lost}
    several = _several(after) | _several(before)
    for package in changed:
        name = _NAME(package)
        if name in old and name not in several and _is_update(old[name], package):
            yield package, old[name]


def _several(packages: Sequence[Package]) -> AbstractSet[_Name]:
    """The names that a list has in several versions; usually none."""
    names = [*map(_NAME, packages)]
    return set() if len(set(names)) == len(names) else {name for name, count in Counter(names).items() if count > 1}


def apply(fact: PackagesFact, old: Sequence[Package]) -> tuple[list[Package], list[Package]]:
    """The packages of a fact's list, in no order: those that `old` has too, and the others."""
    removed = {(row.type, name, row.version) for row in fact.remove for name in row.names}
    updated = {(row.type, name): row for row in fact.update for name in row.names}
    added = [package for row in fact.add for package in _packages_of(row)]
    removed.update(map(_KEY, added))
    touched = {*updated, *(key[:2] for key in removed)}
    kept: list[Package] = []
    for package in old:
        if _NAME(package) not in touched:  # nearly all
            kept.append(package)
        elif _KEY(package) not in removed:
            row = updated.get(_NAME(package))
            if row is None:
                kept.append(package)
            else:
                added.append(package._replace(version=row.version, source_version=row.source_version))
    return kept, added


def _is_update(old: Package, new: Package) -> bool:
    return old._replace(version=new.version, source_version=new.source_version) == new


def _iter_removed(keys: Iterable[tuple[str, str, str]]) -> Iterator[RemovedPackages]:
    names: dict[tuple[str, str], list[str]] = defaultdict(list)
    for type_, name, version in sorted(keys):
        names[type_, version].append(name)
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
