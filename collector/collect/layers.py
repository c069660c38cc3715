"""What only the registry's storage knows of layers: when they were uploaded and, of schema 1, how large they are.

One HEAD for each layer that is new, which no registry counts as a pull. Nothing depends on the answer: where there is
none, a layer has no date.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from collector.archive.writer import RepositoryWriter
from collector.collect.crew import Crew, Rank
from collector.collect.joining import Done, Join, Task
from collector.errors import RegistryError
from collector.model.digests import Digest
from collector.model.documents import Descriptor
from collector.model.images import Layer, MediaType
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
                self._ask(layer.digest, layer.media_type, layer.size, rank, join.part())

    def of_schema_1(self, raw: bytes, join: Join, rank: Rank) -> None:
        """Ask for the sizes of a schema 1 manifest's layers.

        Raises:
            InvalidValue: it is none.
        """
        for digest in blobs_of_schema_1(raw):
            self._ask(digest, LAYER, None, rank, join.part())

    def _ask(self, digest: Digest, media_type: MediaType, size: int | None, rank: Rank, done: Done) -> None:
        if digest in self._writer.holdings.layers:
            done(None)
            return
        if digest not in self._tasks:
            self._tasks[digest] = Task()
            question = partial(self._client.head_blob, self._repository, digest)
            self._crew.ask(question, partial(self._heard, digest, media_type, size), rank=rank)
        self._tasks[digest].then(done)

    def _heard(self, digest: Digest, media_type: MediaType, size: int | None, head: BlobHead | RegistryError) -> None:
        if isinstance(head, BlobHead):
            size = head.size if size is None else size
            self._left = self._most if head.last_modified else self._left - 1
            if size is not None and (head.last_modified or media_type == LAYER):
                layer = Layer(digest=digest, size=size, media_type=media_type, last_modified=head.last_modified)
                self._writer.add_layer(self._now(), layer)
        else:
            self._left -= 1
        self._tasks[digest].end(None)
