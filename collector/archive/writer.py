"""Adding facts to one repository's journals: each once, objects before what refers to them."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from collector.archive.facts import (
    ConfigFact,
    Fact,
    IndexEntry,
    IndexFact,
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
from collector.archive.holdings import Holdings
from collector.archive.journal import append_lines, make_folder, sync
from collector.archive.layout import journal_of, month_of
from collector.model.digests import Digest
from collector.model.images import Config, Layer, MediaType
from collector.model.platforms import Platform
from collector.model.times import Time

_MAX_WAITING = 32 * 2**20
"""Bytes that wait in memory before they are written."""


class RepositoryWriter:
    """Facts wait in memory until there are many, or until `flush`: it adds them to the journals of their months.

    Every `add_` method takes `seen`, the time that decides the journal, and leaves a fact that is
    already known as it is: the first word on a digest stays. It says whether the archive's fact is the
    one that was given.
    """

    def __init__(self, folder: Path, holdings: Holdings) -> None:
        self.holdings = holdings
        self.notices = _notices(holdings)
        """The faults found in the journals, and what is done about them."""
        self._folder = folder
        self._waiting: dict[str, list[bytes]] = defaultdict(list)
        """Lines, by month."""
        self._size = 0
        self._observed: dict[tuple[str, ...], ObservationFact] = {
            fact.event: fact for facts in holdings.observations.values() for fact in facts
        }
        self._added: set[tuple[str, ...]] = set()
        """Events that were added since: all that they refer to is there."""
        self._step_ids: dict[str, str] = {}

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
            if self.holdings.config(config.digest) is None:  # a fault has taken steps away
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
        """Keep a page or a section unchanged; returns its id."""
        text_id = content_id(raw)
        if text_id not in self.holdings.texts:
            try:
                self._add(seen, TextFact(id=text_id, text=raw.decode()))
            except UnicodeDecodeError:
                self._add(seen, TextFact(id=text_id, base64=raw))
        return text_id

    def add(self, seen: Time, fact: RegistryFact) -> bool:
        """Add a fact from a registry; False if it is there already."""
        if fact.is_known(self.holdings):
            return False
        self._add(seen, fact)
        return True

    def has_whole_observation(self, tag: str, time: Time, source: str) -> bool:
        """Whether an observation is there with all that it refers to; what a fault took away can be added again."""
        event = ObservationFact(tag=tag, time=time, source=source).event
        fact = self._observed.get(event)
        if fact is None or fact.time > time:
            return False
        return event in self._added or self.holdings.is_whole(fact)

    def observe(self, fact: ObservationFact) -> bool:
        """Add an observation; False if it is already there, with this time or an earlier one."""
        known = self._observed.get(fact.event)
        if known is not None and known.time <= fact.time:
            return False
        self._observed[fact.event] = fact
        self._added.add(fact.event)
        self._add(fact.time, fact)
        if self._size > _MAX_WAITING:
            self.flush()
        return True

    def flush(self) -> None:
        """Write everything pending. When this returns, it is on disk."""
        if not self._waiting:
            return
        make_folder(self._folder)
        journals = [journal_of(self._folder, month) for month in sorted(self._waiting)]
        for path in journals:
            append_lines(path, b"".join(self._waiting[path.stem]))
        # All are written before the first is synced: the disk then has to settle once, and not once for each.
        for path in [*journals, self._folder]:
            sync(path)
        self._waiting.clear()
        self._size = 0

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
        line = encode_fact(fact)
        self._waiting[month_of(seen)].append(line)
        self._size += len(line)


def _notices(holdings: Holdings) -> list[str]:
    """Lines that a crash cut off, one by one, and how many other faults there are."""
    torn = [f"{fault.path}:{fault.line}: cut off by a crash; left out" for fault in holdings.faults if fault.is_torn]
    others = len(holdings.faults) - len(torn)
    more = f"{holdings.repository.familiar}: {others} other faults in its journals; see `repo-info verify`"
    return [*torn, more] if others else torn
