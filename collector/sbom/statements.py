"""Attestation statements and their envelopes (in-toto Statement v0.1 and v1; DSSE; Sigstore bundles)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Sequence
from contextlib import suppress

import msgspec

from collector.errors import InvalidValue
from collector.model.digests import Digest, parse_digest
from collector.model.json_text import check_count, repair_json

SPDX = "https://spdx.dev/Document"
CYCLONEDX = "https://cyclonedx.org/bom"

_MAX_SUBJECTS = 10_000
_MAX_VALUES = 3_000_000
"""The largest number of values in a document. A real one has about one for each 60 bytes; decoded, even the shortest
takes as much memory.
"""


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """One statement, without its envelope."""

    predicate_type: str
    """May be empty."""
    predicate: msgspec.Raw
    subjects: frozenset[Digest] = frozenset()
    """The digests that it is about; empty if it names none, as some of Docker's statements."""

    def is_about(self, digest: Digest) -> bool:
        """Whether it may be about a manifest: it names this manifest, or none."""
        return not self.subjects or digest in self.subjects


_ABSENT = msgspec.Raw(b"null")


class _Subject(msgspec.Struct):
    digest: dict[str, msgspec.Raw] | None = None


class _Envelope(msgspec.Struct):
    """The members of a statement, of an envelope around it, and of documents that stand alone."""

    predicate_type: str | None = msgspec.field(default=None, name="predicateType")
    predicate: msgspec.Raw = msgspec.Raw(b"{}")
    subject: list[_Subject | None] | None = None
    payload: str | None = None
    bundled: msgspec.Raw = msgspec.field(default=_ABSENT, name="dsseEnvelope")
    spdx_version: str | None = msgspec.field(default=None, name="spdxVersion")
    bom_format: str | None = msgspec.field(default=None, name="bomFormat")


_DECODER = msgspec.json.Decoder(_Envelope)
_BROKEN = (InvalidValue, msgspec.MsgspecError, UnicodeDecodeError, RecursionError, binascii.Error, ValueError)


def parse_statement(raw: bytes) -> Statement:
    """Read a statement, bare, in a DSSE envelope or in a bundle; or a bare SPDX or CycloneDX document.

    Raises:
        InvalidValue: it is none of these.
    """
    try:
        return _unwrap(repair_json(raw))
    except _BROKEN as error:
        raise InvalidValue(f"not a statement: {str(error)[:200]}") from None


def _unwrap(raw: bytes) -> Statement:
    envelope = _decode(raw)
    if envelope.bundled != _ABSENT:
        envelope = _DECODER.decode(envelope.bundled)
    if envelope.payload is not None:
        raw = _decode_base64(envelope.payload)
        envelope = _decode(raw)
    if envelope.spdx_version is not None:
        return Statement(predicate_type=SPDX, predicate=msgspec.Raw(raw))
    if envelope.bom_format is not None:
        return Statement(predicate_type=CYCLONEDX, predicate=msgspec.Raw(raw))
    return Statement(
        predicate_type=envelope.predicate_type or "",
        predicate=envelope.predicate,
        subjects=frozenset(_digests(envelope.subject or ())),
    )


def _decode(raw: bytes) -> _Envelope:
    check_count(raw, _MAX_VALUES)
    return _DECODER.decode(raw)


def _decode_base64(text: str) -> bytes:
    """Decode either alphabet: DSSE allows both (its protocol, "Signature Definition")."""
    return base64.b64decode(text.replace("-", "+").replace("_", "/"))


def _digests(subjects: Sequence[_Subject | None]) -> Iterator[Digest]:
    for subject in subjects[:_MAX_SUBJECTS]:
        for algorithm, encoded in (subject.digest or {}).items() if subject else ():
            with suppress(InvalidValue):
                yield parse_digest(f"{algorithm}:{bytes(encoded)[1:-1].decode(errors='replace')}")
