"""A digest is checked where the bytes come in (OCI image-spec, descriptor.md, "Verification")."""

from __future__ import annotations

from collector.errors import InvalidValue, UntrustedAnswer, WrongDigest
from collector.model.digests import Digest
from collector.model.hashes import document_digest


def manifest_digest(raw: bytes, media_type: str, *, algorithm: str = "sha256") -> Digest:
    """The digest that a registry knows these bytes by.

    Raises:
        UntrustedAnswer: it is a signed schema 1 manifest with an invalid signature, or the algorithm is unknown.
    """
    try:
        return document_digest(raw, media_type, algorithm)
    except InvalidValue as error:
        raise UntrustedAnswer(str(error)) from None


def check_manifest(raw: bytes, media_type: str, expected: Digest) -> None:
    """Check a manifest that was asked for by digest.

    Raises:
        WrongDigest: it has another digest.
    """
    actual = manifest_digest(raw, media_type, algorithm=expected.partition(":")[0])
    _check(actual, expected)


def check_blob(raw: bytes, expected: Digest, size: int) -> None:
    """Check a blob against its descriptor; the size first, as that costs nothing.

    Raises:
        UntrustedAnswer: it has another size; WrongDigest: another digest.
    """
    if len(raw) != size:
        raise UntrustedAnswer(f"{expected}: {len(raw)} bytes came where the manifest says {size}")
    _check(manifest_digest(raw, "", algorithm=expected.partition(":")[0]), expected)


def _check(actual: Digest, expected: Digest) -> None:
    if actual != expected:
        raise WrongDigest(f"asked for {expected}, and got {actual}", hint="the registry, or a proxy, is at fault")
