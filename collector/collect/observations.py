"""Records observations of tags. Each is later than all previous observations of its tag."""

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
    """The observations of one repository: reads the last ones, and adds new ones."""

    def __init__(
        self, writer: RepositoryWriter, source: str, now: Callable[[], Time], *, is_rehearsal: bool = False
    ) -> None:
        self.writer = writer
        self._is_rehearsal = is_rehearsal
        self._source = source
        self._now = now
        self.notices: list[str] = []
        self._is_clock_reported = False

    def last(self, tag: Tag) -> ObservationFact | None:
        """The last observation of a tag."""
        seen = self.writer.holdings.observations.get(tag)
        return seen[-1] if seen else None

    def is_live(self, tag: Tag) -> bool:
        """Whether a tag existed at its last observation."""
        last = self.last(tag)
        return last is not None and last.gone is None

    def live_tags(self) -> list[Tag]:
        """The tags that existed at their last observation, by name."""
        return [Tag(tag) for tag in self.writer.holdings.tags if self.is_live(Tag(tag))]

    def add(self, tag: Tag, *, digest: Digest | None = None, announced: Digest | None = None) -> None:
        """Records that a tag points at a digest; `announced` is the digest that the registry gave for it, or None."""
        other = announced if announced != digest else None
        self._add(tag, digest=digest, announced=other, gone=None)

    def add_gone(self, tag: Tag) -> None:
        """Records that a tag is gone."""
        self._add(tag, digest=None, announced=None, gone="missing")

    def add_hub(self, facts: list[HubFact]) -> None:
        """Records facts from Docker Hub, unless the archive has newer ones."""
        for fact in facts:
            known = self.writer.holdings.hub.get(fact.tag)
            if known is None or known.time < fact.time:
                self.writer.add(fact.time, fact)

    def _add(self, tag: Tag, *, digest: Digest | None, announced: Digest | None, gone: Gone | None) -> None:
        now, last = self._now(), self.last(tag)
        time = now
        if last is not None and last.time >= now:
            # Keeps the order of observations if two runs happen in one second, or if the clock was set back.
            time = _after(last.time)
            if last.time > now and not self._is_clock_reported:
                self._is_clock_reported = True
                self.notices.append(
                    f"{tag}: the clock shows {now}, but the last observation is from {last.time}; recorded as {time}"
                )
        self.writer.observe(
            ObservationFact(
                tag=tag,
                time=time,
                source=self._source,
                digest=digest,
                announced=announced,
                gone=gone,
                rehearsed=self._is_rehearsal,
            )
        )


def _after(moment: Time) -> Time:
    try:
        return time_of(datetime.fromisoformat(moment) + timedelta(seconds=1))
    except (ValueError, OverflowError):
        return moment  # a page contains an invalid time
