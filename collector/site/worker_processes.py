"""Processes that do a build's tasks; each is given the next one when it is done with one.

The first process takes them from the front of the list, where the largest are, and the others from its end. So two
large images are in memory at once only where nothing else is left. A process that a task has made large is exchanged
for a new one, as Python gives little of the memory back that it has once had.
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
"""Bytes by which a process has grown; most images need a fifth of that."""
_RSS_UNIT = 1 if sys.platform == "darwin" else 1024
"""Bytes, in which the system counts `ru_maxrss`."""


class _Said(NamedTuple):
    """What a process says of a job."""

    error: Exception | None
    done: Any
    is_large: bool


def work_through(
    run: Callable[[Job], Done], jobs: Sequence[Job], *, processes: int, large: int = _LARGE
) -> Iterator[Done]:
    """Do all jobs in so many processes; what they come to, in the order in which they are done.

    `run`, jobs and results travel by pickle. When this is left, in whatever way, the processes are gone.

    Args:
        large: bytes; a process that has grown by more is exchanged.

    Raises:
        BuildError: one of the processes was killed.
        Exception: what `run` raises.
    """
    waiting = deque(jobs)
    lanes: dict[Connection, _Lane] = {}
    takes = [waiting.popleft, *(waiting.pop for _ in range(processes - 1))]
    try:
        while waiting or lanes:
            while takes and waiting:
                lane = _Lane(run, takes.pop(0), list(lanes), large)
                lanes[lane.pipe] = lane
                lane.give()
            for pipe in wait(list(lanes)):
                assert isinstance(pipe, Connection)
                lane = lanes[pipe]
                said = lane.hear()
                if waiting and not said.is_large:
                    lane.give()
                else:
                    del lanes[pipe]
                    lane.end()
                    takes.append(lane.take)
                yield said.done
    finally:
        for lane in lanes.values():
            lane.end()


class _Lane:
    """A process, and from where in the list it takes its jobs."""

    def __init__(
        self, run: Callable[[Any], Any], take: Callable[[], Any], others: list[Connection], large: int
    ) -> None:
        self.take = take
        self.pipe, theirs = Pipe()
        # A forked process has our ends as well: were they left open there, the others would not hear of our end.
        self._process = Process(target=_work, args=(run, theirs, [*others, self.pipe], large), daemon=True)
        self._process.start()
        theirs.close()

    def give(self) -> None:
        self.pipe.send(self.take())

    def hear(self) -> _Said:
        try:
            said: _Said = self.pipe.recv()
        except (EOFError, ConnectionResetError):
            self._process.join()
            message = f"a process of the build ended before it was done (exit code {self._process.exitcode})"
            raise BuildError(message, hint="build again; --jobs 1 takes the least memory") from None
        if said.error:
            raise said.error
        return said

    def end(self) -> None:
        self._process.kill()
        self._process.join()
        self.pipe.close()


def _work(run: Callable[[Job], Done], pipe: Connection, others: Sequence[Connection], large: int) -> None:
    """The whole life of a process."""
    for other in others:
        other.close()
    # Ctrl-C in a terminal goes to all processes; the first one ends this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    begun = _peak()
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
            pipe.send(_Said(error, done, _peak() - begun > large))
        except BrokenPipeError:
            return


def _peak() -> int:
    """Bytes of memory, at most so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _RSS_UNIT
