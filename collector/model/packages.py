"""The packages that an image contains, as a scanner found them.

A list is known by the hash of its canonical text, so images with the same packages share it. An inventory says which
list an image has, and who said so: it is the word of a scanner, and not verified here.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Annotated, NamedTuple

import msgspec

from collector.model.digests import Digest
from collector.model.times import Time

DATABASES = frozenset({"apk", "deb", "rpm"})
"""Types of the packages of operating systems; each system has one database of these."""
BY_PAGE = "page"
"""Who said it, where a repo-info page did."""

MAX_PACKAGES = 20_000
"""The largest number of packages in one list."""
MAX_ENTRIES = 10 * MAX_PACKAGES
"""The number of entries of one scan that are read; further ones are left out."""
MAX_LIST = 4 * 2**20
"""Bytes of the canonical text of a list."""
MAX_NAME = 256
"""Characters of a name, and of that of a source package."""
MAX_VERSION = 128
"""Characters."""
MAX_LICENCE = 2000
"""Characters; real lists of licences have up to 700."""

BETWEEN_LICENCES = "; "

_NAME = rf"^[^\x00-\x1f\x7f]{{1,{MAX_NAME}}}\Z"
_SOURCE = rf"^[^\x00-\x1f\x7f]{{0,{MAX_NAME}}}\Z"
_VERSION = rf"^[^\x00-\x1f\x7f]{{0,{MAX_VERSION}}}\Z"
_LICENCE = rf"^[^\x00-\x1f\x7f]{{0,{MAX_LICENCE}}}\Z"
_TYPE = r"^[a-z][a-z0-9.+-]{0,31}\Z"

TypeText = Annotated[str, msgspec.Meta(pattern=_TYPE)]
NameText = Annotated[str, msgspec.Meta(pattern=_NAME)]
SourceText = Annotated[str, msgspec.Meta(pattern=_SOURCE)]
VersionText = Annotated[str, msgspec.Meta(pattern=_VERSION)]
LicenceText = Annotated[str, msgspec.Meta(pattern=_LICENCE)]

_IS_TYPE = re.compile(_TYPE)
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]+")
_ANY_ARCHITECTURE = frozenset({"", "all", "any", "noarch", "none", "(none)"})


class PackageKey(NamedTuple):
    """What a list has once."""

    type: TypeText
    name: NameText
    version: VersionText


class Package(NamedTuple):
    """One installed package. A tuple, because millions of them are sorted, hashed and compared."""

    type: TypeText
    """The type in a package URL: `deb`, `apk`, `rpm`, `npm`, `golang`."""
    name: NameText
    """With its namespace where the type has such: `@babel/core`. One that is not of the image's own architecture has
    that behind it: `libc6:i386`."""
    version: VersionText
    """As the package says it; may be empty."""
    source: SourceText = ""
    """The source package, where it has another name. Empty also where it is not known, as on pages of Alpine."""
    source_version: VersionText = ""
    """Its version, where that is another."""
    licence: LicenceText = ""
    """The licence in the package's own words. For a Debian package, the terms are separated by `; `, which may mean
    "and" or "or".
    """

    @property
    def key(self) -> PackageKey:
        return PackageKey(self.type, self.name, self.version)

    @property
    def source_name(self) -> str:
        """The source package; by the package's own name where no other is known."""
        return self.source or self.bare_name

    @property
    def bare_name(self) -> str:
        """The name without a foreign architecture."""
        return self.name.partition(":")[0] if self.type in DATABASES else self.name

    @property
    def version_of_source(self) -> str:
        return self.source_version or self.version

    @property
    def licences(self) -> tuple[str, ...]:
        """The single terms."""
        return tuple(self.licence.split(BETWEEN_LICENCES)) if self.licence else ()


class PackageList(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Packages in their order, each type, name and version once. Made by `package_list`."""

    id: str
    """The SHA-256 of the canonical text, in hex."""
    packages: tuple[Package, ...]

    @property
    def types(self) -> tuple[str, ...]:
        """The types of its packages, by name."""
        return tuple(sorted({package.type for package in self.packages}))


class Inventory(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Which packages an image has, and who said so."""

    config: Digest
    """The Image ID."""
    packages: str
    """The id of the list."""
    by: str
    """`page`, or a scanner with its version: `syft 1.18.1`, `docker-scout 1.18.1`."""
    time: Time
    """When it was read."""
    statement: Digest | None = None
    """The blob of the attestation that contains the list; None if it comes from a page."""
    system: str = ""
    """`debian 12`, where the scanner says so."""
    types: tuple[str, ...] = ()
    """The types of packages in the list."""
    left_out: int = 0
    """Entries that cannot be a package, or that were cut because they are too long."""

    @property
    def is_of_page(self) -> bool:
        return self.by == BY_PAGE


class ImagePackages(NamedTuple):
    """The packages of one image, and who names them."""

    inventory: Inventory
    packages: PackageList


class Scan(msgspec.Struct, frozen=True, kw_only=True):
    """What a scanner found in one image."""

    packages: PackageList
    by: str
    system: str = ""
    left_out: int = 0

    @property
    def count(self) -> int:
        """The packages that it names, with those that could not be kept."""
        return len(self.packages.packages) + self.left_out


def package_list(packages: Iterable[Package]) -> PackageList:
    """The list of packages in any order. Of several with one key, the one that says more about itself stays."""
    ordered = _without_doubles(sorted(packages))
    return _list_of(ordered, canonical_text(ordered))


def _list_of(ordered: Iterable[Package], text: bytes) -> PackageList:
    return PackageList(id=hashlib.sha256(text).hexdigest(), packages=tuple(ordered))


def canonical_text(packages: Iterable[Package]) -> bytes:
    """A line for each package: its six fields between tabs."""
    return "".join([f"{line}\n" for line in map("\t".join, packages)]).encode()


def _without_doubles(ordered: list[Package]) -> list[Package]:
    """The last with each key: an empty field comes before one that says something."""
    return list({package[:3]: package for package in ordered}.values())


class FoundPackage(NamedTuple):
    """A package, and its architecture as its database writes it; empty if that is not said."""

    package: Package
    architecture: str


class PackageListBuilder:
    """Takes packages as scanners name them: whatever cannot be one is left out and counted."""

    def __init__(self) -> None:
        self.left_out = 0
        self.found: list[FoundPackage] = []
        self._last_licences: tuple[tuple[str, ...], tuple[str, bool]] = ((), ("", False))
        """As they came, and joined: packages of one source have the same ones."""

    def add(
        self,
        *,
        type: str,  # noqa: A002 - the field of a package URL
        name: str,
        version: str,
        source: str = "",
        source_version: str = "",
        licences: Iterable[str] = (),
        architecture: str = "",
    ) -> None:
        """Add one package, or count it as left out."""
        name, version, source, source_version = map(_clean, (name, version, source, source_version))
        licence, is_cut = self._join(tuple(licences))
        package = Package(
            type=type,
            name=name,
            version=version,
            source="" if source == name else source,
            source_version="" if source_version == version else source_version,
            licence=licence,
        )
        is_kept = _is_within_limits(package)
        self.left_out += is_cut or not is_kept
        if is_kept:
            self.found.append(FoundPackage(package, _clean(architecture)[:32]))

    def extend(self, found: Iterable[FoundPackage], left_out: int) -> None:
        """Add what another builder found."""
        self.found += found
        self.left_out += left_out

    def build(self, own_architecture: frozenset[str] = frozenset()) -> PackageList:
        """The list.

        Args:
            own_architecture: the names that the image's own architecture has. Without them it is the one that most
                packages have.
        """
        own = _ANY_ARCHITECTURE | (own_architecture or self._usual_architecture())
        named = (package if where in own else _of_architecture(package, where) for package, where in self.found)
        ordered = _without_doubles(sorted(named))
        text = canonical_text(ordered)
        if len(ordered) <= MAX_PACKAGES and len(text) <= MAX_LIST:
            return _list_of(ordered, text)
        count = _within_limits(ordered)
        self.left_out += len(ordered) - count
        return package_list(ordered[:count])

    def _join(self, licences: tuple[str, ...]) -> tuple[str, bool]:
        if licences != self._last_licences[0]:
            self._last_licences = licences, _join(licences)
        return self._last_licences[1]

    def _usual_architecture(self) -> frozenset[str]:
        counts = Counter(where for _, where in self.found if where not in _ANY_ARCHITECTURE)
        return frozenset(sorted(counts, key=lambda where: (-counts[where], where))[:1])


def _within_limits(packages: Sequence[Package]) -> int:
    """How many of them a list can have."""
    sizes = accumulate(len(canonical_text([package])) for package in packages[:MAX_PACKAGES])
    return sum(size <= MAX_LIST for size in sizes)


def _of_architecture(package: Package, architecture: str) -> Package:
    name = f"{package.name}:{architecture}"
    return package._replace(name=name) if len(name) <= MAX_NAME else package


def _is_within_limits(package: Package) -> bool:
    return (
        bool(_IS_TYPE.match(package.type))
        and len(package.name) <= MAX_NAME
        and package.bare_name != ""
        and len(package.source) <= MAX_NAME
        and max(len(package.version), len(package.source_version)) <= MAX_VERSION
    )


def _clean(text: str) -> str:
    """Without the characters that would break a line; all others are data."""
    return (text if text.isprintable() else _CONTROLS.sub(" ", text)).strip()


def _join(licences: tuple[str, ...]) -> tuple[str, bool]:
    """The terms in their order, each once, and whether some of them had to be left out."""
    terms = sorted({clean for licence in licences if (clean := _clean(licence))})
    kept: list[str] = []
    size = -len(BETWEEN_LICENCES)
    for term in terms:
        size += len(BETWEEN_LICENCES) + len(term)
        if size > MAX_LICENCE:
            return BETWEEN_LICENCES.join(kept), True
        kept.append(term)
    return BETWEEN_LICENCES.join(kept), False
