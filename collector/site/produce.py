"""Runs the tasks, in as many processes as asked for, and writes what they yield."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import ClassVar

import msgspec

from collector.errors import BuildError
from collector.pages.documents import Document
from collector.pages.provider import Task
from collector.site.output import Output
from collector.site.provider import Item, Provider, Summed
from collector.site.shell import Shell
from collector.site.sitemap import Entry, render_sitemaps
from collector.site.splice import splice
from collector.site.state import BuildState, TaskRecord

Progress = Callable[[int, int], None]
"""Called with how many tasks are done, and how many there are."""


class Production(msgspec.Struct, frozen=True, kw_only=True):
    """What all tasks came to."""

    tasks: dict[str, TaskRecord]
    paths: tuple[str, ...]
    """The files of no task."""
    pages: int
    skipped: int
    """Tasks whose pages stay as they are."""


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """What some items became."""

    paths: tuple[str, ...]
    pages: tuple[Entry, ...]


class Worker(msgspec.Struct, frozen=True, kw_only=True):
    """Makes items into files."""

    provider: Provider
    shell: Shell
    output: Output

    def run(self, task: Task) -> TaskRecord:
        items = Summed(self.provider.run(task))
        written = self.write(items)
        return TaskRecord(key=task.key, paths=written.paths, pages=written.pages, summary=items.summary)

    def write(self, items: Iterable[Item]) -> Written:
        paths: list[str] = []
        pages: list[Entry] = []
        for item in items:
            if isinstance(item, Document):
                pages.append((item.address, item.updated))
            for path, content in splice(item, self.shell):
                self.output.put(path, content)
                paths.append(path)
        return Written(paths=tuple(paths), pages=tuple(pages))


class _Process:
    """The worker of this process, in a pool."""

    worker: ClassVar[Worker]

    @classmethod
    def start(cls, worker: Worker) -> None:
        cls.worker = worker

    @classmethod
    def run(cls, task: Task) -> TaskRecord:
        return cls.worker.run(task)


def produce(
    worker: Worker,
    *,
    site_url: str = "",
    jobs: int = 1,
    before: BuildState | None = None,
    progress: Progress | None = None,
) -> Production:
    """Write every page, twin and index, and the sitemap where the site's address is known.

    `before` is the record of the site that the output updates: tasks with the same key are skipped.

    Raises:
        BuildError: two pages claim one address, or an address leads out of the site.
    """
    plan = worker.provider.plan()
    records = dict(_unchanged(worker.output, plan, before)) if before else {}
    skipped = len(records)
    due = [task for task in plan if task.name not in records]
    for task, record in zip(due, _results(worker, due, jobs), strict=True):
        records[task.name] = record
        if progress:
            progress(len(records), len(plan))
    records = dict(sorted(records.items()))
    last = worker.write(worker.provider.finish({name: record.summary for name, record in records.items()}))
    pages = [*last.pages, *(page for record in records.values() for page in record.pages)]
    paths = [*last.paths, *_put_sitemaps(worker.output, site_url, pages)]
    _refuse_doubles(path for group in (paths, *(record.paths for record in records.values())) for path in group)
    return Production(tasks=records, paths=tuple(paths), pages=len(pages), skipped=skipped)


def _unchanged(output: Output, plan: Sequence[Task], before: BuildState) -> Iterator[tuple[str, TaskRecord]]:
    for task in plan:
        old = before.tasks.get(task.name)
        if old and task.key and old.key == task.key and output.keep(old.paths):
            yield task.name, old


def _put_sitemaps(output: Output, site_url: str, pages: Sequence[Entry]) -> Iterator[str]:
    for path, text in render_sitemaps(site_url, pages) if site_url else ():
        output.put(path, text.encode())
        yield path


def _refuse_doubles(paths: Iterable[str]) -> None:
    files: set[str] = set()
    folders = {""}
    for path in paths:
        if path in files:
            raise BuildError(f"two pages claim one address: {path!r}")
        files.add(path)
        folder = path.rpartition("/")[0]
        while folder not in folders:
            folders.add(folder)
            folder = folder.rpartition("/")[0]
    if not files.isdisjoint(folders):
        raise BuildError(f"two pages claim one address: {min(files & folders)!r}")


def _results(worker: Worker, tasks: Sequence[Task], jobs: int) -> Iterator[TaskRecord]:
    """The tasks' records in the tasks' order."""
    if jobs <= 1 or len(tasks) <= 1:
        yield from map(worker.run, tasks)
        return
    with ProcessPoolExecutor(min(jobs, len(tasks)), initializer=_Process.start, initargs=(worker,)) as pool:
        try:
            yield from pool.map(_Process.run, tasks)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
