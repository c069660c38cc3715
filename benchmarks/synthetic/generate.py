"""Writes an archive from a few numbers, one image at a time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec

from benchmarks.synthetic.bases import Bases
from benchmarks.synthetic.clock import Clock
from benchmarks.synthetic.history import ImageHistory, seen_from
from benchmarks.synthetic.pages import PageRecorder
from benchmarks.synthetic.plan import ImagePlan, count_images, plan_images
from benchmarks.synthetic.registry import RegistryRecorder
from benchmarks.synthetic.world import World
from collector.archive.facts import ObservationFact
from collector.archive.store import Archive
from collector.model.references import Repository
from collector.model.times import Time

Progress = Callable[[int, int], None]
"""Receives the number of finished images, and the total."""


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """The parameters of an archive. Equal parameters give equal archives."""

    tags: int
    """Live ones at the end, about; with those that are gone it has nearly three times as many."""
    seed: int = 1
    days: int = 510
    """How long the whole history is."""
    until: Time | None = None
    """Where it is cut off."""
    images: int | None = None
    """How many images the tags are of, beside the distributions; None: as many as in a real archive."""


def write_archive(root: Path, wish: Wish, progress: Progress = lambda done, total: None) -> None:
    """Make the archive, or continue an existing one of the same history, whose lines stay unchanged.

    Raises:
        ArchiveError: it cannot be written, or another archive is there.
    """
    archive = Archive(root, create=True)
    clock = Clock(seed=wish.seed, days=wish.days, until=wish.until)
    images = count_images(wish.tags, wish.images)
    world = World(seed=wish.seed, clock=clock, bases=Bases(wish.seed, clock, images=images))
    plans = list(plan_images(wish.seed, wish.tags, images, world.bases))
    with archive.writing():
        for done, plan in enumerate(plans, 1):
            _write_image(archive, plan, world)
            progress(done, len(plans))


def _write_image(archive: Archive, plan: ImagePlan, world: World) -> None:
    writer = archive.writer(Repository(registry=plan.registry, path=plan.path))
    recorder = (RegistryRecorder if plan.is_collected else PageRecorder)(plan, world, writer)
    clock = world.clock
    # Nobody asked registries from the beginning.
    for seen in seen_from(clock.indexes_from if plan.is_collected else 0, ImageHistory(plan, world)):
        if seen.run >= clock.seen:
            break
        writer.observe(
            ObservationFact(
                tag=seen.tag,
                time=clock.times[seen.run],
                source=plan.registry if plan.is_collected else clock.sources[seen.run],
                digest=recorder.state(seen.run, seen.shown) if seen.shown else None,
                gone=seen.gone,
            )
        )
    writer.flush()
