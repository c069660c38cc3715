"""The values that all images of a run share, and those that all routines of an image share."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import msgspec

from collector.archive.store import Archive
from collector.archive.visits import LastVisits
from collector.archive.writer import RepositoryWriter
from collector.collect.byte_budget import ByteBudget
from collector.collect.hub import HubReader
from collector.collect.report import CollectReport
from collector.collect.worker_pool import Rank, WorkerPool
from collector.model.progress import Progress, no_progress
from collector.model.references import Repository
from collector.model.times import Time
from collector.registry.client import RegistryClient

_MAX_STATEMENT_BYTES = 128 * 2**20
"""The bytes of statements that may be read at the same time."""


class CollectOptions(msgspec.Struct, frozen=True, kw_only=True):
    """The options of a run."""

    threads: int = 16
    is_dry: bool = False
    """Make no pulls, write nothing, and estimate the cost."""
    vanish_share: float = 0.3
    """If more than this share of an image's tags is gone at once, nothing is recorded."""
    allow_vanishing: bool = False
    packages: bool = False
    """Read again the SBOMs that were collected before their packages were kept."""
    referrers: bool = False
    """Ask for SBOMs that refer to new images, by one request for each."""
    layer_dates: bool = True
    """Ask for the date of every new layer, by one HEAD."""
    rehearsal: Time | None = None
    """The time to record for everything, to try out a history; None: the time of the clock."""


class RunContext(msgspec.Struct, kw_only=True):
    """One run."""

    client: RegistryClient
    archive: Archive
    pool: WorkerPool
    now: Callable[[], Time]
    options: CollectOptions
    visits: LastVisits
    report: CollectReport
    hub: HubReader | None = None
    progress: Progress = no_progress
    done: int = 0
    total: int = 0
    without_referrers: set[str] = msgspec.field(default_factory=set)
    """Registries that have no lists of referrers."""
    statement_bytes: ByteBudget = msgspec.field(default_factory=lambda: ByteBudget(_MAX_STATEMENT_BYTES))
    order: itertools.count[int] = msgspec.field(default_factory=itertools.count)

    def rank_first(self) -> Rank:
        """The rank of requests that complete a tag: one whole tag is worth more than parts of many."""
        return (0, next(self.order))

    def rank_later(self) -> Rank:
        """The rank of requests that begin an image or a tag."""
        return (1, next(self.order))

    def expect(self, more: int) -> None:
        """Adds to the known amount of work."""
        self.total += more

    def finish_one(self) -> None:
        """Counts one part of the work as done."""
        self.done += 1
        self.progress(self.done, self.total)


class ImageContext(msgspec.Struct, frozen=True, kw_only=True):
    """One image of a run."""

    run: RunContext
    repository: Repository
    writer: RepositoryWriter
