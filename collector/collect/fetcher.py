"""Fetching what a tag points at, into the archive: each object once, however many tags ask for it.

An object is kept as soon as it is whole, which is when all that it refers to is kept: what a limit or an error cuts
short is not lost, and nothing in the archive refers to what is not there. All of this runs in the thread that hears
the crew's answers.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from collector.archive.facts import AbsentFact, RawFact, StatementFact
from collector.archive.raw_objects import attested_by, is_image, statement_layers
from collector.archive.writer import RepositoryWriter
from collector.collect.attestations import LARGEST_STATEMENT, bare_statement, read_statement
from collector.collect.joins import Done, Join, Task
from collector.collect.layer_dates import LayerDates
from collector.collect.worker_pool import Crew, Rank
from collector.errors import InvalidValue, NotFoundInRegistry, PullLimitReached, RegistryError, UntrustedAnswer
from collector.model.configs import parse_config
from collector.model.digests import Digest
from collector.model.documents import SCHEMA_1_TYPES, Descriptor, parse_index, parse_manifest
from collector.model.images import INDEX_TYPES, MediaType
from collector.model.references import Repository
from collector.model.schema1 import parse_schema_1
from collector.model.times import Time
from collector.registry.client import RawManifest, RegistryClient

_Blob = RawFact | StatementFact

_LARGEST_CONFIG = 4 * 2**20
"""Bytes; containers/image takes no larger one either."""
_DEEPEST = 4
"""Indexes within indexes."""
_MOST_MANIFESTS = 1_000
"""Of one tag, counting those of indexes within indexes; real ones have up to a few dozen."""


class _Tree:
    """What one tag points at, with all below it."""

    def __init__(self, rank: Rank) -> None:
        self.rank = rank
        self.manifests = 0


class _Where(NamedTuple):
    """How an object is come by."""

    tree: _Tree
    entry: Descriptor | None = None
    """What an index says of it."""
    depth: int = 0


class Fetcher:
    """Fetches for one repository."""

    def __init__(
        self,
        client: RegistryClient,
        crew: Crew,
        repository: Repository,
        writer: RepositoryWriter,
        now: Callable[[], Time],
        *,
        layer_dates: bool,
    ) -> None:
        self._client = client
        self._crew = crew
        self._repository = repository
        self._writer = writer
        self._now = now
        self._layers = LayerDates(client, crew, repository, writer, now, wanted=layer_dates)
        self._tasks: dict[Digest, Task] = {}
        self._came_by_digest: set[Digest] = set()
        self.pulls = 0
        """Manifests that were asked for by GET."""

    def fetch(self, digest: Digest, done: Done, *, rank: Rank) -> None:
        """Have a manifest or an index in the archive, with its manifests, configs and statements."""
        self._want(digest, _Where(_Tree(rank)), done)

    def take(self, got: RawManifest, done: Done, *, rank: Rank) -> None:
        """The same for one that came already."""
        task = self._tasks.get(got.digest)
        if task is None:
            task = self._tasks[got.digest] = Task()
            self._came(task, raw_fact(got.digest, got.media_type, got.raw), _Where(_Tree(rank)), is_new=True)
        task.then(done)

    def came(self, digest: Digest) -> bool:
        """Whether the registry gave what has this digest, in this run or an earlier one."""
        return digest in self._came_by_digest

    def count_pull(self, got: RawManifest | RegistryError) -> None:
        """Count an answer to GET, unless the limit of pulls forbade to ask."""
        self.pulls += not isinstance(got, PullLimitReached)

    def _want(self, digest: Digest, where: _Where, done: Done) -> None:
        task = self._tasks.get(digest)
        if task is None:
            task = self._tasks[digest] = Task()
            known = self._writer.holdings.raws.get(digest)
            if known is not None:
                # A fault may have taken away what it refers to.
                self._came(task, known, where, is_new=False)
            else:
                question = partial(self._client.get_manifest, self._repository, digest)
                self._crew.ask(question, partial(self._got, task, where), rank=where.tree.rank)
        task.then(done)

    def _got(self, task: Task, where: _Where, got: RawManifest | RegistryError) -> None:
        self.count_pull(got)
        if isinstance(got, RegistryError):
            task.end(got)
        else:
            self._came(task, raw_fact(got.digest, got.media_type, got.raw), where, is_new=True)

    def _came(self, task: Task, raw: RawFact, where: _Where, *, is_new: bool) -> None:
        """Have all that an object refers to, then keep it."""
        self._came_by_digest.add(raw.digest)

        def done(error: RegistryError | None) -> None:
            if error is None:
                self._writer.add(self._now(), raw)
            task.end(error)

        join = Join(done)
        try:
            if raw.media_type in INDEX_TYPES:
                self._want_children(raw, where, join, is_new=is_new)
            elif raw.media_type in SCHEMA_1_TYPES:
                parse_schema_1(raw.digest, raw.content, raw.media_type, {})
                self._layers.of_schema_1(raw.content, join, where.tree.rank)
            else:
                self._want_blobs(raw, where, join, is_new=is_new)
        except InvalidValue as error:
            join.part()(UntrustedAnswer(f"{self._repository.name}@{raw.digest}: {error}"))
        join.close()

    def _want_children(self, raw: RawFact, where: _Where, join: Join, *, is_new: bool) -> None:
        children = parse_index(raw.content, raw.media_type).manifests
        where.tree.manifests += len(children)
        if where.depth == _DEEPEST or where.tree.manifests > _MOST_MANIFESTS:
            raise InvalidValue(f"more than {_MOST_MANIFESTS} manifests, or indexes {_DEEPEST} deep in one another")
        for child in children:
            if is_new or child.digest not in self._writer.holdings.absent:
                below = _Where(where.tree, child, where.depth + 1)
                self._want(child.digest, below, partial(self._child_done, child.digest, join.part()))

    def _child_done(self, digest: Digest, done: Done, error: RegistryError | None) -> None:
        """What an index names may not be there: many a mirror has some platforms only."""
        if isinstance(error, NotFoundInRegistry) and error.code:
            self._writer.add(self._now(), AbsentFact(digest=digest, time=self._now()))
            error = None
        done(error)

    def _want_blobs(self, raw: RawFact, where: _Where, join: Join, *, is_new: bool) -> None:
        """The config of an image; of an attestation what its statements say; the dates of new layers."""
        document = parse_manifest(raw.content, raw.media_type)
        attests = attested_by(where.entry, document)
        if document.config and is_image(document):
            self._want_config(document.config, where.tree.rank, join.part())
        if is_new and attests:
            for layer in statement_layers(document):
                self._want_statement(layer, where.tree.rank, join.part())
        if is_new and (attests or is_image(document)):
            self._layers.of(document.layers, join, where.tree.rank)

    def _want_config(self, config: Descriptor, rank: Rank, done: Done) -> None:
        if config.digest in self._writer.holdings.raws:
            return done(None)
        if config.size > _LARGEST_CONFIG:
            where = f"{self._repository.name}@{config.digest}"
            return done(UntrustedAnswer(f"{where}: config: {config.size} bytes, more than {_LARGEST_CONFIG}"))

        def question() -> RawFact:
            raw = self._client.get_blob(self._repository, config.digest, config.size)
            try:
                parse_config(config.digest, raw)
            except InvalidValue as error:
                raise UntrustedAnswer(f"{self._repository.name}@{config.digest}: config: {error}") from None
            return raw_fact(config.digest, config.media_type, raw)

        return self._once(config.digest, question, rank, done)

    def _want_statement(self, layer: Descriptor, rank: Rank, done: Done) -> None:
        """A statement that is gone, or another than it should be, leaves what its descriptor says."""
        if layer.digest in self._writer.holdings.statements:
            return done(None)
        if layer.size > LARGEST_STATEMENT:
            self._writer.add(self._now(), bare_statement(layer))
            return done(None)

        def question() -> StatementFact:
            try:
                return read_statement(layer, self._client.get_blob(self._repository, layer.digest, layer.size))
            except (NotFoundInRegistry, UntrustedAnswer):
                return bare_statement(layer)

        return self._once(layer.digest, question, rank, done)

    def _once(self, digest: Digest, question: Callable[[], _Blob], rank: Rank, done: Done) -> None:
        """Ask for a blob that becomes one fact, and keep that."""
        task = self._tasks.get(digest)
        if task is None:
            task = self._tasks[digest] = Task()
            self._crew.ask(question, partial(self._keep, task), rank=rank)
        task.then(done)

    def _keep(self, task: Task, answer: _Blob | RegistryError) -> None:
        if isinstance(answer, RegistryError):
            task.end(answer)
            return
        self._writer.add(self._now(), answer)
        task.end(None)


def raw_fact(digest: Digest, media_type: MediaType, raw: bytes) -> RawFact:
    """The exact bytes as a fact: as text where they are UTF-8."""
    try:
        return RawFact(digest=digest, media_type=media_type, text=raw.decode())
    except UnicodeDecodeError:
        return RawFact(digest=digest, media_type=media_type, base64=raw)
