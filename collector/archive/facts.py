"""The facts of a journal, one JSON object a line; the member `fact` names the kind.

site_src/archive-format.md describes every field. Facts refer to one another by digest or id; `Holdings` resolves them
to the values of collector.model. A new kind of fact is one class here, and a table in `FactTables` for it to enter.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Annotated, ClassVar, Literal

import msgspec

from collector.model import digests, times
from collector.model.digests import Digest
from collector.model.documents import IMAGE_CONFIG_TYPES
from collector.model.images import Gone, Layer, MediaType
from collector.model.platforms import Platform
from collector.model.times import Time, is_in_calendar


def _whole(pattern: str) -> msgspec.Meta:
    """A pattern of a schema, as Python must have it: `$` alone would let a line feed through at the end."""
    return msgspec.Meta(pattern=pattern.removesuffix("$") + r"\Z")


_Digest = Annotated[Digest, _whole(digests.PATTERN)]
_Time = Annotated[Time, _whole(times.PATTERN)]
_StepId = Annotated[str, _whole(r"^(?:[0-9a-f]{16}|[0-9a-f]{64})$")]
_TextId = Annotated[str, _whole(r"^[0-9a-f]{64}$")]
_Size = Annotated[int, msgspec.Meta(ge=0, le=2**62)]
_Tag = Annotated[str, _whole(r"^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$")]
PAGE_SOURCE = "git:"
"""What the source of an observation made from a page begins with; a commit's id follows."""

_COMMIT = re.compile(r"git:(?:[0-9a-f]{40}|[0-9a-f]{64})\Z")

_Words = tuple[str, ...] | None


class FactTables:
    """The facts of one repository, each in the table of its kind."""

    def __init__(self) -> None:
        self.steps: dict[str, str] = {}
        """Texts by id."""
        self.layers: dict[str, Layer] = {}
        self.config_facts: dict[str, ConfigFact] = {}
        self.manifests: dict[str, ManifestFact] = {}
        self.indexes: dict[str, IndexFact] = {}
        self.texts: dict[str, TextFact] = {}
        self.observations: dict[str, list[ObservationFact]] = defaultdict(list)
        """By tag, in the order of time."""
        self.dates: dict[tuple[str, str], ObservationFact] = {}
        """By tag and time, the observations that have other dates of layers than the facts of these."""
        self.raws: dict[str, RawFact] = {}
        """Indexes and manifests."""
        self.raw_configs: dict[str, RawFact] = {}
        self.statements: dict[str, StatementFact] = {}
        self.absent: dict[str, AbsentFact] = {}
        self.hub: dict[str, HubFact] = {}
        """By tag, the newest."""

    def order_observations(self) -> None:
        """Sort the observations of each tag by time. Of several with one event the earliest counts.

        A later import may know that a commit's clock ran ahead, by the commits that follow it; the archive then has
        both times.
        """
        for tag, seen in self.observations.items():
            events: dict[tuple[str, ...], ObservationFact] = {}
            for fact in sorted(seen, key=lambda fact: fact.time):
                events.setdefault(fact.event, fact)
            self.observations[tag] = list(events.values())


class _Fact(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
    tag_field="fact",
    forbid_unknown_fields=False,
    gc=False,
):
    """Unknown members are left for later versions of the same format to use."""

    @property
    def key(self) -> tuple[str, ...]:
        """Two facts with one key are a duplicate, or a contradiction."""
        raise NotImplementedError

    @property
    def said_at(self) -> Time | None:
        """When a registry or a page said it; None for a fact about an object, which is true at all times."""
        return None

    @property
    def times(self) -> Iterable[Time | None]:
        """Every moment in it."""
        return (self.said_at,)

    def enter(self, tables: FactTables) -> None:
        """Takes its place in the table of its kind."""
        raise NotImplementedError

    def is_known(self, tables: FactTables) -> bool:
        """Whether the tables have a fact that says the same or counts before it."""
        raise NotImplementedError


class _ObjectFact(_Fact, frozen=True, kw_only=True):
    """A fact about an object that has a digest or an id."""

    table: ClassVar[str]
    """The name of its table in `FactTables`."""

    @property
    def name(self) -> str:
        """The digest or the id."""
        raise NotImplementedError

    @property
    def value(self) -> object:
        """What the table has of it."""
        return self

    @property
    def key(self) -> tuple[str, ...]:
        return (type(self).__name__, self.name)

    def enter(self, tables: FactTables) -> None:
        getattr(tables, self.table)[self.name] = self.value

    def is_known(self, tables: FactTables) -> bool:
        return self.name in getattr(tables, self.table)


class _DigestFact(_ObjectFact, frozen=True, kw_only=True):
    digest: _Digest

    @property
    def name(self) -> str:
        return self.digest


class StepFact(_ObjectFact, frozen=True, kw_only=True, tag="step"):
    table = "steps"
    id: _StepId
    text: str

    @property
    def name(self) -> str:
        return self.id

    @property
    def value(self) -> str:
        return self.text


class LayerFact(_DigestFact, frozen=True, kw_only=True, tag="layer"):
    table = "layers"
    size: _Size | None = None
    media_type: MediaType
    last_modified: _Time | None = None

    @property
    def times(self) -> Iterable[Time | None]:
        return (self.last_modified,)

    @property
    def value(self) -> Layer:
        return Layer(
            digest=self.digest,
            size=self.size or 0,
            media_type=self.media_type,
            has_size=self.size is not None,
            last_modified=self.last_modified,
        )


class ConfigFact(_DigestFact, frozen=True, kw_only=True, tag="config"):
    table = "config_facts"
    platform: Platform
    history: tuple[tuple[_Time | None, _StepId], ...] = ()
    """When, and the id of the step."""
    docker_version: str | None = None
    entrypoint: _Words = None
    cmd: _Words = None
    shell: _Words = None

    @property
    def times(self) -> Iterable[Time | None]:
        return (created for created, _ in self.history)


class ManifestFact(_DigestFact, frozen=True, kw_only=True, tag="manifest"):
    table = "manifests"
    media_type: MediaType
    config: _Digest
    layers: tuple[_Digest, ...]


class IndexEntry(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    digest: _Digest
    platform: Platform


class UnreadEntry(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A section of a page that could not be read; the observation has its text."""

    place: Annotated[int, msgspec.Meta(ge=0)]
    """On the page, from 0."""
    platform: str
    """As the page writes it."""


class IndexFact(_DigestFact, frozen=True, kw_only=True, tag="index"):
    table = "indexes"
    media_type: MediaType
    manifests: tuple[IndexEntry, ...]
    unread: tuple[UnreadEntry, ...] = ()
    """What the index contains beside the manifests."""


class TextFact(_ObjectFact, frozen=True, kw_only=True, tag="text"):
    """A classic page, or one section of it, kept as it was. Bytes that are no UTF-8 are kept in base64."""

    table = "texts"
    id: _TextId
    text: str | None = None
    base64: bytes | None = None

    @property
    def name(self) -> str:
        return self.id

    @property
    def content(self) -> bytes:
        """The bytes that were kept."""
        return self.base64 if self.base64 is not None else (self.text or "").encode()


class ObservationFact(_Fact, frozen=True, kw_only=True, tag="observation"):
    tag: _Tag
    time: _Time
    source: str
    digest: _Digest | None = None
    announced: _Digest | None = None
    """What the registry calls the digest, where that is something else: some get it wrong, and HEAD repeats it."""
    gone: Gone | None = None
    page: _TextId | None = None
    """Id of the text of the whole page, where it was kept."""
    sections: dict[str, _TextId] | None = None
    """Ids of the texts of single sections, by their place from 0, where these were kept."""
    form: Literal["counted"] | None = None
    """How the classic page was written, where it was not in the usual form."""
    dates: dict[str, _Time | None] | None = None
    """When layers were modified, where the page has another date than the layer's fact, or none: by the place of the
    layer on the page, from 0."""
    dates_as: _Time | None = None
    """The observation of this tag at that time has the same `dates`, but for those that are here."""

    @property
    def key(self) -> tuple[str, ...]:
        return ("ObservationFact", self.tag, self.time, self.source)

    @property
    def event(self) -> tuple[str, ...]:
        """What was observed: a commit's page of a tag is one thing, whatever time was assumed for the commit."""
        return (self.tag, self.source) if _COMMIT.match(self.source) else self.key

    @property
    def said_at(self) -> Time | None:
        return self.time

    @property
    def times(self) -> Iterable[Time | None]:
        return (self.time, self.dates_as, *(self.dates or {}).values())

    def enter(self, tables: FactTables) -> None:
        tables.observations[self.tag].append(self)
        if self.dates is not None or self.dates_as is not None:
            tables.dates[self.tag, self.time] = self

    def is_known(self, tables: FactTables) -> bool:
        return any(known.key == self.key for known in tables.observations.get(self.tag, ()))


class RawFact(_DigestFact, frozen=True, kw_only=True, tag="raw"):
    """An index, manifest or config exactly as a registry gave it, so that anyone can hash it again."""

    media_type: MediaType
    text: str | None = None
    base64: bytes | None = None
    """Instead of `text`, for bytes that are no UTF-8."""

    @property
    def table(self) -> str:  # type: ignore[override]  # of its role: one digest may be that of a config and be listed as a manifest
        return "raw_configs" if self.media_type in IMAGE_CONFIG_TYPES else "raws"

    @property
    def key(self) -> tuple[str, ...]:
        return (type(self).__name__, self.digest, self.table)

    @property
    def content(self) -> bytes:
        """The exact bytes."""
        return self.base64 if self.base64 is not None else (self.text or "").encode()


class StatementFact(_DigestFact, frozen=True, kw_only=True, tag="statement"):
    """What was read from an attestation; the statement itself is not kept."""

    table = "statements"
    predicate_type: str
    size: _Size
    builder: str = ""
    source: str = ""
    revision: str = ""
    packages: int | None = None


class AbsentFact(_DigestFact, frozen=True, kw_only=True, tag="absent"):
    """An index names this manifest, and the registry does not have it."""

    table = "absent"
    time: _Time

    @property
    def said_at(self) -> Time | None:
        return self.time


class HubImage(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    platform: Platform
    digest: _Digest | None = None
    size: _Size | None = None
    status: str = ""
    pushed: _Time | None = None


class HubFact(_Fact, frozen=True, kw_only=True, tag="hub"):
    """What Docker Hub's own API says of a tag, beside its manifest."""

    tag: _Tag
    time: _Time
    pushed: _Time | None = None
    status: str = ""
    media_type: MediaType = ""
    digest: _Digest | None = None
    images: tuple[HubImage, ...] = ()

    @property
    def key(self) -> tuple[str, ...]:
        return ("HubFact", self.tag, self.time)

    @property
    def said_at(self) -> Time | None:
        return self.time

    @property
    def times(self) -> Iterable[Time | None]:
        return (self.time, self.pushed, *(image.pushed for image in self.images))

    def enter(self, tables: FactTables) -> None:
        known = tables.hub.get(self.tag)
        if known is None or known.time <= self.time:
            tables.hub[self.tag] = self

    def is_known(self, tables: FactTables) -> bool:
        """Docker Hub said the same before, at whatever time."""
        known = tables.hub.get(self.tag)
        return known is not None and msgspec.structs.replace(known, time=self.time) == self


PageFact = StepFact | LayerFact | ConfigFact | ManifestFact | IndexFact | TextFact
"""From repo-info pages."""
RegistryFact = RawFact | StatementFact | AbsentFact | HubFact
"""From registries."""
Fact = ObservationFact | PageFact | RegistryFact

_ENCODER = msgspec.json.Encoder(order="sorted")
_DECODER = msgspec.json.Decoder(Fact)


def encode_fact(fact: Fact) -> bytes:
    """One canonical line, with its line feed."""
    return _ENCODER.encode(fact) + b"\n"


def decode_fact(line: bytes) -> Fact:
    """One line.

    Raises:
        msgspec.MsgspecError: it is no fact; the message ends with the path to the bad field.
    """
    try:
        fact: Fact = _DECODER.decode(line)
    except RecursionError:
        raise msgspec.ValidationError("nested too deeply") from None
    for moment in fact.times:
        if moment and not is_in_calendar(moment):
            raise msgspec.ValidationError(f"no date of the calendar: {moment}")
    return fact


def content_id(content: bytes) -> str:
    """The sha256 of a step's or a kept page's content, in hex. A step goes by the first 16 digits of it."""
    return hashlib.sha256(content).hexdigest()
