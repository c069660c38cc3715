"""Reads the statements of attestations, and records what they say: who built an image, and which packages it has."""

from __future__ import annotations

from collector.collect.attestations import ReadStatement, bare_statement, read_statement
from collector.collect.package_backfill import config_of
from collector.collect.run_context import ImageContext
from collector.collect.worker_pool import Routine, ask
from collector.errors import NotFoundInRegistry, UntrustedAnswer
from collector.model.digests import Digest
from collector.model.documents import Descriptor
from collector.model.packages import Scan
from collector.sbom.formats import MAX_STATEMENT


class StatementReader:
    """The statements of one image."""

    def __init__(self, image: ImageContext) -> None:
        self._client = image.run.client
        self._now = image.run.now
        self._budget = image.run.statement_bytes
        self._repository = image.repository
        self._writer = image.writer
        self._waiting: list[tuple[Digest, Digest, Scan]] = []
        """Manifest, statement and its packages, where the manifest is still on its way: the parts of an index come in
        any order."""

    def read(self, layer: Descriptor, attested: Digest) -> Routine[None]:
        """Adds the facts of a statement and its packages; if it cannot be read, only the facts of its descriptor."""
        read = ReadStatement(bare_statement(layer))
        if layer.size <= MAX_STATEMENT:
            read = yield from ask(self._read, layer, attested)
        self._writer.add(self._now(), read.fact)
        if read.scan:
            self._waiting.append((attested, layer.digest, read.scan))
            self.record_packages()

    def record_packages(self) -> None:
        """Records the packages of images whose manifests are in the archive now."""
        waiting, self._waiting = self._waiting, []
        for attested, statement, scan in waiting:
            config = config_of(self._writer.holdings, attested)
            if config is None:
                self._waiting.append((attested, statement, scan))
            else:
                self._writer.add_scan(self._now(), config, scan, statement)

    def _read(self, layer: Descriptor, attested: Digest) -> ReadStatement:
        try:
            with self._budget.taking(layer.size):
                raw = self._client.get_blob(self._repository, layer.digest, layer.size)
                return read_statement(layer, raw, attested)
        except (NotFoundInRegistry, UntrustedAnswer):
            return ReadStatement(bare_statement(layer))
