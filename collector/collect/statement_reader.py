"""Reads the statements of attestations, and records what they say: who built an image, and which packages it has."""

from __future__ import annotations

import logging

from collector.collect.attestations import ReadStatement, bare_statement, read_statement
from collector.collect.package_backfill import config_of
from collector.collect.run_context import ImageContext
from collector.collect.worker_pool import Routine, ask
from collector.errors import NotFoundInRegistry, UntrustedAnswer
from collector.model.digests import Digest
from collector.model.documents import Descriptor
from collector.model.packages import Scan
from collector.sbom.formats import MAX_STATEMENT

_MAX_WAITING = 500_000
"""Packages; a manifest that nobody has would otherwise have its packages wait until the end of the run."""

_LOG = logging.getLogger(__name__)


class StatementReader:
    """The statements of one image."""

    def __init__(self, image: ImageContext) -> None:
        self._client = image.run.client
        self._now = image.run.now
        self._budget = image.run.statement_bytes
        self._repository = image.repository
        self._writer = image.writer
        self._waiting: dict[Digest, list[tuple[Digest, Scan]]] = {}
        """Statements and their packages, by the manifest that they are attached to, while that is on its way: the parts
        of an index come in any order."""
        self._lacking: set[Digest] = set()
        """Manifests that the registry does not have."""

    def read(self, layer: Descriptor, attested: Digest) -> Routine[None]:
        """Adds the facts of a statement and its packages; if it cannot be read, only the facts of its descriptor."""
        read = ReadStatement(bare_statement(layer), problem=f"{layer.size} bytes are too many")
        if layer.size <= MAX_STATEMENT:
            read = yield from ask(self._read, layer, attested)
        if read.problem:
            image = self._repository.familiar
            _LOG.warning("image=%s event=unread-statement digest=%s reason=%s", image, layer.digest, read.problem)
        self._writer.add(self._now(), read.fact)
        if read.scan and attested not in self._lacking and self._has_room_for(read.scan):
            self._waiting.setdefault(attested, []).append((layer.digest, read.scan))
            self.record_packages(attested)

    def record_packages(self, manifest: Digest) -> None:
        """Records the packages that statements name of an image, if its manifest is in the archive now."""
        if manifest in self._waiting and (config := config_of(self._writer.holdings, manifest)):
            for statement, scan in self._waiting.pop(manifest):
                self._writer.add_scan(self._now(), config, scan, statement)

    def forget(self, manifest: Digest) -> None:
        """Gives up what is attached to a manifest that the registry does not have."""
        self._lacking.add(manifest)
        self._waiting.pop(manifest, None)

    def _has_room_for(self, scan: Scan) -> bool:
        """Whether so few packages wait that these can wait too. Others can be read again, by `collect --packages`."""
        waiting = (one for scans in self._waiting.values() for _, one in scans)
        return sum(len(one.packages.packages) for one in (*waiting, scan)) <= _MAX_WAITING

    def _read(self, layer: Descriptor, attested: Digest) -> ReadStatement:
        try:
            with self._budget.taking(layer.size):
                raw = self._client.get_blob(self._repository, layer.digest, layer.size)
                return read_statement(layer, raw, attested)
        except (NotFoundInRegistry, UntrustedAnswer) as error:
            return ReadStatement(bare_statement(layer), problem=str(error))
