"""Content digests (OCI image-spec, descriptor.md, "Digests")."""

from __future__ import annotations

import hashlib
import re
from typing import NewType

from collector.errors import InvalidValue

Digest = NewType("Digest", str)
"""`algorithm:encoded`, validated: `sha256:` and 64 lower-case hex digits (or sha512 and 128).

An algorithm that is unknown here (`blake3:…`) may stand before any hex digits: such content can be referred to, and is
never fetched, because it cannot be checked. `v1:` stands before the 64 digits of the Image ID of a schema 1 image,
which is not a hash; `none:` before a hash of what a page says of a config without naming its Image ID."""

DigestPrefix = NewType("DigestPrefix", str)
"""The first 7 or more hex digits of a digest, lower case, without the algorithm."""

_KINDS = (
    "(sha256|v1|none):[0-9a-f]{64}|sha512:[0-9a-f]{128}|(?!(sha256|sha512|v1|none):)[a-z0-9]{2,20}:[0-9a-f]{32,128}"
)
_DIGEST = re.compile(rf"(?:{_KINDS})\Z")
_ASKED = re.compile(r"(?:.*@)?(?:(?:sha256|sha512|blake3|v1|none)[:-])?([0-9a-f]{7,128})\Z", re.IGNORECASE | re.DOTALL)

NO_IMAGE_ID = "none:"
PATTERN = rf"^({_KINDS})$"
"""The same rule as a pattern for decoders and schemas."""


def parse_digest(text: str) -> Digest:
    """Validate a complete digest.

    Raises:
        InvalidValue: it is not an algorithm with the right number of lower-case hex digits after it.
    """
    if not is_digest(text):
        raise InvalidValue(f"not a digest: {text[:100]!r}", hint="expected sha256: and 64 hex digits")
    return Digest(text)


def is_digest(text: str) -> bool:
    """Whether a text is a complete digest."""
    return _DIGEST.match(text) is not None


def parse_digest_prefix(text: str) -> DigestPrefix | None:
    """The hex digits that a user gives; None if the text cannot be a digest.

    Accepts complete digests and prefixes of 7 or more digits: bare, or after `sha256:`, `sha256-` (as in Docker Hub's
    addresses of layers) or `name@`.
    """
    match = _ASKED.match(text.strip())
    return DigestPrefix(match[1].lower()) if match else None


def unnamed_config(content: bytes) -> Digest:
    """The name of a config with an unknown Image ID, from everything that is known of it."""
    return Digest(NO_IMAGE_ID + hashlib.sha256(content).hexdigest())


def digest_of(raw: bytes) -> Digest:
    """The sha256 digest of exact raw bytes."""
    return Digest("sha256:" + hashlib.sha256(raw).hexdigest())


def hex_of(digest: Digest) -> str:
    """The encoded part: the hex digits without the algorithm."""
    return digest.partition(":")[2]


def short(digest: Digest) -> str:
    """The first 12 hex digits, as Docker shows them."""
    return hex_of(digest)[:12]
