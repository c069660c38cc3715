"""Facts about layers from the registry's storage: the date of the upload, and the size in schema 1.

Costs one HEAD for each new layer, which no registry counts as a pull. A layer without an answer has no date.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

import msgspec

from collector.collect.run_context import ImageContext
from collector.collect.worker_pool import Job, Routine, ask
from collector.errors import RegistryError
from collector.model.digests import Digest
from collector.model.documents import Descriptor
from collector.model.images import Layer
from collector.model.schema1 import LAYER, blobs_of_schema_1
from collector.registry.client import BlobHead

_MAX_WITHOUT_DATE = 4
"""After this many answers without a date, no more are asked for. Docker Hub gives dates, Debian's docker-registry does
not.
"""


class LayerDates:
    """Asks once for each layer of one repository."""

    def __init__(self, image: ImageContext) -> None:
        self._client = image.run.client
        self._pool = image.run.pool
        self._now = image.run.now
        self._repository = image.repository
        self._writer = image.writer
        self._max = self._left = _MAX_WITHOUT_DATE if image.run.options.layer_dates else 0
        self._jobs: dict[Digest, Job[None]] = {}

    def start_dates(self, layers: Iterable[Descriptor]) -> Iterator[Job[None]]:
        """Starts a job for the date of each layer of a manifest."""
        for layer in layers:
            if self._left > 0 or layer.digest in self._jobs:
                known = Layer(digest=layer.digest, size=layer.size, media_type=layer.media_type)
                yield self._job(known, partial(self._ask_for_date, layer.digest))

    def start_sizes(self, raw: bytes) -> Iterator[Job[None]]:
        """Starts a job for the size of each layer of a schema 1 manifest.

        Raises:
            InvalidValue: the manifest is invalid.
        """
        for digest in blobs_of_schema_1(raw):
            known = Layer(digest=digest, size=-1, media_type=LAYER)
            yield self._job(known, partial(self._client.head_blob, self._repository, digest))

    def _ask_for_date(self, digest: Digest) -> BlobHead | None:
        """Returns None if there is no date, or if dates are no longer asked for. Counting happens in the thread that
        asks, before its next question.
        """
        if self._left <= 0:
            return None
        try:
            head = self._client.head_blob(self._repository, digest)
        except RegistryError:
            self._left -= 1
            return None
        self._left = self._max if head.last_modified else self._left - 1
        return head if head.last_modified else None

    def _job(self, known: Layer, question: Callable[[], BlobHead | None]) -> Job[None]:
        if known.digest not in self._jobs:
            self._jobs[known.digest] = self._pool.start(self._fetch(known, question))
        return self._jobs[known.digest]

    def _fetch(self, known: Layer, question: Callable[[], BlobHead | None]) -> Routine[None]:
        if known.digest in self._writer.holdings.layers:
            return
        try:
            head = yield from ask(question)
        except RegistryError:
            return
        size = head.size if head and known.size < 0 else known.size
        if head and size is not None:
            layer = msgspec.structs.replace(known, size=size, last_modified=head.last_modified)
            self._writer.add_layer(self._now(), layer)
