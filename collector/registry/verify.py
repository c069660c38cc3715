"""A digest is checked where the bytes come in (OCI image-spec, descriptor.md, "Verification").

The digest of a signed schema 1 manifest is that of its payload, the text that was signed: the signatures stand inside
the same JSON, and each of them says how to take them out again (distribution, spec/manifest-v2-1.md).
"""

from __future__ import annotations

import base64
import binascii
import hashlib

import msgspec

from collector.errors import UntrustedAnswer
from collector.model.digests import Digest
from collector.registry.media_types import SIGNED_SCHEMA_1


class _Signature(msgspec.Struct):
    protected: str


class _Signed(msgspec.Struct):
    signatures: list[_Signature]


class _Protected(msgspec.Struct):
    format_length: int = msgspec.field(name="formatLength")
    format_tail: str = msgspec.field(name="formatTail")


def manifest_digest(raw: bytes, media_type: str, *, algorithm: str = "sha256") -> Digest:
    """The digest that a registry knows these bytes by.

    Raises:
        UntrustedAnswer: it is a signed schema 1 manifest whose signature makes no sense, or the algorithm is unknown.
    """
    content = _signed_payload(raw) if media_type == SIGNED_SCHEMA_1 else raw
    return _digest(content, algorithm)


def check_manifest(raw: bytes, media_type: str, expected: Digest) -> None:
    """Check a manifest that was asked for by digest.

    Raises:
        UntrustedAnswer: it has another digest.
    """
    actual = manifest_digest(raw, media_type, algorithm=expected.partition(":")[0])
    _check(actual, expected)


def check_blob(raw: bytes, expected: Digest, size: int) -> None:
    """Check a blob against its descriptor; the size first, as that costs nothing.

    Raises:
        UntrustedAnswer: it has another size, or another digest.
    """
    if len(raw) != size:
        raise UntrustedAnswer(f"{expected}: {len(raw)} bytes came where the manifest says {size}")
    _check(_digest(raw, expected.partition(":")[0]), expected)


def _check(actual: Digest, expected: Digest) -> None:
    if actual != expected:
        raise UntrustedAnswer(f"asked for {expected}, and got {actual}", hint="the registry, or a proxy, is at fault")


def _digest(content: bytes, algorithm: str) -> Digest:
    if algorithm not in {"sha256", "sha512"}:
        raise UntrustedAnswer(f"a digest by {algorithm[:20]!r} cannot be checked")
    return Digest(f"{algorithm}:{hashlib.new(algorithm, content).hexdigest()}")


def _signed_payload(raw: bytes) -> bytes:
    try:
        (first, *_) = msgspec.json.decode(raw, type=_Signed).signatures
        protected = msgspec.json.decode(_base64url(first.protected), type=_Protected)
        tail = _base64url(protected.format_tail)
    except (msgspec.MsgspecError, binascii.Error, ValueError, RecursionError):
        raise UntrustedAnswer("a schema 1 manifest without a signature that can be read") from None
    if not 0 <= protected.format_length <= len(raw):
        raise UntrustedAnswer("a schema 1 manifest whose signature speaks of more than there is")
    return raw[: protected.format_length] + tail


def _base64url(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
