"""Fetching what a tag points at: each object once, however many tags and threads ask for it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Container, Iterator
from concurrent.futures import Future

from collector.archive.facts import AbsentFact, RawFact, RegistryFact, StatementFact
from collector.archive.objects import attested_by, is_image
from collector.collect.statements import bare_statement, read_statement
from collector.errors import InvalidValue, NotFoundInRegistry, UntrustedAnswer
from collector.model.digests import Digest
from collector.model.documents import (
    SCHEMA_1_TYPES,
    Descriptor,
    ManifestDocument,
    parse_index,
    parse_manifest,
)
from collector.model.images import INDEX_TYPES, MediaType
from collector.model.references import Repository
from collector.model.times import Time
from collector.registry.client import RegistryClient

LARGEST_STATEMENT = 4 * 2**20
"""Bytes of an attestation that is read; of a larger one only the descriptor is kept."""

_LARGEST_CONFIG = 4 * 2**20
_DEEPEST = 4


Facts = tuple[RegistryFact, ...]
"""Of an object and of all that it needs; each before those that refer to it."""


class Fetcher:
    """Fetches for one repository. `known` are the digests whose raw text, or absence, the archive has."""

    def __init__(
        self, client: RegistryClient, repository: Repository, known: Container[str], now: Callable[[], Time]
    ) -> None:
        self._client = client
        self._repository = repository
        self._known = known
        self._now = now
        self._lock = threading.Lock()
        self._under_way: dict[Digest, Future[Facts]] = {}
        self.pulls = 0
        """Manifests that were asked for by GET."""

    def fetch(self, digest: Digest) -> Facts:
        """A manifest or index by digest, with its manifests, configs and statements.

        Who asks second for the same digest waits for the first, and gets the same. The facts are the same objects, so
        that adding them twice adds them once.

        Raises:
            RegistryError: the registry does not give it, or gives something else.
        """
        return self._once(digest, lambda: self._fetch_tree(digest))

    def _once(self, digest: Digest, work: Callable[[], Facts]) -> Facts:
        with self._lock:
            under_way = self._under_way.get(digest)
            mine: Future[Facts] = Future()
            if under_way is None:
                self._under_way[digest] = mine
        if under_way is not None:
            return under_way.result()
        try:
            mine.set_result(work())
        except BaseException as error:
            with self._lock:
                del self._under_way[digest]
            mine.set_exception(error)
            raise
        return mine.result()

    def _fetch_tree(self, digest: Digest) -> Facts:
        return self._complete(self._get(digest), None, depth=0)

    def _get(self, digest: Digest) -> RawFact:
        with self._lock:
            self.pulls += 1
        got = self._client.get_manifest(self._repository, digest)
        return raw_fact(digest, got.media_type, got.raw)

    def _complete(self, raw: RawFact, entry: Descriptor | None, depth: int) -> Facts:
        """An object that came, with what it refers to."""
        try:
            parts = list(self._iter_parts(raw, entry, depth))
        except InvalidValue as error:
            raise UntrustedAnswer(f"{self._repository.name}@{raw.digest}: {error}") from None
        return (*(fact for part in parts for fact in part), raw)

    def _iter_parts(self, raw: RawFact, entry: Descriptor | None, depth: int) -> Iterator[Facts]:
        if raw.media_type in INDEX_TYPES:
            if depth < _DEEPEST:
                for child in parse_index(raw.content, raw.media_type).manifests:
                    yield self._fetch_child(child, depth + 1)
        elif raw.media_type not in SCHEMA_1_TYPES:
            document = parse_manifest(raw.content, raw.media_type)
            yield tuple(self._iter_blobs(document, entry))

    def _fetch_child(self, child: Descriptor, depth: int) -> Facts:
        if child.digest in self._known:
            return ()
        return self._once(child.digest, lambda: self._fetch_manifest(child, depth))

    def _fetch_manifest(self, child: Descriptor, depth: int) -> Facts:
        try:
            raw = self._get(child.digest)
        except NotFoundInRegistry:
            return (AbsentFact(digest=child.digest, time=self._now()),)
        return self._complete(raw, child, depth)

    def _iter_blobs(self, document: ManifestDocument, entry: Descriptor | None) -> Iterator[RegistryFact]:
        """The config of an image; of an attestation what its statements say."""
        if attested_by(entry, document):
            for layer in document.layers:
                if layer.digest not in self._known:
                    yield self._statement(layer)
        if is_image(document) and document.config.digest not in self._known:
            config = document.config
            if config.size > _LARGEST_CONFIG:
                raise InvalidValue(f"config: {config.size} bytes, more than {_LARGEST_CONFIG}")
            raw = self._client.get_blob(self._repository, config.digest, config.size)
            yield raw_fact(config.digest, config.media_type, raw)

    def _statement(self, layer: Descriptor) -> StatementFact:
        """A statement that is gone, or another than it should be, leaves what its descriptor says."""
        if layer.size > LARGEST_STATEMENT:
            return bare_statement(layer)
        try:
            return read_statement(layer, self._client.get_blob(self._repository, layer.digest, layer.size))
        except (NotFoundInRegistry, UntrustedAnswer):
            return bare_statement(layer)


def raw_fact(digest: Digest, media_type: MediaType, raw: bytes) -> RawFact:
    """The exact bytes as a fact: as text where they are UTF-8."""
    try:
        return RawFact(digest=digest, media_type=media_type, text=raw.decode())
    except UnicodeDecodeError:
        return RawFact(digest=digest, media_type=media_type, base64=raw)
