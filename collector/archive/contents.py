"""The facts of a repository that say which layers and steps its images have, and when tags pointed at them.

All images of an archive are compared with one another. So these facts are read at a fifth of the usual time: of what
pages say, the members that are needed, without the checks of their patterns. A line that is no fact is left out here,
too, if its JSON or its types say so; whoever publishes a value from here checks it.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import msgspec

from collector.archive.facts import decode_fact
from collector.archive.facts.shared_values import SharedValues
from collector.archive.holdings import Holdings
from collector.archive.journal import iter_lines
from collector.archive.layout import folder_of, journals_in
from collector.archive.line_sums import is_damaged
from collector.model.json_text import NOT_DECODABLE
from collector.model.platforms import Platform
from collector.model.references import Repository

_KIND = b'"fact":"'
"""As written in canonical JSON; inside a text the quotes are escaped."""
_PAGE_FACTS = frozenset({b"man", b"con", b"ind"})
_OTHER_FACTS = frozenset({b"obs", b"ste", b"raw", b"abs"})
"""How the names of kinds begin."""


class PageManifest(msgspec.Struct, frozen=True, tag_field="fact", tag="manifest", gc=False):
    """The content of a `manifest` fact."""

    digest: str
    config: str
    layers: tuple[str, ...]

    def share(self, shared: SharedValues) -> None:
        """As `BaseFact.share`."""
        shared.replace(self, "digest", "config")
        shared.replace_each(self, "layers")


class PageConfig(msgspec.Struct, frozen=True, tag_field="fact", tag="config", gc=False):
    """The content of a `config` fact."""

    digest: str
    platform: Platform
    history: tuple[tuple[str | None, str], ...] = ()
    """When, and the id of the step."""

    def share(self, shared: SharedValues) -> None:
        """As `BaseFact.share`."""
        shared.replace(self, "digest", "platform")
        shared.replace_each(self, "history")


class PageIndexEntry(msgspec.Struct, frozen=True, gc=False):
    digest: str
    platform: Platform


class PageIndex(msgspec.Struct, frozen=True, tag_field="fact", tag="index", gc=False):
    """The content of an `index` fact."""

    digest: str
    manifests: tuple[PageIndexEntry, ...]

    def share(self, shared: SharedValues) -> None:
        """As `BaseFact.share`."""
        for entry in self.manifests:
            shared.replace(entry, "digest", "platform")
        shared.replace_each(self, "manifests")


_DECODER = msgspec.json.Decoder(PageManifest | PageConfig | PageIndex)


class Contents:
    """The result of `load_contents`. If several facts have one digest, the first counts."""

    def __init__(self, repository: Repository) -> None:
        self.holdings = Holdings(repository)
        """Observations, steps, and what registries gave. What it says of layers is incomplete."""
        self.manifests: dict[str, PageManifest] = {}
        self.configs: dict[str, PageConfig] = {}
        self.indexes: dict[str, PageIndex] = {}
        self._known: set[tuple[str, ...]] = set()

    def add(self, line: bytes, shared: SharedValues) -> None:
        """Take up a line of a journal, with its line feed, if it has one of these facts.

        Raises:
            msgspec.MsgspecError: it is not a fact, or damaged.
        """
        start = line.find(_KIND) + len(_KIND)
        kind = line[start : start + 3]
        if kind in _PAGE_FACTS:
            self._add_page_fact(line, shared)
        elif kind in _OTHER_FACTS:
            fact = decode_fact(line)
            if fact.key not in self._known:
                fact.share(shared)
                self._known.add(fact.key)
                fact.enter(self.holdings)

    def _add_page_fact(self, line: bytes, shared: SharedValues) -> None:
        if is_damaged(line):
            return
        fact = _DECODER.decode(line)
        fact.share(shared)
        if isinstance(fact, PageManifest):
            self.manifests.setdefault(fact.digest, fact)
        elif isinstance(fact, PageConfig):
            self.configs.setdefault(fact.digest, fact)
        else:
            self.indexes.setdefault(fact.digest, fact)


def load_contents(root: Path, repository: Repository) -> Contents:
    """Read all journals of a repository. Faulty lines are left out."""
    contents = Contents(repository)
    shared = SharedValues()
    for path in journals_in(folder_of(root, repository)):
        for _, line in iter_lines(path):
            if isinstance(line, bytes):
                with suppress(*NOT_DECODABLE):
                    contents.add(line, shared)
    contents.holdings.order_observations()
    return contents
