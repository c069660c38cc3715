"""Runs tasks in as many processes as asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from types import MappingProxyType
from typing import ClassVar

from collector.pages.provider import Task
from collector.site.place import Done, Entry

Progress = Callable[[int, int], None]
"""Called with how many tasks are done, and how many there are."""

Job = tuple[Task, Entry | None]
"""A task, and what it was when it was done last."""

Run = Callable[[Job], Done]
"""Does a job. Travels to the other processes by pickle."""


class _Process:
    """What this process does, in a pool."""

    run: ClassVar[Run]

    @classmethod
    def start(cls, run: Run) -> None:
        cls.run = run

    @classmethod
    def do(cls, job: Job) -> Done:
        return cls.run(job)


def produce(
    plan: Sequence[Task],
    run: Run,
    jobs: int = 1,
    before: Mapping[str, Entry] = MappingProxyType({}),
    progress: Progress | None = None,
) -> Iterator[Done]:
    """Do every task, those first that are not what they were `before`."""
    due = sorted(plan, key=lambda task: task.name in before and task.key == before[task.name].key)
    for number, done in enumerate(_results(run, [(task, before.get(task.name)) for task in due], jobs), 1):
        yield done
        if progress:
            progress(number, len(plan))


def _results(run: Run, tasks: Sequence[Job], jobs: int) -> Iterator[Done]:
    """In the tasks' order."""
    if jobs <= 1 or len(tasks) <= 1:
        yield from map(run, tasks)
        return
    with ProcessPoolExecutor(min(jobs, len(tasks)), initializer=_Process.start, initargs=(run,)) as pool:
        try:
            yield from pool.map(_Process.do, tasks)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
