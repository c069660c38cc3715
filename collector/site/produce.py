"""Runs the tasks, in as many processes as asked for, and then makes what needs them all."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from itertools import chain
from types import MappingProxyType
from typing import ClassVar

import msgspec

from collector.pages.documents import Asset, Document
from collector.pages.provider import Task
from collector.site.pieces import Pieces, key_of_content, piece_of, pieces_of
from collector.site.place import Done, Entry, Place
from collector.site.provider import Provider
from collector.site.record import Record, Summary
from collector.site.shell import Shell
from collector.site.sitemap import Address, render_sitemaps

Progress = Callable[[int, int], None]
"""Called with how many tasks are done, and how many there are."""

Job = tuple[Task, Entry | None]
"""A task, and what it was when it was done last."""


class Worker(msgspec.Struct, frozen=True, kw_only=True):
    """Makes the items of a provider into files. Travels to the other processes by pickle."""

    provider: Provider
    shell: Shell
    place: Place
    site_url: str = ""

    def run(self, job: Job) -> Done:
        """Do one task."""
        task, before = job
        return self.place.do(task, before, lambda: self._pieces(task))

    def _pieces(self, task: Task) -> Pieces:
        with _without_collecting():
            return (yield from pieces_of(self.provider.run(task), self.shell))

    def finish(self, tasks: Mapping[str, Entry], before: Entry | None) -> Done:
        """Make what needs all tasks: home, the look-up indexes, and the sitemap where the site's address is known."""
        tasks = dict(sorted(tasks.items()))
        key = "\n".join([self.site_url, *(f"{name} {entry.record}" for name, entry in tasks.items())])
        task = Task(name="", key=key_of_content(key.encode()).hex())
        return self.place.do(task, before, lambda: self._last_pieces(tasks))

    def _last_pieces(self, tasks: Mapping[str, Entry]) -> Pieces:
        summaries = {name: self.place.shelf.must_read(entry.record, Summary).summary for name, entry in tasks.items()}
        addresses: list[Address] = []
        for item in self.provider.finish(summaries):
            piece = piece_of(item, self.shell)
            if isinstance(item, Document):
                addresses.append((piece.name, piece.updated))
            yield piece
        if self.site_url:
            for path, text in render_sitemaps(self.site_url, chain(addresses, self._addresses(tasks))):
                yield piece_of(Asset(path=path, content=text.encode()), self.shell)
        return b""

    def _addresses(self, tasks: Mapping[str, Entry]) -> Iterator[Address]:
        for entry in tasks.values():
            for row in self.place.shelf.must_read(entry.record, Record).rows:
                if row.is_page:
                    yield row.name, row.updated


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Spare a task the search for cycles of garbage, a tenth of its time: what it holds, it holds to its end."""
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.collect()
        gc.unfreeze()


class _Process:
    """The worker of this process, in a pool."""

    worker: ClassVar[Worker]

    @classmethod
    def start(cls, worker: Worker) -> None:
        cls.worker = worker

    @classmethod
    def run(cls, job: Job) -> Done:
        return cls.worker.run(job)


def produce(
    worker: Worker, jobs: int = 1, before: Mapping[str, Entry] = MappingProxyType({}), progress: Progress | None = None
) -> Iterator[Done]:
    """Do every task of the worker's provider, those first that are not what they were `before`."""
    plan = worker.provider.plan()
    due = sorted(plan, key=lambda task: task.name in before and task.key == before[task.name].key)
    for number, done in enumerate(_results(worker, [(task, before.get(task.name)) for task in due], jobs), 1):
        yield done
        if progress:
            progress(number, len(plan))


def _results(worker: Worker, tasks: Sequence[Job], jobs: int) -> Iterator[Done]:
    """In the tasks' order."""
    if jobs <= 1 or len(tasks) <= 1:
        yield from map(worker.run, tasks)
        return
    with ProcessPoolExecutor(min(jobs, len(tasks)), initializer=_Process.start, initargs=(worker,)) as pool:
        try:
            yield from pool.map(_Process.run, tasks)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
