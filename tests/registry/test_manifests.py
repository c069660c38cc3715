"""The kind of a manifest, and its digest. The real signed manifest is in test_real.py."""

from __future__ import annotations

import base64
import json

import pytest

from collector.errors import UntrustedAnswer
from collector.model.digests import Digest, digest_of
from collector.model.documents import SCHEMA_1, SIGNED_SCHEMA_1
from collector.registry.digest_checks import check_manifest, manifest_digest
from collector.registry.media_types import ACCEPT, manifest_type, plain_type
from tests.support.registry import (
    DOCKER_LIST,
    DOCKER_MANIFEST,
    OCI_INDEX,
    OCI_MANIFEST,
    config,
    encode,
    index,
    raw_image,
)

OCI = encode({"schemaVersion": 2, "config": config().descriptor, "layers": []})
DOCKER = encode({"schemaVersion": 2, "config": raw_image(docker=True).config.descriptor, "layers": []})


@pytest.mark.parametrize(
    ("raw", "content_type", "expected"),
    [
        (OCI, OCI_MANIFEST, OCI_MANIFEST),
        (OCI, OCI_MANIFEST.upper() + "; charset=utf-8", OCI_MANIFEST),
        (OCI, "", OCI_MANIFEST),
        (OCI, "application/json", OCI_MANIFEST),
        (OCI, "text/plain; charset=utf-8", OCI_MANIFEST),
        (DOCKER, "application/octet-stream", DOCKER_MANIFEST),
        (b'{"schemaVersion": 2, "config": null, "layers": []}', "application/json", OCI_MANIFEST),
        (raw_image(docker=True).manifest.raw, "text/plain", DOCKER_MANIFEST),
        (index([]).raw, "application/json", OCI_INDEX),
        (index([], docker=True).raw, "application/json", DOCKER_LIST),
        (b'{"schemaVersion": 2, "manifests": []}', "application/json", OCI_INDEX),
        (b'{"schemaVersion": 2, "manifests": []}', DOCKER_LIST, DOCKER_LIST),
        (b'{"schemaVersion": 1, "fsLayers": []}', "application/json", SCHEMA_1),
        (b'{"schemaVersion": 1, "signatures": [{}]}', "text/plain", SIGNED_SCHEMA_1),
        (b'{"schemaVersion": 1, "signatures": [{}]}', SIGNED_SCHEMA_1, SIGNED_SCHEMA_1),
        (b'{"mediaType": "application/vnd.future+json"}', "application/json", "application/vnd.future+json"),
        (b"{}", "application/vnd.future+json", "application/vnd.future+json"),
        (OCI, "text/html; charset=utf-8", OCI_MANIFEST),
        (raw_image(docker=True).manifest.raw, "text/html", DOCKER_MANIFEST),
        (raw_image(docker=True).manifest.raw, "application/xml", DOCKER_MANIFEST),
        (b'{"schemaVersion": 2, "mediaType": "text/html", "config": {}, "layers": []}', OCI_MANIFEST, OCI_MANIFEST),
        (b'{"schemaVersion": 2, "layers": [], "annotations": {"x": "cut \\ud83d"}}', "", OCI_MANIFEST),
    ],
)
def test_kinds(raw: bytes, content_type: str, expected: str) -> None:
    assert manifest_type(raw, content_type) == expected


def test_two_types_contradict_one_another() -> None:
    with pytest.raises(
        UntrustedAnswer, match=r"the registry names the type .*v2\+json, but the manifest itself .*v1\+json"
    ):
        manifest_type(raw_image().manifest.raw, DOCKER_MANIFEST)


def test_all_kinds_are_accepted() -> None:
    kinds = [plain_type(kind) for kind in ACCEPT.split(",")]
    assert kinds == [
        OCI_INDEX, OCI_MANIFEST, DOCKER_LIST, DOCKER_MANIFEST, SIGNED_SCHEMA_1, SCHEMA_1,
        "application/vnd.oci.artifact.manifest.v1+json",
    ]  # fmt: skip


def base64url(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def signed(*, length: object, tail: str, payload: str = '{\n   "name": "app"\n}') -> bytes:
    protected = base64url(json.dumps({"formatLength": length, "formatTail": base64url(tail)}))
    head = payload.removesuffix("\n}")
    return f'{head},\n   "signatures": [{{"protected": "{protected}"}}]\n}}'.encode()


def test_the_payload_of_a_signed_manifest() -> None:
    payload = '{\n   "name": "app"\n}'
    raw = signed(length=len(payload) - 2, tail="\n}")
    digest = manifest_digest(raw, SIGNED_SCHEMA_1)
    assert digest == digest_of(payload.encode()) != digest_of(raw)
    check_manifest(raw, SIGNED_SCHEMA_1, digest)
    assert manifest_digest(raw, SCHEMA_1) == digest_of(raw)


@pytest.mark.parametrize(
    "raw",
    [
        b"{}",
        b'{"signatures": []}',
        b'{"signatures": [{"protected": "%%%"}]}',
        b'{"signatures": [{"protected": "e30"}]}',
        b'{"signatures": [{"protected": "\xff"}]}',
        signed(length=10**9, tail="}"),
        signed(length=-1, tail="}"),
        signed(length="1", tail="}"),
        b"[" * 10**5,
    ],
)
def test_invalid_signatures(raw: bytes) -> None:
    with pytest.raises(UntrustedAnswer, match="schema 1"):
        manifest_digest(raw, SIGNED_SCHEMA_1)


def test_a_digest_of_an_unsupported_algorithm() -> None:
    with pytest.raises(UntrustedAnswer, match="a digest by 'v1' cannot be checked"):
        check_manifest(OCI, OCI_MANIFEST, Digest("v1:" + "0" * 64))
