"""A package list as a CycloneDX 1.6 document (cyclonedx.org/docs/1.6/json). The same facts give the same bytes."""

from __future__ import annotations

from typing import Any

from collector.model.licences import spdx_id
from collector.model.packages import Package
from collector.sbom.subject import Subject


def cyclonedx_document(subject: Subject, version: str) -> dict[str, Any]:
    """The document. `version`: that of this program."""
    inventory, packages = subject.known.inventory, subject.known.packages.packages
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": subject.urn,
        "version": 1,
        "metadata": {
            "timestamp": inventory.time,
            "tools": {"components": [{"type": "application", "name": "repo-info", "version": version}]},
            "component": {
                "type": "container",
                "bom-ref": "image",
                "name": subject.name,
                "version": subject.manifest,
                "purl": subject.purl,
            },
            "properties": [{"name": "repo-info:named-by", "value": inventory.by}],
        },
        "components": [
            _component(f"package-{number}", package, subject.package_purl(package))
            for number, package in enumerate(packages, 1)
        ],
    }


def _component(reference: str, package: Package, purl: str) -> dict[str, Any]:
    component: dict[str, Any] = {"type": "library", "bom-ref": reference, "name": package.name, "purl": purl}
    if package.version:
        component["version"] = package.version
    if package.licences:
        component["licenses"] = [{"license": _licence(words)} for words in package.licences]
    if package.source:
        source = f"{package.source} {package.version_of_source}".rstrip()
        component["properties"] = [{"name": "repo-info:source", "value": source}]
    return component


def _licence(words: str) -> dict[str, str]:
    known = spdx_id(words)
    return {"id": known} if known else {"name": words}
