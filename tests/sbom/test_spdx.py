"""SPDX from syft and from Docker Scout, and invalid SPDX."""

from __future__ import annotations

import time

import pytest

from collector.errors import InvalidValue
from collector.model.packages import MAX_ENTRIES, MAX_NAME, MAX_PACKAGES, Package, Scan
from collector.sbom.formats import parse_sbom
from collector.sbom.statements import SPDX, parse_statement
from tests.sbom.documents import ROOT, SCOUT, Json, in_toto, scout_alpine, spdx, spdx_package

SYFT = ["Organization: Anchore, Inc", "Tool: syft-v1.18.1", "Tool: buildkit-v0.18.0"]
DEBIAN = "distro=debian-12"


def scan_of(document: Json) -> Scan:
    scan = parse_sbom(parse_statement(in_toto(SPDX, document)))
    assert scan
    return scan


def packages_of(*packages: Json, **fields: object) -> list[Package]:
    return list(scan_of(spdx(packages, **fields)).packages.packages)  # type: ignore[arg-type]  # fields of a document


def test_the_dialect_of_docker_scout() -> None:
    scan = scan_of(scout_alpine())
    assert (scan.by, scan.system, scan.left_out) == ("docker-scout 1.18.1", "alpine 3.24", 0)
    packages = {package.name: package for package in scan.packages.packages}
    assert len(scout_alpine()["packages"]) == 1 + 20
    assert len(packages) == 16
    assert packages["libssl3"] == Package("apk", "libssl3", "1.6-r0", "openssl", "", "MIT OR GPL-2.0-only")
    assert packages["busybox"].source_name == "busybox"
    assert not {"openssl", "ca-certificates", "pax-utils", "ssl_client-source"} & set(packages)


def test_a_source_of_another_version() -> None:
    packages = [
        spdx_package("libpq5", "17.1-1", "pkg:deb/debian/libpq5@17.1-1?os_name=debian"),
        spdx_package("postgresql-18", "18.0-1", "pkg:deb/debian/postgresql-18@18.0-1?os_name=debian"),
    ]
    relations = [("SPDXRef-libpq5", "GENERATED_FROM", "SPDXRef-postgresql-18")]
    (package,) = scan_of(spdx(packages, relations, SCOUT)).packages.packages
    assert package == Package("deb", "libpq5", "17.1-1", "postgresql-18", "18.0-1")


def test_packages_that_are_generated_from_one_another_are_all_installed() -> None:
    packages = [spdx_package(name, "1", f"pkg:deb/debian/{name}@1") for name in "abc"]
    relations = [(f"SPDXRef-{one}", "GENERATED_FROM", f"SPDXRef-{other}") for one, other in ("ab", "bc", "ca")]
    assert [package.name for package in scan_of(spdx(packages, relations)).packages.packages] == ["a", "b", "c"]


def test_the_dialect_of_syft() -> None:
    licences = [
        {"licenseId": "LicenseRef-Expat", "extractedText": "Expat"},
        {"licenseId": "LicenseRef-long", "extractedText": "word " * 100},
    ]
    document = spdx(
        [
            spdx_package(
                "libssl3",
                "3.0.17-1~deb12u2",
                f"pkg:deb/debian/libssl3@3.0.17-1~deb12u2?arch=amd64&{DEBIAN}&upstream=openssl",
                licenseDeclared="Artistic-2.0 AND LicenseRef-Expat AND (Apache-2.0 OR LicenseRef-long)",
            ),
            spdx_package("tar", "1.34", f"pkg:deb/debian/tar@1.34?arch=amd64&{DEBIAN}", licenseDeclared="NOASSERTION"),
            spdx_package(
                "zlib1g", "1:1.2.13", f"pkg:deb/debian/zlib1g@1%3A1.2.13?arch=i386&{DEBIAN}&upstream=zlib%401.2"
            ),
            spdx_package("adduser", "3.1", f"pkg:deb/debian/adduser@3.1?arch=all&{DEBIAN}"),
            spdx_package("@babel/core", "7.0", "pkg:npm/%40babel/core@7.0", licenseDeclared="MIT OR LicenseRef-Expat"),
            spdx_package("debian", "12", primaryPackagePurpose="OPERATING-SYSTEM"),
        ],
        [],
        SYFT,
        hasExtractedLicensingInfos=licences,
    )
    scan = scan_of(document)
    assert (scan.by, scan.system, scan.left_out) == ("syft 1.18.1", "debian 12", 0)
    assert scan.packages.packages == (
        Package("deb", "adduser", "3.1"),
        Package("deb", "libssl3", "3.0.17-1~deb12u2", "openssl", "", "Apache-2.0; Artistic-2.0; Expat; long"),
        Package("deb", "tar", "1.34"),
        Package("deb", "zlib1g:i386", "1:1.2.13", "zlib", "1.2"),
        Package("npm", "@babel/core", "7.0", "", "", "MIT OR Expat"),
    )
    assert scan.packages.types == ("deb", "npm")


def test_entries_that_are_not_packages() -> None:
    described = spdx([spdx_package("a", "1", "pkg:deb/debian/a@1"), spdx_package("x", "2", "pkg:oci/x@sha256:1")])
    described["documentDescribes"] = ["SPDXRef-a", "SPDXRef-x"]
    assert [package.name for package in scan_of(described).packages.packages] == ["a"]
    assert packages_of(spdx_package("file", primaryPackagePurpose="FILE"), spdx_package("tool", "2")) == [
        Package("generic", "tool", "2")
    ]


def test_a_document_without_packages() -> None:
    assert parse_sbom(parse_statement(in_toto(SPDX, {"files": []}))) is None
    assert scan_of({"packages": []}).packages.packages == ()
    assert scan_of({"packages": []}).by == "unknown"


@pytest.mark.parametrize(
    "predicate", [{"packages": "many"}, {"packages": [1]}, [], "x", {"packages": [{"name": ["x"]}]}]
)
def test_blobs_that_are_not_sboms(predicate: object) -> None:
    with pytest.raises(InvalidValue, match="not an SBOM"):
        parse_sbom(parse_statement(in_toto(SPDX, predicate)))


def test_other_statements_list_no_packages() -> None:
    assert parse_sbom(parse_statement(in_toto("https://slsa.dev/provenance/v1", {}))) is None


def test_invalid_packages_are_left_out_and_counted() -> None:
    scan = scan_of(
        spdx(
            [
                {"SPDXID": "SPDXRef-nameless"},
                {"SPDXID": None, "name": "no-id", "versionInfo": None},
                spdx_package("long", "1", f"pkg:deb/debian/{'x' * (MAX_NAME + 1)}@1"),
                spdx_package("longer", "1", f"pkg:deb/debian/{'x' * 100_000}@1"),
                spdx_package("versions", "1", f"pkg:deb/debian/versions@{'1' * 129}"),
                spdx_package("odd", "1", "pkg:???"),
                spdx_package("architecture", "1", "pkg:deb/debian/%3Ai386@1"),
                spdx_package("tab", "1", "pkg:deb/debian/a%09b%0Ac@1"),
                spdx_package("bidi", "1", "pkg:deb/debian/%E2%80%AEx@1"),
                spdx_package("script", "1", "pkg:deb/debian/%3Cscript%3E@1", licenseDeclared="<b>\n| x"),
            ]
        )
    )
    assert scan.packages.packages == (
        Package("deb", "<script>", "1", "", "", "<b> | x"),
        Package("deb", "a b c", "1"),
        Package("deb", "\u202ex", "1"),
        Package("generic", "longer", "1"),
        Package("generic", "no-id", ""),
        Package("generic", "odd", "1"),
    )
    assert scan.left_out == 4
    assert scan.count == 10


def test_a_licence_that_is_too_long_is_cut_between_its_terms() -> None:
    licences = " AND ".join(f"LicenseRef-{number:03}-{'x' * 90}" for number in range(40))
    scan = scan_of(spdx([spdx_package("a", "1", "pkg:deb/debian/a@1", licenseDeclared=licences)]))
    (package,) = scan.packages.packages
    assert len(package.licences) == 20
    assert all(len(licence) == 94 for licence in package.licences)
    assert scan.left_out == 1


ENDLESS = (
    " " * 10**6 + "x",
    "MIT" + " " * 10**6 + "AND X",
    *(text * 10**5 for text in ("DocumentRef-", "LicenseRef-", "((")),
)


@pytest.mark.parametrize("licence", ENDLESS, ids=["spaces", "operator", "document", "licence", "brackets"])
def test_a_licence_of_any_length_takes_time_in_proportion(licence: str) -> None:
    started = time.process_time()
    scan = scan_of(spdx([spdx_package("a", "1", "pkg:deb/debian/a@1", licenseDeclared=licence)]))
    assert len(scan.packages.packages) == 1
    assert time.process_time() - started < 2


def test_the_order_of_its_packages_does_not_change_where_a_long_list_is_cut() -> None:
    many = [spdx_package(f"p{number:06}", "1") for number in range(MAX_PACKAGES + 500)]
    there, back = scan_of(spdx(many)), scan_of(spdx(many[::-1]))
    assert there == back
    assert (len(there.packages.packages), there.left_out) == (MAX_PACKAGES, 500)


def test_entries_beyond_the_limit_are_counted() -> None:
    raw = in_toto(SPDX, {"packages": ["HERE"]}).replace(
        b'"HERE"', b'{"name":"a"},' * MAX_ENTRIES + b"{}," * 10**5 + b"{}"
    )
    started = time.process_time()
    scan = parse_sbom(parse_statement(raw))
    assert scan
    assert (len(scan.packages.packages), scan.left_out) == (1, 10**5 + 1)
    assert time.process_time() - started < 10


def test_a_package_that_is_named_twice_is_there_once() -> None:
    both = packages_of(
        spdx_package("a", "1", "pkg:npm/a@1", licenseDeclared="MIT"),
        spdx_package("a2", "1", "pkg:npm/a@1"),
        spdx_package("a3", "2", "pkg:npm/a@2"),
    )
    assert both == [Package("npm", "a", "1", "", "", "MIT"), Package("npm", "a", "2")]


def test_the_root_is_not_a_package() -> None:
    document = spdx([spdx_package("a", "1", "pkg:deb/debian/a@1")])
    assert [entry["SPDXID"] for entry in document["packages"]] == [ROOT, "SPDXRef-a"]
    assert scan_of(document).count == 1
