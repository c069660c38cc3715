"""Names of images (distribution-spec, "Pulling manifests"; the grammar and the short forms are Docker's: distribution,
reference/reference.go).

The archive uses the full name of a repository (`docker.io/library/python`), pages its familiar name (`python`,
`bitnami/redis`, `ghcr.io/owner/name`).
"""

from __future__ import annotations

import re
from ipaddress import IPv6Address
from typing import NewType

import msgspec

from collector.errors import InvalidValue, UsageError
from collector.model.digests import Digest, parse_digest
from collector.model.times import Time, parse_as_of

Tag = NewType("Tag", str)
"""A tag that follows the grammar of the distribution-spec."""

_TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,127}\Z")
_PATH = re.compile(r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*\Z")
_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_REGISTRY = re.compile(rf"(?:{_LABEL}(?:\.{_LABEL})*|\[[0-9A-Fa-f:]+\])(?::[0-9]{{1,5}})?\Z")
_IMAGE_ID = re.compile(r"[0-9a-f]{64}\Z")
_MAX_REGISTRY, _MAX_PATH = 262, 255
_IN_PATHS = str.maketrans({":": "+", "[": "", "]": "_"})
"""File systems and upload tools refuse colons; addresses refuse brackets. No name contains `+`, and no registry `_`."""
_ALGORITHM = re.compile(r"[a-z][a-z0-9]*:")
"""The beginning of a digest, but never of a date."""
_HUB = "docker.io"
_HUB_ALIASES = {"index.docker.io", "registry-1.docker.io", "registry.hub.docker.com"}
_DIGEST_TAG = re.compile(r"sha(?:256-[0-9a-f]{64}|512-[0-9a-f]{64,128})(?:\.[a-z]+)?\Z")


class Repository(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """One repository in one registry."""

    registry: str
    """Host, and port if there is one: `docker.io`, `localhost:5000`, `[::1]:5000`."""
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
        short = self.path.removeprefix("library/")
        return self.path if "/" in short or _IMAGE_ID.match(short) else short

    @property
    def folder(self) -> str:
        """The full name in paths: `localhost+5000/app`, and `++1_+5000/app` for `[::1]:5000/app`."""
        return self.name.translate(_IN_PATHS)

    @property
    def familiar_folder(self) -> str:
        """The familiar name in paths and addresses."""
        return self.familiar.translate(_IN_PATHS)

    def __str__(self) -> str:
        return self.familiar


def original_of(repository: Repository) -> Repository | None:
    """The repository on Docker Hub that another host serves under another name, if that is known; else None.

    Sources: cloud.google.com/artifact-registry, "Pull cached Docker Hub images"; AWS, "Docker Official Images on Amazon
    ECR Public".
    """
    if repository.registry == "mirror.gcr.io":
        path = repository.path if "/" in repository.path else f"library/{repository.path}"
        return Repository(registry=_HUB, path=path)
    if repository.registry == "public.ecr.aws" and repository.path.startswith("docker/library/"):
        return Repository(registry=_HUB, path=repository.path.removeprefix("docker/"))
    return None


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
        InvalidValue: it breaks Docker's grammar.
    """
    if "://" in text:
        # The text is not repeated, because such an address may contain a password.
        raise InvalidValue("not an image name, but a web address", hint="write ghcr.io/owner/name, without https://")
    if _IMAGE_ID.match(text):
        raise InvalidValue(f"not an image name: {text!r}", hint="write a digest with its image: IMAGE@sha256:…")
    first, slash, rest = text.partition("/")
    if _names_registry(first, slash):
        registry, path = (_HUB if first in _HUB_ALIASES else first), rest
    else:
        registry, path = _HUB, text
    if registry == _HUB and "/" not in path:
        path = f"library/{path}"
    is_short = len(registry) <= _MAX_REGISTRY and len(path) <= _MAX_PATH
    if not is_short or not _is_registry(registry) or not _PATH.match(path):
        raise InvalidValue(
            f"not an image name: {text[:260]!r}", hint="write a name such as python or ghcr.io/owner/name"
        )
    return Repository(registry=registry, path=path)


def parse_folder(folder: str) -> Repository:
    """The repository with this `folder`.

    Raises:
        InvalidValue: it is not the folder of a repository.
    """
    registry, slash, path = folder.partition("/")
    registry = f"[{registry.replace('_', ']')}" if "_" in registry else registry
    repository = parse_repository(f"{registry.replace('+', ':')}{slash}{path}")
    if repository.folder != folder:
        raise InvalidValue(f"not the folder of an image: {folder[:260]!r}")
    return repository


def _names_registry(first: str, slash: str) -> bool:
    """Whether the first part of a name is a registry, by Docker's rule: a dot, a port, or a capital letter."""
    looks_so = "." in first or ":" in first or first == "localhost" or first.lower() != first
    return bool(slash) and looks_so


def _is_registry(text: str) -> bool:
    if not _REGISTRY.match(text):
        return False
    if not text.startswith("["):
        return True
    try:
        return bool(IPv6Address(text[1 : text.index("]")]))
    except ValueError:
        return False


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A reference on the command line: a tag, a tag at a moment, or a digest."""

    repository: Repository
    tag: Tag | None = None
    as_of: Time | None = None
    digest: Digest | None = None


def names_digest(tag: str) -> bool:
    """Whether a tag is for tools, not for people: cosign's `sha256-….sig`, or a list of referrers.

    Source: distribution-spec, "Referrers tag schema"; cosign, specs/SIGNATURE_SPEC.md.
    """
    return _DIGEST_TAG.match(tag) is not None


def parse_asked(text: str) -> Asked:
    """Read `IMAGE:TAG`, `IMAGE:TAG@DATE`, `IMAGE@DIGEST` or `IMAGE:TAG@DIGEST`; without a tag or digest it is `latest`.

    Raises:
        UsageError: the text has another form.
    """
    name, at, pin = text.partition("@")
    head, colon, last = name.rpartition(":")
    image, tag = (head, last) if colon and "/" not in last else (name, "")
    try:
        repository = parse_repository(image)
        if at and _ALGORITHM.match(pin):
            return Asked(repository=repository, tag=parse_tag(tag) if tag else None, digest=parse_digest(pin))
        return Asked(repository=repository, tag=parse_tag(tag or "latest"), as_of=parse_as_of(pin) if at else None)
    except InvalidValue as error:
        hint = "write IMAGE:TAG, IMAGE:TAG@2018-01-29 or IMAGE@sha256:…"
        quoted, message = f"{text[:300]!r}", str(error)
        raise UsageError(message if message.endswith(quoted) else f"{quoted}: {message}", hint=hint) from None


def parse_image_or_asked(text: str) -> Asked:
    """Read the same, where an image without a tag means all its tags.

    Raises:
        UsageError: it is none of these.
    """
    asked = parse_asked(text)
    is_whole = "@" not in text and ":" not in text.rpartition("/")[2]
    return Asked(repository=asked.repository) if is_whole else asked


def parse_tagged(text: str) -> Asked:
    """Read `IMAGE:TAG` or, as a Dockerfile pins it, `IMAGE:TAG@DIGEST` or `IMAGE@DIGEST`; a date is refused.

    Raises:
        UsageError: the text has another form.
    """
    asked = parse_asked(text)
    if asked.as_of:
        raise UsageError(f"{text[:300]!r}: a history needs a tag without a date", hint="write IMAGE:TAG")
    return asked
