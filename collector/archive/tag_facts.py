"""The facts that some tags of a repository need: their observations, and the objects that these lead to.

Most repositories have a dozen tags that other images are built on, and hundreds of others. The lines of objects are
kept as they are until it is known which of them are needed: to decode a line takes five times as long as to find its
name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from contextlib import suppress
from pathlib import Path

from collector.archive.facts import decode_fact
from collector.archive.facts.shared_values import SharedValues
from collector.archive.holdings import Holdings, load_holdings
from collector.archive.journal import iter_lines
from collector.archive.layout import folder_of, journals_in
from collector.archive.scan import OBSERVATION
from collector.model.json_text import NOT_DECODABLE
from collector.model.references import Repository

_INDEX, _MANIFEST, _CONFIG, _LAYER, _STEP = _OBJECTS = tuple(
    b'"fact":"%b"' % kind for kind in (b"index", b"manifest", b"config", b"layer", b"step")
)
_DIGEST, _ID, _TAG = b'"digest":"', b'"id":"', b'"tag":"'
"""All as written in canonical JSON; inside a text the quotes are escaped."""


def load_tags(root: Path, repository: Repository, tags: Collection[str]) -> Holdings:
    """Read what these tags need. Other facts may be missing; faulty lines are left out."""
    reader = _Reader(Holdings(repository), tags)
    for path in journals_in(folder_of(root, repository)):
        for _, line in iter_lines(path):
            if isinstance(line, bytes):
                reader.read(line)
    # The first line of an object may be faulty, or have members of a later version before the object's name.
    return reader.holdings if reader.finish() else load_holdings(root, repository)


class _Reader:
    def __init__(self, holdings: Holdings, tags: Collection[str]) -> None:
        self.holdings = holdings
        self._tags = {tag.encode() for tag in tags}
        self._shared = SharedValues()
        self._lines: dict[bytes, dict[bytes, bytes]] = {kind: {} for kind in _OBJECTS}
        """Kind of object on pages → name → its first line."""

    def read(self, line: bytes) -> None:
        start = line.find(b'"fact":"')
        kind = line[start : line.find(b'"', start + 8) + 1]
        if kind in self._lines:
            name = _text_after(line, line.find(_ID) + len(_ID) if kind == _STEP else line.find(_DIGEST) + len(_DIGEST))
            self._lines[kind].setdefault(name, line)
        elif kind != OBSERVATION or _text_after(line, line.rfind(_TAG) + len(_TAG)) in self._tags:
            self._enter(line)

    def finish(self) -> bool:
        """Read the objects that are needed; returns whether all of them are there."""
        holdings = self.holdings
        holdings.order_observations()
        states = {seen.digest for of_tag in holdings.observations.values() for seen in of_tag if seen.digest}
        self._enter_named(_INDEX, states)
        listed = {entry.digest for index in holdings.indexes.values() for entry in index.manifests}
        self._enter_named(_MANIFEST, states | listed)
        self._enter_named(_CONFIG, {manifest.config for manifest in holdings.manifests.values()})
        self._enter_named(_STEP, {step for config in holdings.config_facts.values() for _, step in config.history})
        if holdings.raws:  # which name layers, too
            self._enter_all(self._lines[_LAYER].values())
        else:
            self._enter_named(_LAYER, {layer for manifest in holdings.manifests.values() for layer in manifest.layers})
        return all(holdings.state(digest) for digest in states)

    def _enter_named(self, kind: bytes, names: Iterable[str]) -> None:
        lines = self._lines[kind]
        self._enter_all(lines[name] for name in map(str.encode, names) if name in lines)

    def _enter_all(self, lines: Iterable[bytes]) -> None:
        for line in lines:
            self._enter(line)

    def _enter(self, line: bytes) -> None:
        with suppress(*NOT_DECODABLE):
            decode_fact(line, self._shared).enter(self.holdings)


def _text_after(line: bytes, start: int) -> bytes:
    return line[start : line.find(b'"', start)]
