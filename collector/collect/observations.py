"""Writing down what was seen of tags, each at a moment after all that is known of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from collector.archive.facts import HubFact, ObservationFact
from collector.archive.writer import RepositoryWriter
from collector.model.digests import Digest
from collector.model.images import Gone
from collector.model.references import Tag
from collector.model.times import Time, time_of


class Observations:
    """The observations of one repository: what they are, and new ones."""

    def __init__(self, writer: RepositoryWriter, source: str, now: Callable[[], Time]) -> None:
        self.writer = writer
        self._source = source
        self._now = now
        self.notices: list[str] = []

    def last(self, tag: Tag) -> ObservationFact | None:
        """What was seen of a tag last."""
        seen = self.writer.holdings.observations.get(tag)
        return seen[-1] if seen else None

    def is_live(self, tag: Tag) -> bool:
        """Whether a tag was there when it was last seen."""
        last = self.last(tag)
        return last is not None and last.gone is None

    def is_gone(self, tag: Tag) -> bool:
        """Whether a tag was gone when it was last seen."""
        last = self.last(tag)
        return last is not None and last.gone is not None

    def live_tags(self) -> list[Tag]:
        """All that were there when they were last seen, by name."""
        return [Tag(tag) for tag in self.writer.holdings.tags if self.is_live(Tag(tag))]

    def add(self, tag: Tag, *, digest: Digest | None = None, announced: Digest | None = None) -> None:
        """The tag points at this digest now; `announced` is what the registry calls that, or None."""
        other = announced if announced != digest else None
        self._add(tag, digest=digest, announced=other, gone=None)

    def add_gone(self, tag: Tag) -> None:
        """There is no such tag any more."""
        self._add(tag, digest=None, announced=None, gone="missing")

    def add_hub(self, facts: list[HubFact]) -> None:
        """What Docker Hub says of tags."""
        for fact in facts:
            known = self.writer.holdings.hub.get(fact.tag)
            if known is None or known.time < fact.time:
                self.writer.add(fact.time, fact)

    def _add(self, tag: Tag, *, digest: Digest | None, announced: Digest | None, gone: Gone | None) -> None:
        now, last = self._now(), self.last(tag)
        time = now
        if last is not None and last.time >= now:
            # Two runs in one second, or a clock that was turned back: the order in which it was seen must stay.
            time = _after(last.time)
            if last.time > now and not self.notices:
                self.notices.append(f"{tag}: it is {now}, and the archive knows of {last.time}; noted as {time}")
        self.writer.observe(
            ObservationFact(tag=tag, time=time, source=self._source, digest=digest, announced=announced, gone=gone)
        )


def _after(moment: Time) -> Time:
    try:
        return time_of(datetime.fromisoformat(moment) + timedelta(seconds=1))
    except (ValueError, OverflowError):
        return moment  # no moment at all: a page said so
