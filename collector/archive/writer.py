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
    StepFact,
    TextFact,
    content_id,
    encode_fact,
    key_of,
)
from collector.archive.holdings import Holdings, take
from collector.archive.journal import append_lines
from collector.archive.layout import journal_of
from collector.model.digests import Digest
from collector.model.images import Config, Layer, MediaType
from collector.model.platforms import Platform
from collector.model.times import Time


class RepositoryWriter:
    """Facts wait in memory until `flush`, which adds them to the journal of the month they were seen in.

    Every `add_` method takes `seen`, the time that decides the journal, and leaves a fact that is
    already known as it is: the first word on a digest stays. It says whether the archive's fact is the
    one that was given.
    """

    def __init__(self, folder: Path, holdings: Holdings) -> None:
        self.holdings = holdings
        self._folder = folder
        self._waiting: dict[Path, list[bytes]] = defaultdict(list)
        self._observed = {key_of(fact) for facts in holdings.observations.values() for fact in facts}

    def add_layer(self, seen: Time, layer: Layer) -> bool:
        known = self.holdings.layers.get(layer.digest)
        if known is not None:
            return known == layer
        self._add(
            seen,
            LayerFact(
                digest=layer.digest,
                size=layer.size,
                media_type=layer.media_type,
                last_modified=layer.last_modified,
            ),
        )
        return True

    def add_config(self, seen: Time, config: Config) -> bool:
        if config.digest in self.holdings.config_facts:
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
        fact = ManifestFact(digest=digest, media_type=media_type, config=config, layers=layers)
        return self._add_once(seen, self.holdings.manifests.get(digest), fact)

    def add_index(
        self, seen: Time, digest: Digest, media_type: MediaType, manifests: tuple[tuple[Digest, Platform], ...]
    ) -> bool:
        entries = tuple(IndexEntry(digest=manifest, platform=platform) for manifest, platform in manifests)
        fact = IndexFact(digest=digest, media_type=media_type, manifests=entries)
        return self._add_once(seen, self.holdings.indexes.get(digest), fact)

    def add_text(self, seen: Time, raw: bytes) -> str:
        """Keep a page, or a section, as it was; gives its id."""
        text_id = content_id(raw)
        if text_id not in self.holdings.texts:
            try:
                self._add(seen, TextFact(id=text_id, text=raw.decode()))
            except UnicodeDecodeError:
                self._add(seen, TextFact(id=text_id, base64=raw))
        return text_id

    def has_observation(self, tag: str, time: Time, source: str) -> bool:
        return ("ObservationFact", tag, time, source) in self._observed

    def observe(self, fact: ObservationFact) -> bool:
        """Add an observation; False where it is already there."""
        key = key_of(fact)
        if key in self._observed:
            return False
        self._observed.add(key)
        self._add(fact.time, fact)
        return True

    def flush(self) -> None:
        """Write what waits. After this returns, the disk has it."""
        for path in sorted(self._waiting):
            append_lines(path, b"".join(self._waiting[path]))
        self._waiting.clear()

    def _add_step(self, seen: Time, text: str) -> str:
        """The step's id: 16 digits of its hash, or all 64 where another text has the same 16."""
        whole = content_id(text.encode())
        step_id = whole[:16]
        if self.holdings.steps.get(step_id, text) != text:
            step_id = whole
        if step_id not in self.holdings.steps:
            self._add(seen, StepFact(id=step_id, text=text))
        return step_id

    def _add_once(self, seen: Time, known: Fact | None, fact: Fact) -> bool:
        if known is not None:
            return known == fact
        self._add(seen, fact)
        return True

    def _add(self, seen: Time, fact: Fact) -> None:
        take(self.holdings, fact)
        self._waiting[journal_of(self._folder, seen)].append(encode_fact(fact))
