"""Runs tasks in as many processes as asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType

from collector.pages.tasks import Task
from collector.site.incremental import Done, Entry
from collector.site.worker_processes import work_through

Progress = Callable[[int, int], None]
"""Called with how many tasks are done, and how many there are."""

Job = tuple[Task, Entry | None]
"""A task, and what it was when it was done last."""

Run = Callable[[Job], Done]
"""Does a job. Travels to the other processes by pickle."""


def produce(
    plan: Sequence[Task],
    run: Run,
    jobs: int = 1,
    before: Mapping[str, Entry] = MappingProxyType({}),
    progress: Progress | None = None,
) -> Iterator[Done]:
    """Do every task of a plan that begins with the largest; what they come to, in the order in which they are done.

    Those that are what they were `before` come last in the list, and so are looked at by all processes but the first.
    """
    due = sorted(plan, key=lambda task: task.name in before and task.key == before[task.name].key)
    tasks = [(task, before.get(task.name)) for task in due]
    processes = min(jobs, len(tasks))
    results = work_through(run, tasks, processes=processes) if processes > 1 else map(run, tasks)
    for number, done in enumerate(results, 1):
        yield done
        if progress:
            progress(number, len(plan))
