"""The sections of `local/` pages, one for each package: dpkg, apk and rpm, as repo-info's scripts write them.

A section begins with its heading. Where a script could not make sense of what a package manager said, that stands in
the place of a package: it is left out and counted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from collector.model.packages import FoundPackage, PackageListBuilder


class FoundInSection(NamedTuple):
    """The values of a section."""

    packages: tuple[FoundPackage, ...] = ()
    left_out: int = 0
    """Lines in the place of a package that name none."""


GARBAGE = FoundInSection(left_out=1)

_HEADING = re.compile(r"`(?P<database>dpkg|apk|rpm)` (?:source )?package: `(?P<package>[^\n]{0,1000})`\n")

_DEB = re.compile(r"(?P<name>[A-Za-z0-9][A-Za-z0-9+._-]*)(?::(?P<architecture>[a-z0-9-]+))?=(?P<version>[^\s`=]+)\Z")
_DEB_LISTS = re.compile(
    r"^(?:(?P<binaries>Binary Packages:)|Licenses: \(parsed from: [^\n]*\))\n\n(?P<lines>(?:- [^\n]*\n)*)", re.MULTILINE
)
_LISTED = re.compile(r"- `([^\n]*)`\n")

_APK = re.compile(r"[A-Za-z0-9_][A-Za-z0-9+._-]*\Z")
_APK_FIELD = re.compile(
    r"^(?P<package>[^\s`]+) (?P<field>description|webpage|installed size|license):\n(?P<value>[^\n]*)$", re.MULTILINE
)

_RPM = re.compile(
    r"(?P<name>[A-Za-z0-9_][A-Za-z0-9+._-]*)-(?P<version>[A-Za-z0-9._+~^:]+)-(?P<release>[A-Za-z0-9._+~^]+)"
    r"\.(?P<architecture>[a-z0-9_]+)\Z"
)
_RPM_KEY = re.compile(r"gpg-pubkey-")
"""The keys that rpm trusts are in its database, and are no packages."""
_RPM_LICENCE = re.compile(r"^Licenses \(from `rpm --query`\): (?P<licence>[^\n]+)$", re.MULTILINE)


def parse_section(text: str) -> FoundInSection:
    """The packages of a section, from its heading on, without the marks of it."""
    heading = _HEADING.match(text)
    if heading is None:
        return GARBAGE
    builder = PackageListBuilder()
    _PARSERS[heading["database"]](builder, heading["package"], text[heading.end() :])
    return FoundInSection(tuple(builder.found), builder.left_out)


def _parse_dpkg(builder: PackageListBuilder, package: str, text: str) -> None:
    """A source package with the packages that are made of it, and the licences of all of them."""
    source = _DEB.match(package)
    licences = list(_iter_listed(text, binaries=False))
    binaries = [_DEB.match(binary) for binary in _iter_listed(text, binaries=True)]
    builder.left_out += binaries.count(None) or (source is None or not binaries)
    for binary in filter(None, binaries):
        builder.add(
            type="deb",
            name=binary["name"],
            version=binary["version"],
            source=source["name"] if source else "",
            source_version=source["version"] if source else "",
            licences=licences,
            architecture=binary["architecture"] or "",
        )


def _iter_listed(text: str, *, binaries: bool) -> Iterator[str]:
    for found in _DEB_LISTS.finditer(text):
        if bool(found["binaries"]) == binaries:
            for line in found["lines"].splitlines(keepends=True):
                listed = _LISTED.match(line)
                yield listed[1] if listed else line


def _parse_apk(builder: PackageListBuilder, package: str, text: str) -> None:
    """A package of Alpine: its version stands before each of its fields. Its source is not said."""
    if not _APK.match(package):
        builder.left_out += 1
        return
    name = f"{package}-"
    fields = [field for field in _APK_FIELD.finditer(text) if field["package"].startswith(name)]
    builder.add(
        type="apk",
        name=package,
        version=fields[0]["package"].removeprefix(name) if fields else "",
        licences=[field["value"] for field in fields if field["field"] == "license"][:1],
    )


def _parse_rpm(builder: PackageListBuilder, package: str, text: str) -> None:
    if _RPM_KEY.match(package):
        return
    match = _RPM.match(package)
    if match is None:
        builder.left_out += 1
        return
    licence = _RPM_LICENCE.search(text)
    builder.add(
        type="rpm",
        name=match["name"],
        version=f"{match['version']}-{match['release']}",
        licences=[licence["licence"]] if licence else [],
        architecture=match["architecture"],
    )


_PARSERS: Mapping[str, Callable[[PackageListBuilder, str, str], None]] = {
    "dpkg": _parse_dpkg,
    "apk": _parse_apk,
    "rpm": _parse_rpm,
}
