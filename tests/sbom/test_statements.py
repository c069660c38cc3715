"""Statements in all kinds of envelopes."""

from __future__ import annotations

import base64

import msgspec
import pytest

from collector.errors import InvalidValue
from collector.model.digests import Digest
from collector.sbom.statements import CYCLONEDX, SPDX, parse_statement
from tests.sbom.documents import in_toto
from tests.support.registry import encode

ONE, OTHER = f"sha256:{'1' * 64}", f"sha256:{'2' * 64}"
PLAIN = in_toto(SPDX, {"packages": []}, [ONE])
PLAIN_WITH_MARKS = PLAIN.replace(b'"_"', '"~~~???ÿÿÿ"'.encode())
"""Encoded, it has both characters in which the two alphabets of base64 differ."""


def dsse(raw: bytes) -> dict[str, object]:
    payload = base64.b64encode(raw).decode()
    return {"payloadType": "application/vnd.in-toto+json", "payload": payload, "signatures": [{"sig": "c2ln"}]}


@pytest.mark.parametrize(
    "raw",
    [
        PLAIN,
        encode(dsse(PLAIN)),
        encode(dsse(PLAIN) | {"payload": base64.urlsafe_b64encode(PLAIN_WITH_MARKS).decode()}),
        encode(
            {"mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json", "dsseEnvelope": dsse(PLAIN)},
        ),
    ],
    ids=["bare", "dsse", "url-safe", "bundle"],
)
def test_a_statement_is_unwrapped(raw: bytes) -> None:
    statement = parse_statement(raw)
    assert statement.predicate_type == SPDX
    assert msgspec.json.decode(statement.predicate) == {"packages": []}
    assert statement.is_about(Digest(ONE))
    assert not statement.is_about(Digest(OTHER))


@pytest.mark.parametrize(
    ("document", "kind"), [({"spdxVersion": "SPDX-2.3"}, SPDX), ({"bomFormat": "CycloneDX"}, CYCLONEDX)]
)
def test_a_bare_document_describes_the_image_that_it_is_attached_to(document: object, kind: str) -> None:
    statement = parse_statement(encode(document))
    assert (statement.predicate_type, msgspec.json.decode(statement.predicate)) == (kind, document)
    assert statement.is_about(Digest(ONE))


@pytest.mark.parametrize(
    "subjects", [[], None, [None], [{}], [{"digest": {"gitCommit": "x"}}], [{"digest": {"sha256": 1}}]]
)
def test_a_statement_that_names_nothing_is_about_what_it_is_attached_to(subjects: object) -> None:
    statement = parse_statement(encode({"predicateType": SPDX, "subject": subjects}))
    assert statement.is_about(Digest(ONE))


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"no JSON",
        b"[]",
        b"\xff",
        b"[" * 100_000,
        b'{"predicate":' + b"[" * 100_000,
        encode({"payload": "no base64!"}),
        encode({"payload": base64.b64encode(b"\x1f\x8b\x08").decode()}),
        encode({"dsseEnvelope": "no envelope"}),
        encode({"predicateType": 1}),
        b'{"subject":[' + b"{}," * 3_000_001 + b"{}]}",
        encode({"payload": base64.b64encode(b"[" + b"[]," * 3_000_001 + b"[]]").decode()}),
    ],
)
def test_invalid_statements(raw: bytes) -> None:
    with pytest.raises(InvalidValue, match="not a statement"):
        parse_statement(raw)
