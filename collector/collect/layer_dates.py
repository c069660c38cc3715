"""What only the registry's storage knows of layers: when they were uploaded and, of schema 1, how large they are.

One HEAD for each layer that is new, which no registry counts as a pull. Nothing depends on the answer: where there is
none, a layer has no date.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

import msgspec

from collector.archive.writer import RepositoryWriter
from collector.collect.joins import Done, Join, Task
from collector.collect.worker_pool import Crew, Rank
from collector.errors import RegistryError
from collector.model.digests import Digest
from collector.model.documents import Descriptor
from collector.model.images import Layer
from collector.model.references import Repository
from collector.model.schema1 import LAYER, blobs_of_schema_1
from collector.model.times import Time
from collector.registry.client import BlobHead, RegistryClient

_MOST_IN_VAIN = 4
"""A registry that has no dates is asked for so many; Debian's docker-registry has none, S3 and Docker Hub do."""


class LayerDates:
    """Asks for the layers of one repository, for each once."""

    def __init__(
        self,
        client: RegistryClient,
        crew: Crew,
        repository: Repository,
        writer: RepositoryWriter,
        now: Callable[[], Time],
        *,
        wanted: bool,
    ) -> None:
        self._client = client
        self._crew = crew
        self._repository = repository
        self._writer = writer
        self._now = now
        self._most = self._left = _MOST_IN_VAIN if wanted else 0
        self._tasks: dict[Digest, Task] = {}

    def of(self, layers: Iterable[Descriptor], join: Join, rank: Rank) -> None:
        """Ask for the dates of a manifest's layers, as parts of what is joined."""
        for layer in layers:
            if self._left > 0 or layer.digest in self._tasks:
                known = Layer(digest=layer.digest, size=layer.size, media_type=layer.media_type)
                self._want(known, partial(self._ask_for_date, layer.digest), rank, join.part())

    def of_schema_1(self, raw: bytes, join: Join, rank: Rank) -> None:
        """Ask for the sizes of a schema 1 manifest's layers.

        Raises:
            InvalidValue: it is none.
        """
        for digest in blobs_of_schema_1(raw):
            known = Layer(digest=digest, size=-1, media_type=LAYER)
            self._want(known, partial(self._client.head_blob, self._repository, digest), rank, join.part())

    def _ask_for_date(self, digest: Digest) -> BlobHead | None:
        """None: not asked, as others had no date. Counted by the thread that asks, before it asks for the next."""
        if self._left <= 0:
            return None
        try:
            head = self._client.head_blob(self._repository, digest)
        except RegistryError:
            self._left -= 1
            return None
        self._left = self._most if head.last_modified else self._left - 1
        return head if head.last_modified else None

    def _want(self, known: Layer, question: Callable[[], BlobHead | None], rank: Rank, done: Done) -> None:
        if known.digest in self._writer.holdings.layers:
            done(None)
            return
        if known.digest not in self._tasks:
            self._tasks[known.digest] = Task()
            self._crew.ask(question, partial(self._heard, known), rank=rank)
        self._tasks[known.digest].then(done)

    def _heard(self, known: Layer, head: BlobHead | RegistryError | None) -> None:
        if isinstance(head, BlobHead):
            size = head.size if known.size < 0 else known.size
            if size is not None:
                layer = msgspec.structs.replace(known, size=size, last_modified=head.last_modified)
                self._writer.add_layer(self._now(), layer)
        self._tasks[known.digest].end(None)
