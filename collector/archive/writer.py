"""Adds facts to the journals of one repository: each fact once, and each object before the facts that refer to it."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from collector.archive.facts import (
    ConfigFact,
    Fact,
    IndexEntry,
    IndexFact,
    InventoryFact,
    LayerFact,
    ManifestFact,
    ObservationFact,
    RegistryFact,
    StepFact,
    TextFact,
    UnreadEntry,
    content_id,
    encode_fact,
)
from collector.archive.header import FORMAT
from collector.archive.holdings import Holdings
from collector.archive.journal import append_lines, make_folder, sync
from collector.archive.layout import journal_of, mark_of, month_in, month_of
from collector.archive.line_sums import add_sum
from collector.archive.package_lists import PackageListEncoder
from collector.model.digests import Digest
from collector.model.images import Config, Layer, MediaType
from collector.model.packages import PackageList, Scan
from collector.model.platforms import Platform
from collector.model.times import Time

_LEFT_OUT = "package lists were left out: format {} has none (`repo-info upgrade --archive DIR` brings a newer one)"

_MAX_WAITING = 32 * 2**20
"""Bytes that are kept in memory before they are written."""


class RepositoryWriter:
    """Buffers facts in memory until there are many, or until `flush` adds them to the journals of their months.

    Every `add_` method takes `seen`, the time that selects the journal. A fact that is already known stays as it is:
    the first fact about a digest counts. The method returns whether the fact in the archive equals the given one.
    """

    def __init__(self, folder: Path, holdings: Holdings, *, format_: int = FORMAT) -> None:
        self.holdings = holdings
        self.notices = _notices(holdings)
        """Messages about the faults in the journals."""
        self.left_out: list[str] = []
        """A message, if the format of the archive has no place for a fact that was to be added."""
        self._folder = folder
        self._format = format_
        self._mark = mark_of(holdings.repository) if format_ > 1 else ""
        self._waiting: dict[str, list[bytes]] = defaultdict(list)
        """Lines, by month."""
        self._size = 0
        self._observed: dict[tuple[str, ...], ObservationFact] = {
            fact.event: fact for facts in holdings.observations.values() for fact in facts
        }
        self._added: set[tuple[str, ...]] = set()
        """Events that this writer added, with everything that they refer to."""
        self._step_ids: dict[str, str] = {}
        self._encoder: PackageListEncoder | None = None

    def has_place_for(self, kind: type[Fact]) -> bool:
        """Whether the archive's format has facts of this kind; if not, a message says so."""
        if kind.since <= self._format:
            return True
        self.left_out = [_LEFT_OUT.format(self._format)]
        return False

    def add_layer(self, seen: Time, layer: Layer) -> bool:
        known = self.holdings.layers.get(layer.digest)
        if known is not None:
            return known == layer
        self._add(
            seen,
            LayerFact(
                digest=layer.digest,
                size=layer.size if layer.has_size else None,
                media_type=layer.media_type,
                last_modified=layer.last_modified,
            ),
        )
        return True

    def add_config(self, seen: Time, config: Config) -> bool:
        if config.digest in self.holdings.config_facts:
            if self.holdings.config(config.digest) is None:  # steps are missing because of a fault
                for step in config.history:
                    self._add_step(seen, step.text)
            return self.holdings.config(config.digest) == config
        history = tuple((step.created, self._add_step(seen, step.text)) for step in config.history)
        self._add(
            seen,
            ConfigFact(
                digest=config.digest,
                platform=config.platform,
                history=history,
                docker_version=config.docker_version,
                entrypoint=config.entrypoint,
                cmd=config.cmd,
                shell=config.shell,
            ),
        )
        return True

    def add_manifest(
        self, seen: Time, digest: Digest, media_type: MediaType, config: Digest, layers: tuple[Digest, ...]
    ) -> bool:
        if digest in self.holdings.indexes:
            return False
        fact = ManifestFact(digest=digest, media_type=media_type, config=config, layers=layers)
        return self._add_once(seen, self.holdings.manifests.get(digest), fact)

    def add_index(
        self,
        seen: Time,
        digest: Digest,
        media_type: MediaType,
        manifests: tuple[tuple[Digest, Platform], ...],
        unread: tuple[UnreadEntry, ...] = (),
    ) -> bool:
        if digest in self.holdings.manifests:
            return False
        entries = tuple(IndexEntry(digest=manifest, platform=platform) for manifest, platform in manifests)
        fact = IndexFact(digest=digest, media_type=media_type, manifests=entries, unread=unread)
        return self._add_once(seen, self.holdings.indexes.get(digest), fact)

    def add_text(self, seen: Time, raw: bytes) -> str:
        """Add the text of a page or a section unchanged; returns its id."""
        text_id = content_id(raw)
        if text_id not in self.holdings.texts:
            try:
                self._add(seen, TextFact(id=text_id, text=raw.decode()))
            except UnicodeDecodeError:
                self._add(seen, TextFact(id=text_id, base64=raw))
        return text_id

    def add(self, seen: Time, fact: RegistryFact | InventoryFact) -> bool:
        """Add a fact from a registry; returns False if the archive already has it, or its format has no such facts."""
        if not self.has_place_for(type(fact)) or fact.is_known(self.holdings):
            return False
        self._add(seen, fact)
        return True

    def add_scan(self, seen: Time, config: Digest, scan: Scan, statement: Digest | None = None) -> bool:
        """Add what a scanner found in the image with this config; False if it said the same before, or if the archive's
        format has no such facts.
        """
        if not self.has_place_for(InventoryFact):
            return False
        self._add_packages(seen, scan.packages)
        fact = InventoryFact(
            config=config,
            packages=scan.packages.id,
            by=scan.by,
            time=seen,
            statement=statement,
            system=scan.system,
            types=scan.packages.types,
            left_out=scan.left_out,
        )
        return self.add(seen, fact)

    def has_whole_observation(self, tag: str, time: Time, source: str) -> bool:
        """Whether the archive has an observation with everything that it refers to; lines lost by a fault can be added
        again.
        """
        event = ObservationFact(tag=tag, time=time, source=source).event
        fact = self._observed.get(event)
        if fact is None or fact.time > time:
            return False
        return event in self._added or self.holdings.is_whole(fact)

    def observe(self, fact: ObservationFact) -> bool:
        """Add an observation; returns False if the archive has it already, with this time or an earlier one."""
        event = fact.event
        known = self._observed.get(event)
        if known is not None and known.time <= fact.time:
            return False
        self._observed[event] = fact
        self._added.add(event)
        self._add(fact.time, fact)
        if self._size > _MAX_WAITING:
            self.flush()
        return True

    def flush(self) -> None:
        """Write all pending facts. They are on disk when this returns."""
        if not self._waiting:
            return
        make_folder(self._folder)
        journals = [journal_of(self._folder, month, self._mark) for month in sorted(self._waiting)]
        for path in journals:
            append_lines(path, b"".join(self._waiting[month_in(path)]))
        # All files are written before the first is synced, so that the disk has to flush once, not once for each file.
        for path in [*journals, self._folder]:
            sync(path)
        self._waiting.clear()
        self._size = 0

    def _add_packages(self, seen: Time, packages: PackageList) -> None:
        if packages.id not in self.holdings.packages:
            if self._encoder is None:
                self._encoder = PackageListEncoder(self.holdings.packages, self.holdings.package_lists)
            self._add(seen, self._encoder.encode(packages))

    def _add_step(self, seen: Time, text: str) -> str:
        """The step's id: 16 digits of its hash, or all 64 where another text has the same 16."""
        if text in self._step_ids:
            return self._step_ids[text]
        whole = content_id(text.encode())
        step_id = whole[:16]
        if self.holdings.steps.get(step_id, text) != text:
            step_id = whole
        if step_id not in self.holdings.steps:
            self._add(seen, StepFact(id=step_id, text=text))
        self._step_ids[text] = step_id
        return step_id

    def _add_once(self, seen: Time, known: Fact | None, fact: Fact) -> bool:
        if known is not None:
            return known == fact
        self._add(seen, fact)
        return True

    def _add(self, seen: Time, fact: Fact) -> None:
        fact.enter(self.holdings)
        line = encode_fact(fact) if self._format == 1 else add_sum(encode_fact(fact))
        self._waiting[month_of(seen)].append(line)
        self._size += len(line)


def _notices(holdings: Holdings) -> list[str]:
    """One message for each line that a crash cut off, and one with the number of other faults."""
    torn = [f"{fault.path}:{fault.line}: cut off by a crash; left out" for fault in holdings.faults if fault.is_torn]
    others = len(holdings.faults) - len(torn)
    more = f"{holdings.repository.familiar}: {others} other faults in its journals; run `repo-info verify` to see them"
    return [*torn, more] if others else torn
