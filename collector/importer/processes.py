"""The images of a source, dealt to processes: each takes the next image when it is done with one.

Processes are forked. So each holds the archive's lock together with the one that took it, and what was gathered from
the log need not be sent. An image is whole by itself, and its journals are written by one process alone: they come out
the same, however many processes there are.
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
from collector.importer.image_import import ImageReport, ImageTask, Tell

Work = Callable[[ImageTask, Tell], ImageReport]
"""Imports one image."""
OpenWork = Callable[[], AbstractContextManager[Work]]
"""Gets what a process needs to work, and puts it away again."""
TellOf = Callable[[int, int], None]
"""Told which task it is, and how many page versions of it are done."""

_Crew = dict[Connection, ForkProcess]


def work_through(tasks: Sequence[ImageTask], open_work: OpenWork, tell: TellOf, *, jobs: int) -> list[ImageReport]:
    """Do all tasks; their reports, in the tasks' order.

    Raises:
        RepoInfoError: what the work raises, or one of the processes was killed. The others are then stopped at once.
    """
    jobs = min(jobs, len(tasks))
    if jobs <= 1:
        with open_work() as work:
            return [work(task, partial(tell, number)) for number, task in enumerate(tasks)]
    # The largest first: at the end nobody should wait long for the last one.
    order = iter(sorted(range(len(tasks)), key=lambda number: len(tasks[number].versions), reverse=True))
    reports: dict[int, ImageReport] = {}
    with _forked(jobs, partial(_work, tasks, open_work)) as crew:
        for pipe in crew:
            _send(pipe, next(order, None))
        while crew:
            for pipe, (number, said) in _iter_heard(crew):
                if isinstance(said, ImageReport):
                    reports[number] = said
                    _send(pipe, next(order, None))
                else:
                    tell(number, said)
    return [report for _, report in sorted(reports.items())]


def _iter_heard(crew: _Crew) -> Iterator[tuple[Connection, tuple[int, int | ImageReport]]]:
    """What the processes have said. Those that are done leave the crew."""
    for pipe in wait(list(crew)):
        assert isinstance(pipe, Connection)
        try:
            heard = pipe.recv()
        except (EOFError, ConnectionResetError):
            process = crew.pop(pipe)
            process.join()
            if process.exitcode:
                message = f"a process of the import ended before it was done (exit code {process.exitcode})"
                hint = "run the same command again to go on; --jobs 1 takes the least memory"
                raise RepoInfoError(message, hint=hint) from None
            continue
        if isinstance(heard, Exception):
            raise heard
        yield pipe, heard


@contextmanager
def _forked(count: int, run: Callable[[Connection, Sequence[Connection]], None]) -> Iterator[_Crew]:
    """Processes with our end of a pipe to each; all are gone when this is left, in whatever way."""
    context = multiprocessing.get_context("fork")
    started: _Crew = {}
    try:
        for _ in range(count):
            ours, theirs = context.Pipe()
            # A forked process has our ends as well: were they left open there, the others would not hear of our end.
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
    """The whole life of a process of the crew: it is given numbers of tasks, and says how far it is."""
    for other in others:
        other.close()
    # Ctrl-C in a terminal goes to all processes: this one has nothing to say of it.
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
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
    """Take the numbers of tasks; when the one that gives them has ended, in whatever way, end at once as well."""
    with suppress(EOFError, OSError):
        while True:
            numbers.put(pipe.recv())
    os._exit(1)


def _tell(pipe: Connection, number: int, count: int) -> None:
    _send(pipe, (number, count))


def _send(pipe: Connection, message: Any) -> None:
    """Say something to another process; where it has ended, that shows when it is listened to."""
    with suppress(BrokenPipeError):
        pipe.send(message)
