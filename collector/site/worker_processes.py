"""Processes that run a build's tasks; each receives the next task when it has finished one.

The first process takes tasks from the front of the list, where the largest are, and the others from its end. So two
large images are in memory together only when no others are left. A process that has grown large is replaced, because
Python returns little memory to the system.
"""

from __future__ import annotations

import resource
import signal
import sys
import traceback
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from multiprocessing import Pipe, Process
from multiprocessing.connection import Connection, wait
from typing import Any, NamedTuple, TypeVar

from collector.errors import BuildError

Job = TypeVar("Job")
Done = TypeVar("Done")

_LARGE = 100 * 2**20
"""Bytes by which a process may grow; most images need a fifth of them."""
_RSS_UNIT = 1 if sys.platform == "darwin" else 1024
"""Bytes in a unit of `ru_maxrss`."""


class _Answer(NamedTuple):
    """A process's answer to a job."""

    error: Exception | None
    done: Any
    is_large: bool


def work_through(
    run: Callable[[Job], Done], jobs: Sequence[Job], *, processes: int, large: int = _LARGE
) -> Iterator[Done]:
    """Run all jobs in this number of processes; yields the results as they arrive.

    `run`, jobs and results are pickled. The processes end with the iteration, however it ends.

    Args:
        large: bytes; a process that has grown by more is replaced.

    Raises:
        BuildError: one of the processes was killed.
        Exception: the exception that `run` raised.
    """
    waiting = deque(jobs)
    workers: dict[Connection, _Worker] = {}
    takes = [waiting.popleft, *(waiting.pop for _ in range(processes - 1))]
    try:
        while waiting or workers:
            while takes and waiting:
                worker = _Worker(run, takes.pop(0), list(workers), large)
                workers[worker.pipe] = worker
                worker.send()
            for pipe in wait(list(workers)):
                assert isinstance(pipe, Connection)
                worker = workers[pipe]
                answer = worker.receive()
                if waiting and not answer.is_large:
                    worker.send()
                else:
                    del workers[pipe]
                    worker.end()
                    takes.append(worker.take)
                yield answer.done
    finally:
        for worker in workers.values():
            worker.end()


class _Worker:
    """A process, and the end of the list from which it takes its jobs."""

    def __init__(
        self, run: Callable[[Any], Any], take: Callable[[], Any], others: list[Connection], large: int
    ) -> None:
        self.take = take
        self.pipe, theirs = Pipe()
        # A forked process inherits the parent's ends. If it kept them open, the other processes would not end with the
        # parent.
        self._process = Process(target=_work, args=(run, theirs, [*others, self.pipe], large), daemon=True)
        self._process.start()
        theirs.close()

    def send(self) -> None:
        self.pipe.send(self.take())

    def receive(self) -> _Answer:
        try:
            answer: _Answer = self.pipe.recv()
        except (EOFError, ConnectionResetError):
            self._process.join()
            message = f"a process of the build ended early (exit code {self._process.exitcode})"
            raise BuildError(message, hint="run it again; --jobs 1 takes the least memory") from None
        if answer.error:
            raise answer.error
        return answer

    def end(self) -> None:
        self._process.kill()
        self._process.join()
        self.pipe.close()


def _work(run: Callable[[Job], Done], pipe: Connection, others: Sequence[Connection], large: int) -> None:
    """The main function of a process."""
    for other in others:
        other.close()
    # Ctrl-C in a terminal reaches all processes; the parent ends this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for request in (signal.SIGTERM, signal.SIGHUP):
        if callable(signal.getsignal(request)):  # the first process's own
            signal.signal(request, signal.SIG_DFL)
    start = _peak()
    while True:
        error, done = None, None
        try:
            job = pipe.recv()
        except (EOFError, ConnectionResetError):
            return
        try:
            done = run(job)
        except Exception as caught:  # noqa: BLE001 - it is raised again in the first process
            caught.add_note(f"in a process of the build:\n{traceback.format_exc()}")
            error = caught
        try:
            pipe.send(_Answer(error, done, _peak() - start > large))
        except BrokenPipeError:
            return


def _peak() -> int:
    """The largest size of this process so far, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _RSS_UNIT
