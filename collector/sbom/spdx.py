"""SPDX 2 documents in JSON, in the dialects of syft and of Docker Scout.

Docker Scout lists the source package `openssl` beside the installed `libssl3`, with `GENERATED_FROM` between them; syft
names the source in the package URL.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

import msgspec

from collector.errors import InvalidValue
from collector.model.packages import DATABASES, MAX_ENTRIES, PackageListBuilder, Scan
from collector.model.purls import Purl, parse_purl
from collector.sbom.scanners import scanner_name, usual_system

_NOT_INSTALLED = frozenset({"CONTAINER", "FILE", "OPERATING-SYSTEM", "ARCHIVE", "SOURCE", "INSTALL", "DEVICE"})
"""Purposes (SPDX 2.3, 7.24) of entries that are no packages, where they have no package URL of a database."""
_WHOLE = frozenset({"oci", "docker", "generic"})
"""Types of package URLs that an entry for the image itself has."""
_NOTHING = frozenset({"", "NOASSERTION", "NONE"})
_REFERENCE = re.compile(r"(?:DocumentRef-[^ :()]{1,100}:)?LicenseRef-[^ ()]+")
_OPERATORS = re.compile(r"[()]| (?:AND|OR) ")
"""The operators and brackets of a licence expression with single spaces."""
_MAX_REFERENCE = 100
"""Characters of a licence that a document defines itself; a longer one is a text, not a name."""


class _Reference(msgspec.Struct):
    type: str | None = msgspec.field(default=None, name="referenceType")
    locator: str | None = msgspec.field(default=None, name="referenceLocator")


class _Package(msgspec.Struct):
    id: str | None = msgspec.field(default=None, name="SPDXID")
    name: str | None = None
    version: str | None = msgspec.field(default=None, name="versionInfo")
    declared: str | None = msgspec.field(default=None, name="licenseDeclared")
    concluded: str | None = msgspec.field(default=None, name="licenseConcluded")
    purpose: str | None = msgspec.field(default=None, name="primaryPackagePurpose")
    references: list[_Reference] | None = msgspec.field(default=None, name="externalRefs")


class _Relation(msgspec.Struct):
    element: str | None = msgspec.field(default=None, name="spdxElementId")
    kind: str | None = msgspec.field(default=None, name="relationshipType")
    related: str | None = msgspec.field(default=None, name="relatedSpdxElement")


class _Licence(msgspec.Struct):
    id: str | None = msgspec.field(default=None, name="licenseId")
    name: str | None = None
    text: str | None = msgspec.field(default=None, name="extractedText")


class _Creation(msgspec.Struct):
    creators: list[str] | None = None


class _Document(msgspec.Struct):
    """The fields that are decoded; the others are megabytes."""

    packages: list[_Package] | None = None
    relationships: list[_Relation] | None = None
    describes: list[str] | None = msgspec.field(default=None, name="documentDescribes")
    licences: list[_Licence] | None = msgspec.field(default=None, name="hasExtractedLicensingInfos")
    creation: _Creation | None = msgspec.field(default=None, name="creationInfo")


_DECODER = msgspec.json.Decoder(_Document)


def parse_spdx(raw: bytes | msgspec.Raw) -> Scan | None:
    """The installed packages; None for a document that lists no packages at all.

    Raises:
        msgspec.MsgspecError: it is not SPDX 2 in JSON.
    """
    document = _DECODER.decode(raw)
    if document.packages is None:
        return None
    return _Reader(document, document.packages).read()


class _Reader:
    def __init__(self, document: _Document, packages: list[_Package]) -> None:
        relations = document.relationships or ()
        self._packages = packages
        self._creators = (document.creation.creators if document.creation else None) or []
        self._names = _names_of_licences(document.licences or ())
        self._described = {
            *(document.describes or ()),
            *(relation.related for relation in relations if relation.kind == "DESCRIBES"),
        }
        self._sources = _Sources(relations)
        self._by_id = {package.id: package for package in packages if package.id}
        self._builder = PackageListBuilder()
        self._systems: list[str] = []

    def read(self) -> Scan:
        self._builder.left_out += max(0, len(self._packages) - MAX_ENTRIES)
        for package in self._packages[:MAX_ENTRIES]:
            if package.id is None or package.id not in self._sources.not_installed:
                self._add(package, _purl_of(package))
        return Scan(
            packages=self._builder.build(),
            by=scanner_name(_tools(self._creators)),
            system=usual_system(self._systems),
            left_out=self._builder.left_out,
        )

    def _add(self, package: _Package, purl: Purl | None) -> None:
        if self._is_no_package(package, purl):
            return
        source = self._by_id.get(self._sources.source_of.get(package.id or "", ""))
        is_debian = purl is not None and purl.type == "deb"
        licences = self._licences(package, by_term=is_debian)
        if purl is None:
            self._builder.add(type="generic", name=package.name or "", version=package.version or "", licences=licences)
            return
        if purl.type in DATABASES:
            self._systems.append(purl.system)
        self._builder.add(
            type=purl.type,
            name=purl.name,
            version=purl.version or package.version or "",
            source=(source and source.name) or purl.source,
            source_version=(source and source.version) or purl.source_version,
            licences=licences,
            architecture=purl.architecture,
        )

    def _is_no_package(self, package: _Package, purl: Purl | None) -> bool:
        """Whether an entry is the image itself, its system or a file of it."""
        is_whole = purl is None or purl.type in _WHOLE
        return is_whole and (package.id in self._described or package.purpose in _NOT_INSTALLED)

    def _licences(self, package: _Package, *, by_term: bool) -> list[str]:
        """The declared licences. Debian's are split into single terms, because scanners join them in different ways."""
        declared, concluded = (" ".join((text or "").split()) for text in (package.declared, package.concluded))
        text = declared if declared not in _NOTHING else concluded
        if text in _NOTHING:
            return []
        terms = _OPERATORS.split(text) if by_term else [text]
        return [self._named(term) for term in terms if term.strip() not in _NOTHING]

    def _named(self, term: str) -> str:
        return _REFERENCE.sub(lambda found: self._names.get(found[0]) or _bare(found[0]), term)


class _Sources:
    """Which packages were generated from which, and which are only sources."""

    def __init__(self, relations: list[_Relation] | tuple[()]) -> None:
        self.source_of: dict[str, str] = {}
        """The id of a package → the id of its source."""
        generated: dict[str, set[str | None]] = defaultdict(set)
        contained: dict[str, set[str | None]] = defaultdict(set)
        for relation in relations:
            if relation.kind == "GENERATED_FROM" and relation.related and relation.element:
                generated[relation.related].add(relation.element)
                self.source_of.setdefault(relation.element, relation.related)
            elif relation.kind == "CONTAINS" and relation.element:
                contained[relation.element].add(relation.related)
        self.not_installed = {
            source
            for source, packages in generated.items()
            if source not in self.source_of and contained[source] <= packages
        }
        """One that is both, as `apt`, contains files of its own, or is generated from itself."""


def _purl_of(package: _Package) -> Purl | None:
    for reference in package.references or ():
        if reference.type == "purl" and reference.locator:
            try:
                return parse_purl(reference.locator)
            except InvalidValue:
                continue
    return None


def _tools(creators: list[str]) -> Iterator[str]:
    yield from (creator.removeprefix("Tool:") for creator in creators if creator.startswith("Tool:"))


def _names_of_licences(licences: list[_Licence] | tuple[()]) -> Mapping[str, str]:
    """A document's references to licences → the names that they stand for. A licence text is not a name."""
    return {
        licence.id: name
        for licence in licences
        if licence.id and (name := _name_of_licence(licence)) and len(name) <= _MAX_REFERENCE and "\n" not in name
    }


def _name_of_licence(licence: _Licence) -> str:
    text, name = (licence.text or "").strip(), (licence.name or "").strip()
    return name if name not in _NOTHING else text if text not in _NOTHING else ""


def _bare(reference: str) -> str:
    return reference.partition("LicenseRef-")[2]
