"""Runs the tasks of a site, in as many processes as asked for, and makes the pages that need the results of all.

A site consists of tasks that are independent of each other, one per repository, so that each can run in a process of
its own and be skipped where nothing has changed; and of what needs all of them: the home page and the search indexes.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Protocol

import msgspec

from collector.configuration import SiteSettings
from collector.model.progress import Progress, no_progress
from collector.pages.documents import Document, Item
from collector.pages.kinds import load_templates
from collector.pages.left_out import LeftOut
from collector.pages.tasks import Task, edition_of
from collector.site.garbage_collection import without_garbage_collection
from collector.site.incremental import TaskEntry, TaskResult, TaskWriter
from collector.site.outputs import Outputs, file_output, output_of, outputs_of
from collector.site.record_store import Record, RecordStore, Summary
from collector.site.shell import Shell
from collector.site.sitemap import Address, render_sitemaps
from collector.site.worker_processes import work_through

Job = tuple[Task, TaskEntry | None]
"""A task, and the same task in the last build."""

Finish = Callable[[Mapping[str, bytes], SiteSettings, LeftOut | None], Iterable[Item]]
"""Renders the site-wide items. Receives the summaries of the tasks, sorted by name, and what the site leaves out."""


class Pages(Protocol):
    """Renders the items of a site, as `collector.pages.SitePages` does. Worker processes receive it by pickle."""

    def plan(self) -> Sequence[Task]:
        """The tasks in any order. If the slowest come first, all processes are busy until the end."""

    def run(self, task: Task, before: bytes = b"") -> Generator[Item, None, bytes]:
        """Yields the items of a task; returns as bytes the data that `finish` and the next build need.

        Args:
            before: these data from the last build by the same program; empty if there are none.
        """

    @property
    def finish(self) -> Finish:
        """Renders the site-wide items."""

    @property
    def finish_key(self) -> bytes:
        """Covers everything that `finish` reads beside its arguments."""


class SiteContext(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that all pages are rendered with, and their destination. Worker processes receive it by pickle."""

    settings: SiteSettings
    shell: Shell
    writer: TaskWriter


class PageRunner(msgspec.Struct, frozen=True, kw_only=True):
    """Renders the pages of a task. Worker processes receive it by pickle."""

    pages: Pages
    site: SiteContext

    def __call__(self, job: Job) -> TaskResult:
        task, previous = job
        return self.site.writer.write(task, previous, lambda: self._outputs(task, previous))

    def _outputs(self, task: Task, previous: TaskEntry | None) -> Outputs:
        items = self.pages.run(task, self.site.writer.summary_of(previous))
        with without_garbage_collection():
            return (yield from outputs_of(items, self.site.shell))


def run_tasks(
    plan: Sequence[Task],
    run: Callable[[Job], TaskResult],
    *,
    jobs: int = 1,
    previous: Mapping[str, TaskEntry] = MappingProxyType({}),
    progress: Progress = no_progress,
) -> Iterator[TaskResult]:
    """Run every task of a plan that begins with the largest tasks; yields the results as they arrive.

    Tasks that are unchanged since the `previous` build come last, where all processes except the first begin.

    Args:
        run: sent to the worker processes by pickle.
    """
    unchanged = {task.name for task in plan if task.name in previous and task.key == previous[task.name].key}
    tasks = [(task, previous.get(task.name)) for task in sorted(plan, key=lambda task: task.name in unchanged)]
    processes = min(jobs, len(tasks))
    if processes > 1 and len(unchanged) < len(tasks):
        load_templates()  # once, rather than in each process
    results = work_through(run, tasks, processes=processes) if processes > 1 else map(run, tasks)
    for number, result in enumerate(results, 1):
        yield result
        progress(number, len(plan))


def site_wide(
    finish: Finish, site: SiteContext, tasks: Mapping[str, TaskEntry], left_out: LeftOut | None = None
) -> Outputs:
    """The site-wide outputs: home, the search indexes, and the sitemap if the site's address is known.

    Args:
        finish: renders them.
        site: everything that all pages are rendered with.
        tasks: sorted by name.
        left_out: what the site leaves out; None: the sitemap has all pages.
    """
    records = site.writer.records
    summaries = {name: records.must_read(entry.record, Summary).summary for name, entry in tasks.items()}
    addresses: list[Address] = []
    for item in finish(summaries, site.settings, left_out):
        output = output_of(item, site.shell)
        if isinstance(item, Document) and not item.past:
            addresses.append((output.name, output.updated))
        yield output
    if site.settings.url:
        addresses.extend(_iter_addresses(tasks, records, left_out))
        for path, text in render_sitemaps(site.settings.url, addresses):
            yield file_output(path, text.encode())
    return b""


def _iter_addresses(
    tasks: Mapping[str, TaskEntry], records: RecordStore, left_out: LeftOut | None
) -> Iterator[Address]:
    """The addresses of the pages of the current site."""
    for name, entry in tasks.items():
        if edition_of(name):
            continue
        record = records.must_read(entry.record, Record)
        for row in record.rows if left_out else record.all_rows:
            if row.is_page:
                yield row.name, row.updated
