"""Compares the package lists of two images, by source package.

Scanners differ in what they see. Lists of one scanner are compared as they are. Of lists of different scanners only the
packages of operating systems are, and only of a type that both lists have. A list without packages is not compared: a
scan that was cut short looks the same.

No order of versions is known here. So a package changed; it was not upgraded.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import NamedTuple

import msgspec

from collector.diff.changes import Moved, SourceChange
from collector.model.digests import Digest
from collector.model.packages import DATABASES, ImagePackages, Package

PackagesOf = Callable[[Digest], ImagePackages | None]
"""The packages of the image with an Image ID; None if they are not known."""

_RPM_EPOCH = re.compile(r"\A[0-9]+:")
_ORDER = {"changed": 0, "added": 1, "removed": 2}


class PackagesDifference(msgspec.Struct, frozen=True, kw_only=True):
    """The differences between two lists."""

    changes: tuple[SourceChange, ...]
    """Changed sources first, then added and removed ones, each by type and name."""
    kept: int
    """Packages that both lists have in the same version."""


_Name = tuple[str, str]
"""The type and the name of a package, or of its source."""
_Key = tuple[str, str, str]
"""These of a package, and its version."""


class _Sides(NamedTuple):
    """The versions of a package that only one of the lists has."""

    before: set[str]
    after: set[str]


def no_packages(_: Digest) -> None:
    """The packages of no image are known."""


def compare_packages(before: ImagePackages | None, after: ImagePackages | None) -> PackagesDifference | None:
    """The differences between the packages of two images; None if they cannot be compared."""
    if before is None or after is None:
        return None
    if before.packages.id == after.packages.id and before.inventory.by == after.inventory.by:
        count = len(before.packages.packages)
        return PackagesDifference(changes=(), kept=count) if count else None
    old, new = _comparable(before, after)
    if not old or not new:
        return None
    before_keys, after_keys = ({package[:3] for package in side} for side in (old, new))
    changed = _only_in_one(before_keys, after_keys)
    same = set(new)
    sources = _sources((*(package for package in old if package not in same), *new))
    by_source: dict[_Name, list[_Name]] = defaultdict(list)
    for name in changed:
        by_source[sources[name]].append(name)
    versions = [_versions_of_sources(side, sources, by_source) for side in (old, new)]
    changes = [
        _source_change(source, {name[1]: changed[name] for name in sorted(names)}, *versions)
        for source, names in by_source.items()
    ]
    return PackagesDifference(
        changes=tuple(sorted(changes, key=lambda change: (_ORDER[change.kind], change.type, change.name))),
        kept=len(before_keys & after_keys),
    )


def _comparable(before: ImagePackages, after: ImagePackages) -> tuple[tuple[Package, ...], tuple[Package, ...]]:
    """The packages of both lists that can be compared."""
    old, new = before.packages, after.packages
    if before.inventory.by == after.inventory.by:
        return old.packages, new.packages
    types = DATABASES & set(old.types) & set(new.types)
    return tuple(_of_types(old.packages, types)), tuple(_of_types(new.packages, types))


def _of_types(packages: Iterable[Package], types: frozenset[str]) -> Iterator[Package]:
    """Without the epoch of an rpm's version, which only some scanners write."""
    for package in packages:
        if package.type == "rpm" and package.type in types:
            yield package._replace(version=_RPM_EPOCH.sub("", package.version))
        elif package.type in types:
            yield package


def _sources(packages: Iterable[Package]) -> dict[_Name, _Name]:
    """The source of each package, from whichever list names one."""
    found: dict[_Name, _Name] = {}
    for package in packages:
        package_type, name, _, source, *_ = package
        if source:
            found[package_type, name] = package_type, source
        elif (package_type, name) not in found:
            found[package_type, name] = package_type, package.source_name
    return found


def _only_in_one(before: AbstractSet[_Key], after: AbstractSet[_Key]) -> Mapping[_Name, _Sides]:
    """The versions that one list has and the other has not, by package."""
    found: dict[_Name, _Sides] = defaultdict(lambda: _Sides(set(), set()))
    for key in before - after:
        found[key[:2]].before.add(key[2])
    for key in after - before:
        found[key[:2]].after.add(key[2])
    return found


def _versions_of_sources(
    packages: Iterable[Package], sources: Mapping[_Name, _Name], wanted: Container[_Name]
) -> Mapping[_Name, set[str]]:
    """The versions of the wanted sources."""
    found: dict[_Name, set[str]] = defaultdict(set)
    for package in packages:
        source = sources[package[:2]]
        if source in wanted:
            found[source].add(package.version_of_source)
    return found


def _source_change(
    source: _Name, packages: Mapping[str, _Sides], old: Mapping[_Name, set[str]], new: Mapping[_Name, set[str]]
) -> SourceChange:
    """`packages`: those of the source that differ. `old`, `new`: the versions of all sources."""
    before, after = old.get(source, set()), new.get(source, set())
    if before == after and all(sides.before and sides.after for sides in packages.values()):
        # Debian builds a source again as 4.4-4+b1: only its packages have another version.
        before = set().union(*(sides.before for sides in packages.values()))
        after = set().union(*(sides.after for sides in packages.values()))
    return SourceChange(
        kind="added" if source not in old else "changed" if source in new else "removed",
        type=source[0],
        name=source[1],
        before=_joined(before),
        after=_joined(after),
        packages=tuple(Moved(name, _joined(sides.before), _joined(sides.after)) for name, sides in packages.items()),
    )


def _joined(versions: AbstractSet[str]) -> str:
    return ", ".join(sorted(versions) if len(versions) > 1 else versions)
