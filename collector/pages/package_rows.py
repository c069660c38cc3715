"""Package lists as pages show them: packages by source, licences in a line."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from collector.model.digests import Digest
from collector.model.licences import spdx_id
from collector.model.packages import BETWEEN_LICENCES, BY_PAGE, DATABASES, ImagePackages, Package
from collector.model.times import Time

MAX_LICENCES = 8
"""The number of licences in one line: those of most packages."""


class LicenceCount(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A licence, and how many packages name it."""

    licence: str
    """In the packages' own words."""
    spdx: str = ""
    """The SPDX identifier, if these words as a whole mean one."""
    packages: int


class PackagesSummary(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The packages on a platform's page."""

    packages: int
    sources: int
    """Source packages; those of languages are counted by their own names."""
    types: tuple[str, ...]
    by: str
    """The source of the list: `page` (of repo-info's `local/` folder), `docker-scout 1.18.1`, `syft 1.18.1`."""
    time: Time
    """The time at which the list was read."""
    statement: Digest | None = None
    """The blob of the attestation."""
    system: str = ""
    """The system that the scanner names: `debian 12`."""
    left_out: int = 0
    """Entries of the scanner that cannot be a package, or are too long."""
    licences: tuple[LicenceCount, ...] = ()
    """The most frequent."""
    more_licences: int = 0
    list: str | None = None
    """The address of the page of the list; editions have none."""


class SourceRow(NamedTuple):
    """Installed packages of one source package in one version, as the page of a list shows them."""

    type: str
    name: str
    """The name of the source; that of the package itself if its source is not known."""
    version: str
    installed_version: str
    """That of the installed packages, if it is another."""
    packages: tuple[str, ...]
    """The installed packages; empty if the only one has the name of the source."""
    licence: str
    """In the packages' own words. Of Debian packages the terms are separated by `; `, without saying and or or."""
    spdx: str
    """The SPDX identifier, if these words as a whole mean one."""


def summarize_packages(known: ImagePackages, address: str | None) -> PackagesSummary:
    """`address`: of the page of the list."""
    inventory, packages = known.inventory, known.packages.packages
    counts = Counter(words for package in packages for words in package.licences)
    ordered = sorted(counts.items(), key=lambda found: (-found[1], found[0]))
    return PackagesSummary(
        packages=len(packages),
        sources=len({(package.type, package.source_name) for package in packages}),
        types=known.packages.types,
        by=inventory.by,
        time=inventory.time,
        statement=inventory.statement,
        system=inventory.system,
        left_out=inventory.left_out,
        licences=tuple(
            LicenceCount(licence=words, spdx=spdx_id(words) or "", packages=count)
            for words, count in ordered[:MAX_LICENCES]
        ),
        more_licences=len(ordered[MAX_LICENCES:]),
        list=address,
    )


def source_rows(packages: Iterable[Package]) -> tuple[SourceRow, ...]:
    """A row for each source and version; packages of operating systems first."""
    grouped: dict[tuple[bool, str, str, str, str], list[Package]] = defaultdict(list)
    for one in packages:
        key = one.type not in DATABASES, one.type, one.source_name, one.version_of_source, one.version
        grouped[key].append(one)
    return tuple(_source_row(grouped[key]) for key in sorted(grouped))


def _source_row(packages: list[Package]) -> SourceRow:
    first = packages[0]
    names = tuple(one.name for one in packages)
    licence = BETWEEN_LICENCES.join(sorted({words for one in packages for words in one.licences}))
    return SourceRow(
        type=first.type,
        name=first.source_name,
        version=first.version_of_source,
        installed_version="" if first.version == first.version_of_source else first.version,
        packages=() if names == (first.source_name,) else names,
        licence=licence,
        spdx=spdx_id(licence) or "",
    )


def render_scanner(by: str) -> str:
    """The source of the list, in words."""
    if by == BY_PAGE:
        return "a page of repo-info"
    if by.startswith("docker-scout "):
        return f"Docker Scout {by.removeprefix('docker-scout ')}"
    return by


def render_licence_counts(counts: Iterable[LicenceCount]) -> str:
    """`GPL-2 (49), Expat (12; MIT)`."""
    return ", ".join(map(_licence_count, counts))


def _licence_count(one: LicenceCount) -> str:
    spdx = f"; {one.spdx}" if one.spdx not in ("", one.licence) else ""
    return f"{one.licence} ({one.packages}{spdx})"
