"""The collection: asks registries what every wanted tag points at, and records what is new.

The next image begins while requests for earlier images are still open, so that all threads have work whether an image
has one tag or thousands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import nullcontext
from functools import partial

from collector.archive.store import Archive
from collector.archive.visits import last_visits
from collector.collect.hub import HubReader
from collector.collect.image_update import update_image
from collector.collect.rehearsal import check_rehearsal
from collector.collect.report import CollectReport
from collector.collect.run_context import CollectOptions, RunContext
from collector.collect.selection import Wanted, merge
from collector.collect.worker_pool import WorkerPool
from collector.model.progress import Progress, no_progress
from collector.model.times import Time
from collector.registry.client import RegistryClient

_MAX_PENDING = 4
"""No image begins while there are more open requests per thread than this: each image has its part of the archive in
memory.
"""


def collect(
    client: RegistryClient,
    archive: Archive,
    wanted: Iterable[Wanted],
    *,
    now: Callable[[], Time],
    options: CollectOptions,
    hub: HubReader | None = None,
    progress: Progress = no_progress,
) -> CollectReport:
    """Looks at every wanted tag, and adds what is new to the archive.

    Raises:
        ArchiveError: the archive cannot be written, or another run writes to it.
        UsageError: the time to rehearse is in the future, or the archive has later observations of a wanted image.
    """
    report, images = CollectReport(), merge(wanted)
    if options.rehearsal is not None:
        check_rehearsal(archive, images, options.rehearsal, now())
        # Docker Hub says how a tag is now.
        now, hub = partial(Time, options.rehearsal), None
    with nullcontext() if options.is_dry else archive.writing(), WorkerPool(options.threads) as pool:
        visits = last_visits(archive.root)
        run = RunContext(
            client=client,
            archive=archive,
            pool=pool,
            now=now,
            options=options,
            visits=visits,
            report=report,
            hub=hub,
            progress=progress,
        )
        updates = []
        for one in sorted(images, key=lambda one: visits.of_repository(one.repository.name)):
            pool.run(until_pending=_MAX_PENDING * options.threads - 1)
            updates.append(pool.start(update_image(run, one), rank=run.rank_later()))
        pool.run()
    for image in updates:
        assert image.result is None, "an image reports its errors"
    report.add_up()
    return report
