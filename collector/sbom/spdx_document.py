"""A package list as an SPDX 2.3 document (spdx.github.io/spdx-spec/v2.3). The same facts give the same bytes."""

from __future__ import annotations

import hashlib
from typing import Any

from collector.model.licences import spdx_id
from collector.sbom.subject import Subject

_NO_ASSERTION = "NOASSERTION"
_IMAGE = "SPDXRef-Image"
_DOCUMENT = "SPDXRef-DOCUMENT"


def spdx_document(subject: Subject, program: str) -> dict[str, Any]:
    """The document. `program`: its creator, `repo-info-1.0`."""
    inventory, packages = subject.known.inventory, subject.known.packages.packages
    words = sorted({package.licence for package in packages if package.licence and not spdx_id(package.licence)})
    return {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": _DOCUMENT,
        "name": subject.name,
        "documentNamespace": subject.urn,
        "creationInfo": {
            "created": inventory.time,
            "creators": [f"Tool: {program}"],
            "comment": f"The packages as named by {inventory.by}; licences in the packages' own words.",
        },
        "packages": [_image(subject), *(_package(subject, place) for place in range(len(packages)))],
        "relationships": [
            _relation(_DOCUMENT, "DESCRIBES", _IMAGE),
            *(_relation(_IMAGE, "CONTAINS", _package_id(place)) for place in range(len(packages))),
        ],
        "hasExtractedLicensingInfos": [{"licenseId": _reference(text), "extractedText": text} for text in words],
    }


def _image(subject: Subject) -> dict[str, Any]:
    return _element(_IMAGE, subject.name, subject.manifest, subject.purl) | {"primaryPackagePurpose": "CONTAINER"}


def _package(subject: Subject, place: int) -> dict[str, Any]:
    package = subject.known.packages.packages[place]
    element = _element(_package_id(place), package.name, package.version, subject.package_purl(package))
    if package.source:
        element["sourceInfo"] = f"built from: {package.source} {package.version_of_source}".rstrip()
    if package.licence:
        element["licenseDeclared"] = spdx_id(package.licence) or _reference(package.licence)
    return element


def _element(element_id: str, name: str, version: str, purl: str) -> dict[str, Any]:
    return {
        "SPDXID": element_id,
        "name": name,
        **({"versionInfo": version} if version else {}),
        "downloadLocation": _NO_ASSERTION,
        "filesAnalyzed": False,
        "licenseConcluded": _NO_ASSERTION,
        "licenseDeclared": _NO_ASSERTION,
        "copyrightText": _NO_ASSERTION,
        "externalRefs": [
            {"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": purl},
        ],
    }


def _package_id(place: int) -> str:
    return f"SPDXRef-Package-{place + 1}"


def _reference(words: str) -> str:
    """The name of words that are no SPDX identifier; the document has their text."""
    return f"LicenseRef-{hashlib.sha256(words.encode()).hexdigest()[:16]}"


def _relation(element: str, kind: str, related: str) -> dict[str, str]:
    return {"spdxElementId": element, "relationshipType": kind, "relatedSpdxElement": related}
