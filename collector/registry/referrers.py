"""What refers to a manifest (distribution-spec, "Listing referrers" and "Referrers tag schema")."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec

from collector.errors import InvalidValue, NotFoundInRegistry, UntrustedAnswer
from collector.model.digests import Digest, parse_digest
from collector.model.images import INDEX_TYPES, OCI_INDEX, MediaType
from collector.model.references import Repository, Tag
from collector.registry.error_mapping import raise_for
from collector.registry.media_types import plain_type
from collector.registry.pagination import iter_pages
from collector.registry.transport.http import Answer

if TYPE_CHECKING:
    from collector.registry.client import RegistryClient

_NOT_SUPPORTED = frozenset({400, 404, 405, 406, 501})
_MOST = 10_000


class Referrer(msgspec.Struct, frozen=True, kw_only=True):
    """A manifest that refers to another one, as the list describes it."""

    digest: Digest
    media_type: MediaType
    size: int
    artifact_type: str = ""
    """Empty in some lists: then only the manifest itself tells."""
    annotations: Mapping[str, str] = {}


class _Descriptor(msgspec.Struct):
    digest: str | None = None
    media_type: str | None = msgspec.field(default=None, name="mediaType")
    size: int | None = None
    artifact_type: str | None = msgspec.field(default=None, name="artifactType")
    annotations: dict[str, str | None] | None = None


class _Index(msgspec.Struct):
    manifests: list[_Descriptor | None] | None = None


def fallback_tag(digest: Digest) -> Tag:
    """The tag at which the referrers of a digest are listed where the registry has no list of its own.

    Of a sha512 the tag holds 64 digits only.
    """
    algorithm, _, encoded = digest.partition(":")
    return Tag(re.sub(r"[^A-Za-z0-9._-]", "-", f"{algorithm[:32]}-{encoded[:64]}"))


_NAMES_A_DIGEST = re.compile(r"sha(?:256-[0-9a-f]{64}|512-[0-9a-f]{64,128})(?:\.[a-z]+)?\Z")


def names_a_digest(tag: str) -> bool:
    """Whether a tag is there for tools and not for people: a list of referrers, or cosign's `sha256-….sig`."""
    return _NAMES_A_DIGEST.match(tag) is not None


class Referrers:
    """Remembers which repositories have no list of referrers."""

    def __init__(self, client: RegistryClient) -> None:
        self._client = client
        self._lock = threading.Lock()
        self._without: set[Repository] = set()

    def find(self, repository: Repository, digest: Digest, artifact_type: str) -> tuple[Referrer, ...]:
        """All of them, or those of one type; each once, in the order of the list."""
        with self._lock:
            has_none = repository in self._without
        listed = None if has_none else self._from_list(repository, digest)
        if listed is None:
            with self._lock:
                self._without.add(repository)
            listed = self._from_tag(repository, digest)
        unique: dict[Digest, Referrer] = {}
        for referrer in listed:
            unique.setdefault(referrer.digest, referrer)
        # The registry's own filter is not asked for: what it left in would have to be checked all the same.
        return tuple(found for found in unique.values() if artifact_type in {"", found.artifact_type})

    def _from_list(self, repository: Repository, digest: Digest) -> list[Referrer] | None:
        """None: there is no list of referrers there, or something that only looks like an answer."""
        endpoint = self._client.endpoint(repository.registry)
        url = f"{endpoint.url}{repository.path}/referrers/{digest}"
        subject = f"{repository.name}@{digest}"
        found: list[Referrer] = []
        for answer in iter_pages(endpoint, repository, url, subject, OCI_INDEX):
            if answer.status in _NOT_SUPPORTED or (answer.status == 200 and not _is_index(answer)):
                return None
            raise_for(answer, subject)
            found += _read(answer.body, subject)
            if len(found) > _MOST:
                raise UntrustedAnswer(f"{subject}: more than {_MOST} referrers")
        return found

    def _from_tag(self, repository: Repository, digest: Digest) -> list[Referrer]:
        tag = fallback_tag(digest)
        try:
            # HEAD first: on most images there is none, and GET would count as a pull.
            self._client.head_manifest(repository, tag)
            index = self._client.get_manifest(repository, tag)
        except NotFoundInRegistry:
            return []
        return _read(index.raw, f"{repository.name}:{tag}") if index.media_type in INDEX_TYPES else []


def _is_index(answer: Answer) -> bool:
    return plain_type(answer.header("Content-Type")) == OCI_INDEX


def _read(raw: bytes, subject: str) -> list[Referrer]:
    try:
        descriptors = msgspec.json.decode(raw, type=_Index).manifests or []
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise UntrustedAnswer(f"{subject}: the list of referrers is none") from None
    return [referrer for descriptor in descriptors if descriptor and (referrer := _referrer(descriptor))]


def _referrer(descriptor: _Descriptor) -> Referrer | None:
    """None for one that cannot be fetched."""
    try:
        digest = parse_digest(descriptor.digest or "")
    except InvalidValue:
        return None
    if descriptor.size is None or descriptor.size < 0:
        return None
    return Referrer(
        digest=digest,
        media_type=descriptor.media_type or "",
        size=descriptor.size,
        artifact_type=descriptor.artifact_type or "",
        annotations={key: value for key, value in (descriptor.annotations or {}).items() if value is not None},
    )
