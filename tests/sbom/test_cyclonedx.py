"""CycloneDX of all versions, with components within components."""

from __future__ import annotations

from typing import Any

import pytest

from collector.errors import InvalidValue
from collector.model.packages import Package, Scan
from collector.sbom.formats import parse_sbom
from collector.sbom.statements import CYCLONEDX, parse_statement
from tests.sbom.documents import in_toto

Json = dict[str, Any]


def scan_of(*components: Json, kind: str = CYCLONEDX, tools: object = None) -> Scan:
    document = {"bomFormat": "CycloneDX", "metadata": {"tools": tools}, "components": list(components)}
    scan = parse_sbom(parse_statement(in_toto(kind, document)))
    assert scan
    return scan


def library(name: str, *within: Json, **fields: object) -> Json:
    return {
        "type": "library",
        "name": name,
        "version": "1",
        "purl": f"pkg:npm/{name}@1",
        "components": list(within),
        **fields,
    }


def test_components_with_their_licences() -> None:
    scan = scan_of(
        {
            "type": "library",
            "name": "libssl3",
            "version": "3.0",
            "purl": "pkg:deb/debian/libssl3@3.0?arch=amd64&distro=debian-12&upstream=openssl",
            "licenses": [{"license": {"id": "OpenSSL"}}, {"license": {"name": "Expat"}}, {"expression": "MIT OR X"}],
        },
        {"type": "operating-system", "name": "debian", "version": "12"},
        {"type": "file", "name": "/bin/sh"},
        {"type": "library", "group": "org.x", "name": "y", "version": "2"},
        kind=f"{CYCLONEDX}/v1.6",
        tools={"components": [{"type": "application", "name": "syft", "version": "1.18.1"}]},
    )
    assert (scan.by, scan.system, scan.left_out) == ("syft 1.18.1", "debian 12", 0)
    assert scan.packages.packages == (
        Package("deb", "libssl3", "3.0", "openssl", "", "Expat; MIT OR X; OpenSSL"),
        Package("generic", "org.x/y", "2"),
    )


@pytest.mark.parametrize(
    ("tools", "by"),
    [
        ([{"vendor": "anchore", "name": "syft", "version": "0.80.0"}], "syft 0.80.0"),
        ([{"name": "trivy"}], "trivy"),
        ([{"name": "page"}], "unknown"),
        ([{"name": "\u200bpage "}, {"name": "trivy"}], "trivy"),
        ("x", "unknown"),
        ([1, {"name": 2}], "unknown"),
        ([{"name": "a\u202eb" * 100, "version": "1"}], "ab" * 33 + "a"),
    ],
)
def test_the_scanner_of_a_document(tools: object, by: str) -> None:
    assert scan_of(tools=tools).by == by


def test_components_within_components() -> None:
    nested = library("p8", library("p9"))
    for depth in range(7, 0, -1):
        nested = library(f"p{depth}", nested)
    scan = scan_of(nested)
    assert [package.name for package in scan.packages.packages] == [f"p{depth}" for depth in range(1, 9)]
    assert scan.left_out == 1


@pytest.mark.parametrize(
    "components", ["x", [1], [{"name": 1}], [{"name": "a", "components": "x"}], [{"name": "a", "components": [1]}]]
)
def test_documents_that_are_not_cyclonedx(components: object) -> None:
    with pytest.raises(InvalidValue, match="not an SBOM"):
        parse_sbom(parse_statement(in_toto(CYCLONEDX, {"components": components})))


def test_endlessly_nested_components_are_refused() -> None:
    raw = in_toto(CYCLONEDX, {"components": ["HERE"]})
    with pytest.raises(InvalidValue):
        parse_sbom(parse_statement(raw.replace(b'"HERE"', b'{"components":[' * 50_000 + b"]}" * 50_000)))


def test_a_document_without_components() -> None:
    assert parse_sbom(parse_statement(in_toto(CYCLONEDX, {"metadata": {}}))) is None
