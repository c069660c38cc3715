"""The collection: every wanted tag is looked at, and what is new is written down.

Images are begun one after the other while the questions of earlier ones are still open, so that all threads have work
whether an image has one tag or thousands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import nullcontext

from collector.archive.store import Archive
from collector.archive.visits import last_visits
from collector.collect.hub import HubReader
from collector.collect.image_update import Looking
from collector.collect.report import CollectReport
from collector.collect.run_context import CollectOptions, Progress, Running
from collector.collect.selection import Wanted, merge
from collector.collect.worker_pool import Crew
from collector.model.times import Time
from collector.registry.client import RegistryClient

_AHEAD = 4
"""Open questions per thread, above which no more images are begun: each holds its part of the archive in memory."""


def collect(
    client: RegistryClient,
    archive: Archive,
    wanted: Iterable[Wanted],
    *,
    now: Callable[[], Time],
    options: CollectOptions,
    hub: HubReader | None = None,
    progress: Progress = lambda done, total: None,
) -> CollectReport:
    """Look at every wanted tag, and add to the archive what is new.

    Raises:
        ArchiveError: the archive cannot be written, or another run is writing to it.
    """
    report = CollectReport()
    with nullcontext() if options.is_dry else archive.writing(), Crew(options.threads) as crew:
        visits = last_visits(archive.root)
        running = Running(
            client=client,
            archive=archive,
            crew=crew,
            now=now,
            options=options,
            visits=visits,
            report=report,
            hub=hub,
            progress=progress,
        )
        for one in sorted(merge(wanted), key=lambda one: visits.of_repository(one.repository.name)):
            while crew.open >= _AHEAD * options.threads:
                crew.hear()
            Looking(running, one).start()
        while crew.open:
            crew.hear()
    assert running.done == running.total, "every question has an answer"
    report.add_up()
    return report
