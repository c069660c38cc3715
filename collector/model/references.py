"""Names of images (distribution-spec, "Pulling manifests"; the short forms are Docker's).

A repository is kept by its full name (`docker.io/library/python`) and shown by its familiar one
(`python`, `bitnami/redis`, `ghcr.io/owner/name`).
"""

from __future__ import annotations

import re
from typing import NewType

import msgspec

from collector.errors import InvalidValue, UsageError
from collector.model.digests import Digest, parse_digest
from collector.model.times import Time, parse_as_of

Tag = NewType("Tag", str)
"""A tag that follows the grammar of the distribution-spec."""

_TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,127}\Z")
_PATH = re.compile(r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*\Z")
_REGISTRY = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]{1,5})?\Z")
_HUB = "docker.io"
_HUB_ALIASES = {"index.docker.io", "registry-1.docker.io", "registry.hub.docker.com"}
_DIGEST_TAG = re.compile(r"sha(?:256-[0-9a-f]{64}|512-[0-9a-f]{64,128})(?:\.[a-z]+)?\Z")


class Repository(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """One repository in one registry."""

    registry: str
    """Host, and port where there is one: `docker.io`, `localhost:5000`."""
    path: str
    """`library/python`."""

    @property
    def name(self) -> str:
        """The full name: `docker.io/library/python`."""
        return f"{self.registry}/{self.path}"

    @property
    def familiar(self) -> str:
        """The name that people write: `python`, `bitnami/redis`, `ghcr.io/owner/name`."""
        if self.registry != _HUB or _names_registry(*self.path.partition("/")[:2]):
            return self.name
        return self.path.removeprefix("library/") if self.path.count("/") == 1 else self.path

    def __str__(self) -> str:
        return self.familiar


def parse_tag(text: str) -> Tag:
    """Validate a tag.

    Raises:
        InvalidValue: it breaks the grammar of the distribution-spec.
    """
    if not _TAG.match(text):
        raise InvalidValue(f"not a tag: {text[:140]!r}", hint="letters, digits, '_', '.' and '-', at most 128")
    return Tag(text)


def parse_repository(text: str) -> Repository:
    """Read a full or familiar name.

    Raises:
        InvalidValue: it breaks the grammar of the distribution-spec.
    """
    first, slash, rest = text.partition("/")
    if _names_registry(first, slash):
        registry, path = (_HUB if first in _HUB_ALIASES else first), rest
    else:
        registry, path = _HUB, text
    if registry == _HUB and "/" not in path:
        path = f"library/{path}"
    if len(text) > 255 or not _REGISTRY.match(registry) or ".." in registry or not _PATH.match(path):
        raise InvalidValue(f"not an image name: {text[:260]!r}", hint="expected a name as python or ghcr.io/owner/name")
    return Repository(registry=registry, path=path)


def _names_registry(first: str, slash: str) -> bool:
    """Whether the first part of a name is a registry: Docker's rule, which goes by how it looks."""
    return bool(slash) and ("." in first or ":" in first or first == "localhost")


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody points at on the command line: a tag, a tag at a moment, or a digest."""

    repository: Repository
    tag: Tag | None = None
    as_of: Time | None = None
    digest: Digest | None = None


def names_digest(tag: str) -> bool:
    """Whether a tag is for tools and not for people: cosign's `sha256-….sig`, or a list of referrers.

    Source: distribution-spec, "Referrers tag schema"; cosign, specs/SIGNATURE_SPEC.md.
    """
    return _DIGEST_TAG.match(tag) is not None


def parse_asked(text: str) -> Asked:
    """Read `IMAGE:TAG`, `IMAGE:TAG@DATE` or `IMAGE@DIGEST`; without a tag it is `latest`.

    Raises:
        UsageError: it is none of these.
    """
    name, at, pin = text.partition("@")
    head, colon, last = name.rpartition(":")
    image, tag = (head, last) if colon and "/" not in last else (name, "")
    try:
        repository = parse_repository(image)
        if at and pin.startswith(("sha256:", "sha512:")):
            return Asked(repository=repository, tag=parse_tag(tag) if tag else None, digest=parse_digest(pin))
        return Asked(repository=repository, tag=parse_tag(tag or "latest"), as_of=parse_as_of(pin) if at else None)
    except InvalidValue as error:
        hint = "write IMAGE:TAG, IMAGE:TAG@2018-01-29 or IMAGE@sha256:…"
        raise UsageError(f"{text[:300]!r}: {error}", hint=hint) from None


def parse_tagged(text: str) -> Asked:
    """Read `IMAGE:TAG`, without a date or a digest; without a tag it is `latest`.

    Raises:
        UsageError: the text is something else.
    """
    asked = parse_asked(text)
    if asked.as_of or asked.digest:
        raise UsageError(f"{text[:300]!r}: a history is of a tag, not of a date or a digest", hint="write IMAGE:TAG")
    return asked
