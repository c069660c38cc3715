"""Worker processes of an import: each takes the next image when it has finished one.

Processes are forked, so they share the archive's lock and the log of the source with their parent. Only one process
writes the journals of an image, so their content does not depend on the number of processes.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import partial
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkProcess
from queue import SimpleQueue
from typing import Any

from collector.errors import RepoInfoError
from collector.importer.image_import import ImageTask, TaskProgress
from collector.importer.report import ImageReport

Work = Callable[[ImageTask, TaskProgress], ImageReport]
"""Imports one image."""
OpenWork = Callable[[], AbstractContextManager[Work]]
"""Opens the resources of a process, and closes them."""
ProgressOf = Callable[[int, int], None]
"""Receives the number of a task and the number of its page versions that are done."""

_Workers = dict[Connection, ForkProcess]


def work_through(
    tasks: Sequence[ImageTask], open_work: OpenWork, progress: ProgressOf, *, jobs: int
) -> list[ImageReport]:
    """Run all tasks; returns their reports in the same order.

    Raises:
        RepoInfoError: a task failed, or a process was killed. The other processes are then stopped at once.
    """
    jobs = min(jobs, len(tasks))
    if jobs <= 1:
        with open_work() as work:
            return [work(task, partial(progress, number)) for number, task in enumerate(tasks)]
    # The largest tasks first, so that no process works alone for long at the end.
    order = iter(sorted(range(len(tasks)), key=lambda number: tasks[number].size, reverse=True))
    reports: dict[int, ImageReport] = {}
    with _forked(jobs, partial(_work, tasks, open_work)) as workers:
        for pipe in workers:
            _send(pipe, next(order, None))
        while workers:
            for pipe, (number, said) in _iter_messages(workers):
                if isinstance(said, ImageReport):
                    reports[number] = said
                    _send(pipe, next(order, None))
                else:
                    progress(number, said)
    return [report for _, report in sorted(reports.items())]


def _iter_messages(workers: _Workers) -> Iterator[tuple[Connection, tuple[int, int | ImageReport]]]:
    """Messages from the workers, as they arrive. Workers that are done are removed."""
    for pipe in wait(list(workers)):
        assert isinstance(pipe, Connection)
        try:
            message = pipe.recv()
        except (EOFError, ConnectionResetError):
            process = workers.pop(pipe)
            process.join()
            if process.exitcode:
                message = f"a process of the import ended early (exit code {process.exitcode})"
                hint = "run the same command again to continue; --jobs 1 takes the least memory"
                raise RepoInfoError(message, hint=hint) from None
            continue
        if isinstance(message, Exception):
            raise message
        yield pipe, message


@contextmanager
def _forked(count: int, run: Callable[[Connection, Sequence[Connection]], None]) -> Iterator[_Workers]:
    """Start processes; yields each with the parent's end of its pipe. All are stopped on exit."""
    context = multiprocessing.get_context("fork")
    started: _Workers = {}
    try:
        for _ in range(count):
            ours, theirs = context.Pipe()
            # A forked process inherits the parent's ends. It closes them, so that the others notice when the parent
            # ends.
            process = context.Process(target=run, args=(theirs, [*started, ours]), daemon=True)
            process.start()
            theirs.close()
            started[ours] = process
        yield dict(started)
    finally:
        for pipe, process in started.items():
            process.kill()
            process.join()
            process.close()
            pipe.close()


def _work(tasks: Sequence[ImageTask], open_work: OpenWork, pipe: Connection, others: Sequence[Connection]) -> None:
    """The main function of a worker: it receives numbers of tasks, and sends progress and reports."""
    for other in others:
        other.close()
    # These may reach all processes, as Ctrl-C in a terminal does; the parent reports it.
    for request in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if callable(signal.getsignal(request)):
            signal.signal(request, signal.SIG_DFL)
    numbers: SimpleQueue[int | None] = SimpleQueue()
    threading.Thread(target=_listen, args=(pipe, numbers), daemon=True).start()
    try:
        with open_work() as work:
            while (number := numbers.get()) is not None:
                report = work(tasks[number], partial(_tell, pipe, number))
                _send(pipe, (number, report))
    except (RepoInfoError, OSError) as error:
        _send(pipe, error)


def _listen(pipe: Connection, numbers: SimpleQueue[int | None]) -> None:
    """Receive the numbers of tasks. If the parent ends, for whatever reason, end at once."""
    with suppress(EOFError, OSError):
        while True:
            numbers.put(pipe.recv())
    os._exit(1)


def _tell(pipe: Connection, number: int, count: int) -> None:
    _send(pipe, (number, count))


def _send(pipe: Connection, message: Any) -> None:
    """Send a message to another process. If that process has ended, the reader of its messages notices."""
    with suppress(BrokenPipeError):
        pipe.send(message)
