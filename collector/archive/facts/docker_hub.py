"""Docker Hub's own data about a tag."""

from __future__ import annotations

from typing import Protocol

import msgspec

from collector.archive.facts.fact import BaseFact, DigestText, Size, TagText, TimeText
from collector.model.images import MediaType
from collector.model.platforms import Platform
from collector.model.times import Time


class HubImage(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    platform: Platform
    digest: DigestText | None = None
    size: Size | None = None
    status: str = ""
    pushed: TimeText | None = None


class HubFact(BaseFact, frozen=True, kw_only=True, tag="hub"):
    """The data about a tag from Docker Hub's own API, in addition to its manifest."""

    tag: TagText
    time: TimeText
    pushed: TimeText | None = None
    status: str = ""
    media_type: MediaType = ""
    digest: DigestText | None = None
    images: tuple[HubImage, ...] = ()

    @property
    def key(self) -> tuple[str, ...]:
        return ("HubFact", self.tag, self.time)

    @property
    def said_at(self) -> Time | None:
        return self.time

    def enter(self, tables: _Tables) -> None:
        known = tables.hub.get(self.tag)
        if known is None or known.time <= self.time:
            tables.hub[self.tag] = self

    def is_known(self, tables: _Tables) -> bool:
        """Whether Docker Hub gave the same data before, at whatever time."""
        known = tables.hub.get(self.tag)
        return known is not None and msgspec.structs.replace(known, time=self.time) == self


class _Tables(Protocol):
    """The table of these facts."""

    hub: dict[str, HubFact]
    """The newest fact of each tag."""
