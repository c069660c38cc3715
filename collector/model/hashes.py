"""The digest of a document in a registry, from its exact bytes (OCI image-spec, descriptor.md).

The digest of a signed schema 1 manifest is that of its payload, the signed text. The signatures are part of the same
JSON, and each describes how to remove them again (distribution, spec/manifest-v2-1.md).
"""

from __future__ import annotations

import base64
import binascii
import hashlib

import msgspec

from collector.errors import InvalidValue
from collector.model.digests import Digest
from collector.model.documents import SIGNED_SCHEMA_1
from collector.model.json_text import repair_json

ALGORITHMS = frozenset({"sha256", "sha512"})
"""The algorithms that can be checked."""


class _Signature(msgspec.Struct):
    protected: str


class _Signed(msgspec.Struct):
    signatures: list[_Signature]


class _Protected(msgspec.Struct):
    format_length: int = msgspec.field(name="formatLength")
    format_tail: str = msgspec.field(name="formatTail")


def document_digest(raw: bytes, media_type: str, algorithm: str = "sha256") -> Digest:
    """The digest of a manifest, an index or a config.

    Raises:
        InvalidValue: the algorithm is unknown, or a signed schema 1 manifest has no valid signature.
    """
    if algorithm not in ALGORITHMS:
        raise InvalidValue(f"a digest by {algorithm[:20]!r} cannot be checked")
    content = _signed_payload(raw) if media_type == SIGNED_SCHEMA_1 else raw
    return Digest(f"{algorithm}:{hashlib.new(algorithm, content).hexdigest()}")


def is_digest_of(raw: bytes, media_type: str, digest: Digest) -> bool:
    """Whether a document has a digest."""
    try:
        return document_digest(raw, media_type, digest.partition(":")[0]) == digest
    except InvalidValue:
        return False


def _signed_payload(raw: bytes) -> bytes:
    try:
        (first, *_) = msgspec.json.decode(repair_json(raw), type=_Signed).signatures
        protected = msgspec.json.decode(_base64url(first.protected), type=_Protected)
        tail = _base64url(protected.format_tail)
    except (msgspec.MsgspecError, binascii.Error, ValueError, RecursionError):
        raise InvalidValue("a schema 1 manifest without a readable signature") from None
    if not 0 <= protected.format_length <= len(raw):
        raise InvalidValue("a schema 1 manifest whose signature covers more than the manifest has")
    return raw[: protected.format_length] + tail


def _base64url(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
