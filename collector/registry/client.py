"""The distribution API for the rest of the program (opencontainers/distribution-spec).

One client serves all registries and any number of threads; `Endpoint` has what threads share for one registry. Every
method may raise any subclass of RegistryError in collector/errors.py; docstrings name only those of special interest.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from collector.errors import InvalidValue, UntrustedAnswer
from collector.model.digests import Digest, parse_digest
from collector.model.documents import Descriptor
from collector.model.hashes import ALGORITHMS
from collector.model.images import MediaType
from collector.model.json_text import NOT_DECODABLE
from collector.model.references import Repository, Tag, parse_tag
from collector.model.times import Time, parse_header_date
from collector.registry.auth.credentials import Credentials
from collector.registry.digest_checks import check_blob, check_manifest, manifest_digest
from collector.registry.endpoint import Endpoint
from collector.registry.error_answers import raise_for
from collector.registry.media_types import ACCEPT, manifest_type, plain_type, shown_type
from collector.registry.pagination import iter_pages
from collector.registry.referrers import list_referrers
from collector.registry.settings import Settings
from collector.registry.transport.clock import Clock
from collector.registry.transport.http import Answer, Http
from collector.registry.transport.proxies import Proxies

_LOG = logging.getLogger(__name__)
_MAX_TAGS = 10**6
_MAX_PAGES_WITHOUT_NEWS = 100
_NO_HEAD = frozenset({400, 405, 501})
"""The status with which registries, and proxies before them, refuse HEAD."""


class ManifestHead(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to HEAD for a manifest, unchecked."""

    digest: Digest | None
    """None if it is missing or invalid, or if the registry does not answer HEAD. Then GET is needed."""
    media_type: MediaType
    """Empty or meaningless (`text/plain`) if the registry does not keep it."""
    size: int | None


class BlobHead(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to HEAD for a blob, unchecked; None for a missing value."""

    size: int | None
    last_modified: Time | None
    """The time of the upload to the registry's storage, not of the build."""


class RawManifest(msgspec.Struct, frozen=True, kw_only=True):
    """A manifest or an index, exactly as received."""

    raw: bytes
    media_type: MediaType
    digest: Digest
    """Computed from the bytes, or from the payload of a signed schema 1 manifest."""
    announced: Digest | None
    """The digest that the registry announces, which HEAD will repeat. Some announce a wrong one: compare HEADs with
    this.
    """


class _TagList(msgspec.Struct):
    tags: list[str | None] | None = None


class RegistryClient:
    """Asks registries. A context manager, which closes its connections at the end."""

    def __init__(
        self,
        *,
        environment: Mapping[str, str],
        home: Path | None = None,
        run: Path | None = None,
        settings: Settings = Settings(),  # noqa: B008 - frozen
        clock: Clock | None = None,
    ) -> None:
        """The environment, the home directory and `run` (`/run`) provide credentials, proxies and authorities.

        Raises:
            UsageError: one of them is invalid.
        """
        self.settings = settings
        self.clock = clock or Clock()
        self.credentials = Credentials(environment, home, run)
        self.http = Http(settings, Proxies(environment))
        self._lock = threading.Lock()
        self._endpoints: dict[str, Endpoint] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.http.close()

    def endpoint(self, registry: str) -> Endpoint:
        """The state of one registry that all threads share."""
        with self._lock:
            if registry not in self._endpoints:
                self._endpoints[registry] = Endpoint(registry, self.http, self.credentials, self.settings, self.clock)
            return self._endpoints[registry]

    def head_manifest(self, repository: Repository, reference: Tag | Digest) -> ManifestHead:
        """What a tag points at now, by one request that does not count as a pull.

        Raises:
            NotFoundInRegistry: the tag or the repository does not exist; HEAD does not show which.
            PullLimitReached: the registry's limit is used up.
        """
        answer = self._ask_for_manifest("HEAD", repository, reference)
        if answer.status in _NO_HEAD:
            return ManifestHead(digest=None, media_type="", size=None)
        raise_for(answer, _subject(repository, reference))
        return ManifestHead(
            digest=_announced(answer),
            media_type=plain_type(answer.header("Content-Type")),
            size=_size(answer),
        )

    def get_manifest(self, repository: Repository, reference: Tag | Digest) -> RawManifest:
        """A manifest or an index. The request counts as a pull.

        Raises:
            NotFoundInRegistry: `code` shows what does not exist.
            PullLimitReached: after the first time also without a request, until the limit ends.
            UntrustedAnswer: the answer is not a manifest, or has another digest.
        """
        answer, subject = self._ask_for_manifest("GET", repository, reference), _subject(repository, reference)
        raise_for(answer, subject)
        announced = _announced(answer)
        try:
            media_type = manifest_type(answer.body, answer.header("Content-Type"))
            if ":" in reference:
                check_manifest(answer.body, media_type, parse_digest(reference))
                digest = Digest(reference)
            else:
                digest = manifest_digest(answer.body, media_type)
        except UntrustedAnswer as error:
            raise type(error)(f"{subject}: {error}", hint=error.hint) from None
        said = plain_type(answer.header("Content-Type"))
        if said not in {"", media_type}:
            _LOG.info("%s: a %s, announced as %s", subject, media_type, shown_type(said))
        if announced not in {None, digest}:
            # Not an error: so many registries announce a wrong one that ggcr ignores it for tags.
            _LOG.warning("%s: the registry announces %s, but the bytes have %s", subject, announced, digest)
        return RawManifest(raw=answer.body, media_type=media_type, digest=digest, announced=announced)

    def get_blob(self, repository: Repository, digest: Digest, size: int) -> bytes:
        """A config or another small blob, which must have this size and digest. Does not count as a pull.

        Raises:
            UntrustedAnswer: size or digest differ, or the blob is too large (then no request is made).
        """
        subject = _subject(repository, digest)
        ceiling = self.settings.ceilings.blob
        if not 0 <= size <= ceiling:
            raise UntrustedAnswer(f"{subject}: has {size} bytes; the limit is {ceiling}")
        endpoint = self.endpoint(repository.registry)
        url = f"{endpoint.url}{repository.path}/blobs/{digest}"
        answer = endpoint.ask("GET", repository, url, subject, ceiling=size)
        raise_for(answer, subject)
        check_blob(answer.body, digest, size)
        return answer.body

    def head_blob(self, repository: Repository, digest: Digest) -> BlobHead:
        """Size and date of a blob, wherever the registry keeps it. Does not count as a pull."""
        subject = _subject(repository, digest)
        endpoint = self.endpoint(repository.registry)
        answer = endpoint.ask("HEAD", repository, f"{endpoint.url}{repository.path}/blobs/{digest}", subject, ceiling=0)
        raise_for(answer, subject)
        return BlobHead(size=_size(answer), last_modified=_last_modified(answer))

    def list_referrers(self, repository: Repository, digest: Digest) -> tuple[Descriptor, ...] | None:
        """The manifests that refer to a manifest; None if the registry has no lists of referrers. No pull.

        Raises:
            UntrustedAnswer: the list is invalid, or does not end.
        """
        return list_referrers(self.endpoint(repository.registry), repository, digest)

    def iter_tags(self, repository: Repository) -> Iterator[Tag]:
        """All tags, each once, in the registry's order, which may be any. Invalid tags are left out.

        Raises:
            NotFoundInRegistry: the repository does not exist.
            UntrustedAnswer: the list does not end.
        """
        seen: set[str] = set()
        pages_without_news = 0
        url = f"{self.endpoint(repository.registry).url}{repository.path}/tags/list"
        for answer in iter_pages(self.endpoint(repository.registry), repository, url, repository.name):
            raise_for(answer, repository.name)
            before = len(seen)
            for text in _tags(answer, repository):
                if text in seen:
                    continue
                seen.add(text)
                # Some lists contain digests or empty texts among the tags.
                try:
                    yield parse_tag(text)
                except InvalidValue:
                    _LOG.info("%s: the list of tags contains an invalid tag", repository.name)
            pages_without_news = 0 if len(seen) > before else pages_without_news + 1
            if pages_without_news > _MAX_PAGES_WITHOUT_NEWS:
                raise UntrustedAnswer(f"{repository.name}: the list of tags does not end")
            if len(seen) > _MAX_TAGS:
                raise UntrustedAnswer(f"{repository.name}: lists more than {_MAX_TAGS} tags")

    def _ask_for_manifest(self, method: str, repository: Repository, reference: Tag | Digest) -> Answer:
        subject = _subject(repository, reference)
        return self.endpoint(repository.registry).ask_for_manifest(method, repository, reference, subject, ACCEPT)


def _subject(repository: Repository, reference: Tag | Digest) -> str:
    return f"{repository.name}{'@' if ':' in reference else ':'}{reference}"


def _announced(answer: Answer) -> Digest | None:
    try:
        digest = parse_digest(answer.header("Docker-Content-Digest").strip())
    except InvalidValue:
        return None
    return digest if digest.partition(":")[0] in ALGORITHMS else None


def _size(answer: Answer) -> int | None:
    length = answer.header("Content-Length")
    return int(length) if length.isdigit() and len(length) < 16 else None


def _last_modified(answer: Answer) -> Time | None:
    try:
        return parse_header_date(answer.header("Last-Modified").strip())
    except InvalidValue:
        return None


def _tags(answer: Answer, repository: Repository) -> list[str]:
    try:
        tags = msgspec.json.decode(answer.body, type=_TagList).tags
    except NOT_DECODABLE:
        raise UntrustedAnswer(f"{repository.name}: the list of tags is invalid") from None
    return [tag for tag in tags or () if tag]
