"""Checks of digests, made where the bytes enter (OCI image-spec, descriptor.md, "Verification")."""

from __future__ import annotations

from collector.errors import InvalidValue, UntrustedAnswer, WrongDigest
from collector.model.digests import Digest
from collector.model.hashes import document_digest


def manifest_digest(raw: bytes, media_type: str, *, algorithm: str = "sha256") -> Digest:
    """The digest by which a registry finds these bytes.

    Raises:
        UntrustedAnswer: the signature of a schema 1 manifest is invalid, or the algorithm is unknown.
    """
    try:
        return document_digest(raw, media_type, algorithm)
    except InvalidValue as error:
        raise UntrustedAnswer(str(error)) from None


def check_manifest(raw: bytes, media_type: str, expected: Digest) -> None:
    """Check a manifest that was requested by digest.

    Raises:
        WrongDigest: its digest differs.
    """
    actual = manifest_digest(raw, media_type, algorithm=expected.partition(":")[0])
    _check(actual, expected)


def check_blob(raw: bytes, expected: Digest, size: int) -> None:
    """Check a blob against its descriptor. The size comes first, as it costs nothing to compare.

    Raises:
        UntrustedAnswer: its size differs.
        WrongDigest: its digest differs.
    """
    if len(raw) != size:
        raise UntrustedAnswer(f"{expected}: has {len(raw)} bytes, but the manifest states {size}")
    _check(manifest_digest(raw, "", algorithm=expected.partition(":")[0]), expected)


def _check(actual: Digest, expected: Digest) -> None:
    if actual != expected:
        raise WrongDigest(
            f"asked for {expected}, but received {actual}",
            hint="the registry or a proxy is faulty; report it to its operator",
        )
