"""What all images of one run share."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import msgspec

from collector.archive.store import Archive
from collector.archive.visits import LastVisits
from collector.collect.hub import HubReader
from collector.collect.report import CollectReport
from collector.collect.worker_pool import Crew, Rank
from collector.model.times import Time
from collector.registry.client import RegistryClient

Progress = Callable[[int, int], None]
"""Told how much is done, of how much is known so far: a look at a tag, and what has to be fetched for one."""


class CollectOptions(msgspec.Struct, frozen=True, kw_only=True):
    """How a run is to go."""

    threads: int = 16
    is_dry: bool = False
    """Ask what is no pull, write nothing, and say what the rest would cost."""
    vanish_share: float = 0.3
    """When more than this share of an image's tags are gone at once, and more than one, nothing is recorded."""
    allow_vanishing: bool = False
    layer_dates: bool = True
    """One HEAD for every new layer, for the date that its storage gives it."""


class Running(msgspec.Struct, kw_only=True):
    """One run."""

    client: RegistryClient
    archive: Archive
    crew: Crew
    now: Callable[[], Time]
    options: CollectOptions
    visits: LastVisits
    report: CollectReport
    hub: HubReader | None = None
    progress: Progress = lambda done, total: None
    done: int = 0
    total: int = 0
    order: itertools.count[int] = msgspec.field(default_factory=itertools.count)

    def first(self) -> Rank:
        """For what brings something to its end that was begun: one whole tag is worth more than parts of many."""
        return (0, next(self.order))

    def later(self) -> Rank:
        """For what is begun."""
        return (1, next(self.order))

    def expect(self, more: int) -> None:
        """So much more is to be done."""
        self.total += more

    def finish(self, some: int = 1) -> None:
        """So much is done."""
        self.done += some
        self.progress(self.done, self.total)
