"""Processes that do a build's tasks; each is given the next one when it is done with one.

The first process takes them from the front of the list, where the largest are, and the others from its end. So two
large images are in memory at once only where nothing else is left, and all large ones come to the same process: Python
gives little of the memory back that it has once had.
"""

from __future__ import annotations

import signal
import traceback
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import Pipe, Process
from multiprocessing.connection import Connection, wait
from typing import Any, TypeVar

from collector.errors import BuildError

Job = TypeVar("Job")
Done = TypeVar("Done")


def work_through(run: Callable[[Job], Done], jobs: Sequence[Job], *, processes: int) -> Iterator[Done]:
    """Do all jobs in so many processes; what they come to, in the order in which they are done.

    `run`, jobs and results travel by pickle. When this is left, in whatever way, the processes are gone.

    Raises:
        BuildError: one of the processes was killed.
        Exception: what `run` raises.
    """
    waiting = deque(jobs)
    with _started(run, processes) as lanes:
        first = next(iter(lanes))
        idle, busy = list(lanes), set[Connection]()
        while waiting or busy:
            for pipe in idle:
                if waiting:
                    pipe.send(waiting.popleft() if pipe is first else waiting.pop())
                    busy.add(pipe)
            idle = [pipe for pipe in wait(list(busy)) if isinstance(pipe, Connection)]
            busy.difference_update(idle)
            for pipe in idle:
                yield _hear(pipe, lanes[pipe])


def _hear(pipe: Connection, process: Process) -> Any:
    try:
        error, done = pipe.recv()
    except (EOFError, ConnectionResetError):
        process.join()
        message = f"a process of the build ended before it was done (exit code {process.exitcode})"
        raise BuildError(message, hint="build again; --jobs 1 takes the least memory") from None
    if error:
        raise error
    return done


@contextmanager
def _started(run: Callable[[Job], Done], count: int) -> Iterator[dict[Connection, Process]]:
    """Our ends of a pipe to each process, in the order in which they were started."""
    lanes: dict[Connection, Process] = {}
    try:
        for _ in range(count):
            ours, theirs = Pipe()
            # A forked process has our ends as well: were they left open there, the others would not hear of our end.
            process = Process(target=_work, args=(run, theirs, [*lanes, ours]), daemon=True)
            process.start()
            theirs.close()
            lanes[ours] = process
        yield lanes
    finally:
        for pipe, process in lanes.items():
            process.kill()
            process.join()
            pipe.close()


def _work(run: Callable[[Job], Done], pipe: Connection, others: Sequence[Connection]) -> None:
    """The whole life of a process."""
    for other in others:
        other.close()
    # Ctrl-C in a terminal goes to all processes; the first one ends this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while True:
        try:
            job = pipe.recv()
        except (EOFError, ConnectionResetError):
            return
        said: tuple[Exception | None, Done | None]
        try:
            said = None, run(job)
        except Exception as error:  # noqa: BLE001 - it is raised again in the first process
            error.add_note(f"in a process of the build:\n{traceback.format_exc()}")
            said = error, None
        try:
            pipe.send(said)
        except BrokenPipeError:
            return
