"""The base classes of all kinds of facts, and the types of their members."""

from __future__ import annotations

from abc import abstractmethod
from typing import Annotated, Any, ClassVar

import msgspec

from collector.archive.facts.forms import SHARED, Form
from collector.model import digests, times
from collector.model.digests import Digest
from collector.model.images import MediaType
from collector.model.platforms import Platform
from collector.model.times import Time

DigestText = Annotated[Digest, Form(digests.PATTERN)]
TimeText = Annotated[Time, Form(times.PATTERN, times.is_time, "not a date of the calendar")]
StepId = Annotated[str, Form(r"^(?:[0-9a-f]{16}|[0-9a-f]{64})$")]
TextId = Annotated[str, Form(r"^[0-9a-f]{64}$")]
TagText = Annotated[str, Form(r"^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$")]
SharedText = Annotated[str, SHARED]
SharedMediaType = Annotated[MediaType, SHARED]
SharedPlatform = Annotated[Platform, SHARED]
Size = Annotated[int, msgspec.Meta(ge=0, le=2**62)]
Words = Annotated[tuple[str, ...] | None, SHARED]


class BaseFact(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
    tag_field="fact",
    forbid_unknown_fields=False,
    gc=False,
):
    """Unknown members are ignored, so that later versions of the same format can add some."""

    since: ClassVar[int] = 1
    """The first format with this kind."""

    @property
    @abstractmethod
    def key(self) -> tuple[str, ...]:
        """Two facts with the same key are duplicates, or contradict each other."""

    @property
    def said_at(self) -> Time | None:
        """When a registry or a page stated it; None for a fact about an object, which is true at all times."""
        return None

    @abstractmethod
    def enter(self, tables: Any) -> None:
        """Adds itself to the table of its kind in `FactTables`, unless the same fact is there."""

    @abstractmethod
    def is_known(self, tables: Any) -> bool:
        """Whether the tables have an equal fact, or one that takes precedence."""


class ObjectFact(BaseFact, frozen=True, kw_only=True):
    """A fact about an object that has a digest or an id."""

    table: ClassVar[str]
    """The name of its table in `FactTables`."""

    @property
    @abstractmethod
    def name(self) -> str:
        """The digest or the id."""

    @property
    def value(self) -> object:
        """The value in the table."""
        return self

    @property
    def key(self) -> tuple[str, ...]:
        return (type(self).__name__, self.name)

    def enter(self, tables: object) -> None:
        getattr(tables, self.table).setdefault(self.name, self.value)

    def is_known(self, tables: object) -> bool:
        return self.name in getattr(tables, self.table)


class DigestFact(ObjectFact, frozen=True, kw_only=True):
    digest: DigestText

    @property
    def name(self) -> str:
        return self.digest

    @property
    def key(self) -> tuple[str, ...]:
        return (type(self).__name__, self.digest)
