"""Fetches what a tag points at into the archive: each object once, however many tags refer to it.

An object is added after everything that it refers to. So a limit or an error loses no complete object, and no object in
the archive refers to a missing one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import msgspec

from collector.archive.facts import AbsentFact, RawFact
from collector.archive.raw_objects import attested_by, statement_layers
from collector.collect.layer_dates import LayerDates
from collector.collect.referrers import ReferrerReader
from collector.collect.run_context import ImageContext
from collector.collect.statement_reader import StatementReader
from collector.collect.worker_pool import Job, Routine, ask, wait, wait_for_all
from collector.errors import InvalidValue, NotFoundInRegistry, PullLimitReached, RegistryError, UntrustedAnswer
from collector.model.configs import parse_config
from collector.model.digests import Digest
from collector.model.documents import SCHEMA_1_TYPES, Descriptor, ManifestDocument, parse_index, parse_manifest
from collector.model.images import INDEX_TYPES, MediaType
from collector.model.references import Tag
from collector.model.schema1 import parse_schema_1
from collector.registry.client import RawManifest

_Role = Literal["manifest", "config", "statement"]

_MAX_CONFIG = 4 * 2**20
"""Bytes; the same limit as in containers/image."""
_MAX_DEPTH = 4
"""Levels of indexes within indexes."""
_MAX_MANIFESTS = 1_000
"""Manifests of one tag, including those of nested indexes; real tags have up to a few dozen."""


class _Tree:
    """Everything below what one tag points at."""

    def __init__(self) -> None:
        self.manifests = 0


class _Path(msgspec.Struct, frozen=True, kw_only=True):
    """The path to an object: its tag's tree, its entry in an index, its depth."""

    tree: _Tree
    entry: Descriptor | None = None
    depth: int = 0


class ObjectFetcher:
    """Fetches the objects of one image."""

    def __init__(self, image: ImageContext) -> None:
        self.pulls = 0
        """Manifests that were asked for by GET."""
        self._client = image.run.client
        self._pool = image.run.pool
        self._now = image.run.now
        self._repository = image.repository
        self._writer = image.writer
        self._layers = LayerDates(image)
        self._statements = StatementReader(image)
        self._referrers = ReferrerReader(image, self._statements)
        self._jobs: dict[tuple[_Role, Digest], Job[None]] = {}
        """Role and digest → the job. A digest may be asked for in two roles, each with its own checks."""
        self._received: set[Digest] = set()

    def fetch(self, digest: Digest) -> Routine[None]:
        """Fetches a manifest or an index, with its manifests, configs and statements.

        Raises:
            RegistryError: a part cannot be fetched.
        """
        yield from wait(self._manifest_job(digest, _Path(tree=_Tree())))

    def keep(self, got: RawManifest) -> Routine[None]:
        """Fetches everything that a pulled manifest or index refers to, and adds it all to the archive.

        Raises:
            RegistryError: a part cannot be fetched.
        """
        key: tuple[_Role, Digest] = ("manifest", got.digest)
        if key not in self._jobs:
            raw = raw_fact(got.digest, got.media_type, got.raw)
            self._jobs[key] = self._pool.start(self._keep_whole(raw, _Path(tree=_Tree()), is_new=True))
        yield from wait(self._jobs[key])

    def was_received(self, digest: Digest) -> bool:
        """Whether the registry gave the manifest with this digest, in this run or an earlier run."""
        return digest in self._received

    def pull(self, reference: Tag | Digest) -> Routine[RawManifest]:
        """Asks for a manifest or an index by GET. Counts as a pull, unless the limit of pulls prevents it."""
        is_pull = True
        try:
            return (yield from ask(self._client.get_manifest, self._repository, reference))
        except PullLimitReached:
            is_pull = False
            raise
        finally:
            self.pulls += is_pull

    def _manifest_job(self, digest: Digest, path: _Path) -> Job[None]:
        key: tuple[_Role, Digest] = ("manifest", digest)
        if key not in self._jobs:
            self._jobs[key] = self._pool.start(self._fetch_manifest(digest, path))
        return self._jobs[key]

    def _fetch_manifest(self, digest: Digest, path: _Path) -> Routine[None]:
        raw = self._writer.holdings.raws.get(digest)
        if raw is not None:
            # Objects that it refers to may be missing because of a fault.
            yield from self._keep_whole(raw, path, is_new=False)
        else:
            got = yield from self.pull(digest)
            yield from self._keep_whole(raw_fact(got.digest, got.media_type, got.raw), path, is_new=True)

    def _keep_whole(self, raw: RawFact, path: _Path, *, is_new: bool) -> Routine[None]:
        """Fetches everything that an object refers to, then keeps the object."""
        self._received.add(raw.digest)
        try:
            parts = list(self._start_parts(raw, path, is_new=is_new))
        except InvalidValue as error:
            raise UntrustedAnswer(f"{self._repository.name}@{raw.digest}: {error}") from None
        try:
            yield from wait_for_all(parts)
        except NotFoundInRegistry as error:
            # A part is not found, which does not mean that the object itself does not exist.
            raise RegistryError(f"{self._repository.name}@{raw.digest}: {error}", hint="try again later") from None
        self._writer.add(self._now(), raw)
        self._statements.record_packages(raw.digest)

    def _start_parts(self, raw: RawFact, path: _Path, *, is_new: bool) -> Iterator[Job[None]]:
        """Starts a job for each part of an object.

        Raises:
            InvalidValue: the object is invalid; no job was started.
        """
        if raw.media_type in INDEX_TYPES:
            yield from self._start_children(raw, path, is_new=is_new)
        elif raw.media_type in SCHEMA_1_TYPES:
            parse_schema_1(raw.digest, raw.content, raw.media_type, {})
            yield from self._layers.start_sizes(raw.content)
        else:
            document = parse_manifest(raw.content, raw.media_type)
            yield from self._start_blobs(document, path, is_new=is_new)
            if is_new and document.is_image and not attested_by(path.entry, document) and self._referrers.is_wanted:
                yield self._pool.start(self._fetch_referrers(raw.digest))

    def _start_children(self, raw: RawFact, path: _Path, *, is_new: bool) -> Iterator[Job[None]]:
        children = parse_index(raw.content, raw.media_type).manifests
        path.tree.manifests += len(children)
        if path.depth == _MAX_DEPTH or path.tree.manifests > _MAX_MANIFESTS:
            raise InvalidValue(f"more than {_MAX_MANIFESTS} manifests, or indexes {_MAX_DEPTH} deep in one another")
        for child in children:
            is_absent = child.digest in self._writer.holdings.absent
            yield self._pool.start(self._fetch_child(child, path, is_absent=is_absent and not is_new))

    def _fetch_child(self, child: Descriptor, path: _Path, *, is_absent: bool) -> Routine[None]:
        """Fetches a manifest of an index, which may be absent: many mirrors have only some platforms.

        A manifest that was absent before is asked for by HEAD first, which is not a pull.
        """
        below = _Path(tree=path.tree, entry=child, depth=path.depth + 1)
        is_still_absent = is_absent
        try:
            if is_absent:
                yield from ask(self._client.head_manifest, self._repository, child.digest)
                is_still_absent = False
            yield from wait(self._manifest_job(child.digest, below))
        except NotFoundInRegistry as error:
            if is_still_absent:
                return
            if not error.code:
                raise
            self._writer.add(self._now(), AbsentFact(digest=child.digest, time=self._now()))
            self._statements.forget(child.digest)

    def _start_blobs(self, document: ManifestDocument, path: _Path, *, is_new: bool) -> Iterator[Job[None]]:
        """The config of an image; the statements of an attestation; the dates of new layers."""
        attests = attested_by(path.entry, document)
        if document.config and document.is_image:
            yield self._blob_job("config", document.config, self._fetch_config(document.config))
        if is_new and attests:
            for layer in statement_layers(document):
                yield self._blob_job("statement", layer, self._fetch_statement(layer, attests))
        if is_new and (attests or document.is_image):
            yield from self._layers.start_dates(document.layers)

    def _blob_job(self, role: _Role, blob: Descriptor, routine: Routine[None]) -> Job[None]:
        key = (role, blob.digest)
        if key not in self._jobs:
            self._jobs[key] = self._pool.start(routine)
        return self._jobs[key]

    def _fetch_config(self, config: Descriptor) -> Routine[None]:
        if config.digest in self._writer.holdings.raw_configs:
            return
        if config.size > _MAX_CONFIG:
            where = f"{self._repository.name}@{config.digest}"
            raise UntrustedAnswer(f"{where}: config: {config.size} bytes, more than {_MAX_CONFIG}")
        self._writer.add(self._now(), (yield from ask(self._read_config, config)))

    def _read_config(self, config: Descriptor) -> RawFact:
        raw = self._client.get_blob(self._repository, config.digest, config.size)
        try:
            parse_config(config.digest, raw)
        except InvalidValue as error:
            raise UntrustedAnswer(f"{self._repository.name}@{config.digest}: config: {error}") from None
        return raw_fact(config.digest, config.media_type, raw)

    def _fetch_referrers(self, manifest: Digest) -> Routine[None]:
        """Reads the SBOMs that refer to an image."""
        for entry in (yield from self._referrers.list_sboms(manifest)):
            try:
                got = yield from self.pull(entry.digest)
            except (NotFoundInRegistry, UntrustedAnswer):
                continue
            yield from self._referrers.read(got, manifest)

    def _fetch_statement(self, layer: Descriptor, attested: Digest) -> Routine[None]:
        if layer.digest not in self._writer.holdings.statements:
            yield from self._statements.read(layer, attested)


def raw_fact(digest: Digest, media_type: MediaType, raw: bytes) -> RawFact:
    """The exact bytes as a fact: as text if they are UTF-8."""
    try:
        return RawFact(digest=digest, media_type=media_type, text=raw.decode())
    except UnicodeDecodeError:
        return RawFact(digest=digest, media_type=media_type, base64=raw)
