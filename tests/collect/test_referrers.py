"""SBOMs that refer to an image: requested if the settings ask for them, and only from registries with lists of
referrers.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from collector.archive.facts import StatementFact
from collector.model.packages import Package
from collector.sbom.statements import CYCLONEDX, SPDX
from tests.collect.conftest import Desk
from tests.collect.image_store import PULL_LIMIT, UNKNOWN, Shelf
from tests.sbom.documents import in_toto, spdx, spdx_package
from tests.support.registry import OCI_INDEX, OCI_MANIFEST, Blob, Image, blob, encode, raw_image
from tests.support.stub import reply

BUNDLE = "application/vnd.dev.sigstore.bundle.v0.3+json"
EMPTY = "application/vnd.oci.empty.v1+json"
FOUND = (Package("deb", "libssl3", "3.0", "openssl"),)
DOCUMENT = spdx([spdx_package("libssl3", "3.0", "pkg:deb/debian/libssl3@3.0?upstream=openssl")])
BOM = {
    "bomFormat": "CycloneDX",
    "components": [{"name": "libssl3", "purl": "pkg:deb/debian/libssl3@3.0?upstream=openssl"}],
}


def bundle(raw: bytes) -> dict[str, Any]:
    return {"mediaType": BUNDLE, "dsseEnvelope": {"payload": base64.b64encode(raw).decode()}}


def referring(image: Image, content: object, kind: str, *, subject: str = "") -> tuple[Blob, Blob]:
    """A manifest that refers to an image, and its layer."""
    layer, config = blob(encode(content), media_type=kind), blob(b"{}", media_type=EMPTY)
    said = {
        "schemaVersion": 2,
        "mediaType": OCI_MANIFEST,
        "artifactType": kind,
        "config": config.descriptor,
        "layers": [layer.descriptor],
        "subject": image.manifest.descriptor | ({"digest": subject} if subject else {}),
    }
    return Blob(raw=encode(said), media_type=OCI_MANIFEST), layer


def refer(shelf: Shelf, image: Image, *referrers: tuple[Blob, Blob], **fields: object) -> None:
    """Put referrers there, and the list of them."""
    entries = []
    for manifest, layer in referrers:
        shelf.put_blob(layer)
        shelf.put_manifest(manifest)
        entries.append(manifest.descriptor | {"artifactType": layer.media_type} | fields)
    list_referrers(shelf, image, entries)


def list_referrers(shelf: Shelf, image: Image, entries: Sequence[Mapping[str, object]]) -> None:
    index = {"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": entries}
    shelf.stub.on(f"/v2/{shelf.path}/referrers/{image.digest}", reply(encode(index), content_type=OCI_INDEX))


def packages_of(shelf: Shelf, desk: Desk, image: Image) -> tuple[Package, ...] | None:
    found = desk.holdings(shelf.name).package_list(image.config.digest)
    return found.packages if found else None


@pytest.fixture
def image(shelf: Shelf) -> Image:
    made = raw_image()
    shelf.put(made)
    shelf.point("1", made)
    return made


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (DOCUMENT, "application/spdx+json"),
        (BOM, "application/vnd.cyclonedx+json"),
        (json.loads(in_toto(SPDX, DOCUMENT)), "application/vnd.in-toto+json"),
        (bundle(in_toto(CYCLONEDX, BOM)), BUNDLE),
    ],
)
def test_sboms_that_refer_to_an_image(shelf: Shelf, desk: Desk, image: Image, content: object, kind: str) -> None:
    refer(shelf, image, referring(image, content, kind))
    assert desk.collect(shelf.name, referrers=True).pulls == 2
    assert packages_of(shelf, desk, image) == FOUND
    desk.check()
    shelf.forget()
    assert desk.collect(shelf.name, referrers=True).pulls == 0
    assert [line for line in shelf.stub.asked() if "/referrers/" in line] == []


def test_nothing_is_requested_without_need(shelf: Shelf, desk: Desk, image: Image) -> None:
    refer(shelf, image, referring(image, DOCUMENT, "application/spdx+json"))
    assert desk.collect(shelf.name).pulls == 1
    assert [line for line in shelf.stub.asked() if "/referrers/" in line] == []
    assert packages_of(shelf, desk, image) is None


@pytest.mark.parametrize("answer", [UNKNOWN, reply("no", 405), reply("<html>", 200, content_type="text/html")])
def test_a_registry_without_lists_of_referrers_is_asked_once(shelf: Shelf, desk: Desk, answer: Any) -> None:
    for number in range(5):
        made = raw_image(content=str(number))
        shelf.put(made)
        shelf.point(f"t{number}", made)
        shelf.stub.on(f"/v2/{shelf.path}/referrers/{made.digest}", answer)
    assert desk.collect(shelf.name, referrers=True, threads=1).failed == 0
    assert len(desk.holdings(shelf.name).tags) == 5
    assert len([line for line in shelf.stub.asked() if "/referrers/" in line]) == 1
    shelf.forget()
    made = raw_image(content="new")
    shelf.put(made)
    shelf.point("new", made)
    shelf.stub.on(f"/v2/{shelf.path}/referrers/{made.digest}", answer)
    desk.collect(shelf.name, referrers=True)
    assert len([line for line in shelf.stub.asked() if "/referrers/" in line]) == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"artifactType": "application/vnd.dev.cosign.artifact.sig.v1+json"},
        {"annotations": {"dev.sigstore.bundle.predicateType": "https://slsa.dev/provenance/v1"}},
    ],
)
def test_blobs_that_are_not_sboms_are_not_pulled(
    shelf: Shelf, desk: Desk, image: Image, fields: dict[str, object]
) -> None:
    refer(shelf, image, referring(image, DOCUMENT, BUNDLE), **fields)
    assert desk.collect(shelf.name, referrers=True).pulls == 1


def test_what_cannot_be_trusted_leaves_the_image_as_it_is(shelf: Shelf, desk: Desk, image: Image) -> None:
    about_another = referring(image, DOCUMENT, "application/spdx+json", subject=f"sha256:{'1' * 64}")
    names_another = referring(image, bundle(in_toto(SPDX, DOCUMENT, [f"sha256:{'2' * 64}"])), BUNDLE)
    broken = referring(image, "no SBOM", "application/spdx+json")
    gone = referring(image, {"spdxVersion": "SPDX-2.3"}, "application/spdx+json")
    refer(shelf, image, about_another, names_another, broken, gone)
    shelf.answer(gone[0].digest, UNKNOWN)
    assert desk.collect(shelf.name, referrers=True).failed == 0
    assert packages_of(shelf, desk, image) is None
    assert len([fact for fact in desk.facts() if isinstance(fact, StatementFact)]) == 2
    desk.check()


@pytest.mark.parametrize("body", ["[", '{"manifests": [{"digest": "x"}]}', '{"manifests": 1}'])
def test_an_invalid_list_is_skipped(shelf: Shelf, desk: Desk, image: Image, body: str) -> None:
    shelf.stub.on(f"/v2/{shelf.path}/referrers/{image.digest}", reply(body, content_type=OCI_INDEX))
    assert desk.collect(shelf.name, referrers=True).failed == 0


def test_no_more_than_some_are_pulled(shelf: Shelf, desk: Desk, image: Image) -> None:
    refer(shelf, image, *(referring(image, {"n": number}, "application/spdx+json") for number in range(30)))
    assert desk.collect(shelf.name, referrers=True).pulls == 11


def test_a_limit_of_pulls_leaves_the_image_for_the_next_run(shelf: Shelf, desk: Desk, image: Image) -> None:
    sbom = referring(image, DOCUMENT, "application/spdx+json")
    refer(shelf, image, sbom)
    shelf.answer(sbom[0].digest, PULL_LIMIT)
    assert desk.collect(shelf.name, referrers=True).left == 1
    shelf.put_manifest(sbom[0])
    desk.collect(shelf.name, referrers=True)
    assert packages_of(shelf, desk, image) == FOUND
