"""SBOMs for tests, in the dialects of the scanners that make them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tests.support.registry import encode

SCOUT = ["Organization: Docker, Inc", "Tool: docker-scout-1.18.1", "Tool: buildkit-0.16.0-tianon"]
ROOT = "SPDXRef-DocumentRoot"

Json = dict[str, Any]
Relation = tuple[str, str, str]


def spdx_package(name: str, version: str = "", purl: str = "", **fields: object) -> Json:
    """An entry whose id follows from its name."""
    references = [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": purl}]
    entry: Json = {"name": name, "SPDXID": f"SPDXRef-{name}", "versionInfo": version, "licenseConcluded": "NOASSERTION"}
    return entry | ({"externalRefs": references} if purl else {}) | fields


def spdx(
    packages: Sequence[Json], relations: Iterable[Relation] = (), creators: Sequence[str] = (), **fields: object
) -> Json:
    """A document whose root is the image."""
    root = {"name": "sbom", "SPDXID": ROOT, "primaryPackagePurpose": "FILE"}
    related = [("SPDXRef-DOCUMENT", "DESCRIBES", ROOT), *relations]
    return {
        "spdxVersion": "SPDX-2.3",
        "SPDXID": "SPDXRef-DOCUMENT",
        "creationInfo": {"creators": list(creators), "created": "2026-04-15T20:02:39Z"},
        "packages": [root, *packages],
        "relationships": [
            {"spdxElementId": element, "relationshipType": kind, "relatedSpdxElement": other}
            for element, kind, other in related
        ],
        **fields,
    }


def scout_alpine() -> Json:
    """An image of Alpine as Docker Scout describes it: 20 entries, 16 of them installed, 4 only a source."""
    of_source: Mapping[str, tuple[str, ...]] = {
        "alpine-baselayout": ("alpine-baselayout", "alpine-baselayout-data"),
        "alpine-keys": ("alpine-keys",),
        "alpine-release": ("alpine-release",),
        "apk-tools": ("apk-tools", "libapk"),
        "busybox": ("busybox", "busybox-binsh"),
        "ca-certificates": ("ca-certificates-bundle",),
        "openssl": ("libcrypto3", "libssl3"),
        "pax-utils": ("scanelf",),
        "musl": ("musl", "musl-utils"),
        "ssl_client-source": ("ssl_client",),
        "zlib": ("zlib",),
    }
    packages, relations = [], []
    for number, (source, installed) in enumerate(of_source.items()):
        version = f"1.{number}-r0"
        for name in dict.fromkeys((source, *installed)):
            purl = f"pkg:apk/alpine/{name}@{version}?os_name=alpine&os_version=3.24"
            packages.append(spdx_package(name, version, purl, licenseDeclared="MIT OR GPL-2.0-only"))
        for name in installed:
            relations += [
                (f"SPDXRef-{name}", "GENERATED_FROM", f"SPDXRef-{source}"),
                (f"SPDXRef-{name}", "CONTAINS", f"SPDXRef-File-{name}"),
            ]
            if name != source:
                relations.append((f"SPDXRef-{source}", "CONTAINS", f"SPDXRef-{name}"))
    return spdx(packages, relations, SCOUT)


def in_toto(kind: str, predicate: object, subjects: Iterable[str] = ()) -> bytes:
    """A statement about manifests."""
    subject = [{"name": "_", "digest": {"sha256": digest.removeprefix("sha256:")}} for digest in subjects]
    return encode(
        {
            "_type": "https://in-toto.io/Statement/v0.1",
            "predicateType": kind,
            "subject": subject,
            "predicate": predicate,
        }
    )
