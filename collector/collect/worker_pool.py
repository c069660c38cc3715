"""Runs routines that ask registries: threads put the questions, one thread runs everything else.

A routine is a generator. It reads from top to bottom and pauses in two places: in `ask`, until a thread has the answer
to a question, and in `wait`, until another routine ends. Only the thread that calls `WorkerPool.run` advances routines;
so what they share (the archive, the reports) needs no lock, and its order of writes can be followed.
"""

from __future__ import annotations

import itertools
import queue
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable
from functools import partial
from types import TracebackType
from typing import Any, Generic, ParamSpec, Self, TypeVar

import msgspec

from collector.errors import RegistryError

P = ParamSpec("P")
T = TypeVar("T")

Rank = tuple[int, int]
"""The lowest is asked first."""


class _Question(msgspec.Struct, frozen=True):
    ask: Callable[[], Any]


Routine = Generator["_Question | Job[Any]", Any, T]
"""A generator that pauses by `yield from ask(…)` or `yield from wait(…)` and returns a `T`."""


class Job(Generic[T]):
    """A routine that was started. Any number of routines may wait for it, before it ends or after."""

    def __init__(self, routine: Routine[T], rank: Rank) -> None:
        self.rank = rank
        """The rank of all its questions."""
        self.is_done = False
        self.error: RegistryError | None = None
        self._routine = routine
        self._value: T | None = None
        self._waiting: list[Job[Any]] = []

    @property
    def result(self) -> T:
        """What the routine returned.

        Raises:
            RegistryError: the one that ended the routine.
        """
        assert self.is_done, "a routine waits for itself"
        if self.error:
            raise self.error
        return self._value  # type: ignore[return-value]


def ask(question: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Routine[T]:
    """Has a thread call `question`; returns its answer.

    Raises:
        RegistryError: the one that `question` raised.
    """
    answer: T = yield _Question(partial(question, *args, **kwargs))
    return answer


def wait(job: Job[T]) -> Routine[T]:
    """Waits for a job; returns its result.

    Raises:
        RegistryError: the one that ended the job.
    """
    if not job.is_done:
        yield job
    return job.result


def wait_for_all(jobs: Iterable[Job[Any]]) -> Routine[None]:
    """Waits until every job has ended, however many of them fail.

    Raises:
        RegistryError: that of the first job which failed.
    """
    error: RegistryError | None = None
    for job in jobs:
        if not job.is_done:
            yield job
        error = error or job.error
    if error:
        raise error


class WorkerPool:
    """Threads that ask, lowest rank first. A context manager: on an error it does not wait for open questions."""

    def __init__(self, threads: int) -> None:
        self._pending = 0
        """Questions without an answer."""
        self._ready: deque[tuple[Job[Any], Any, RegistryError | None]] = deque()
        """Jobs to advance, each with the answer or the error that it waited for."""
        self._current: Job[Any] | None = None
        self._number = itertools.count()
        self._questions: queue.PriorityQueue[tuple[Rank, int, Job[Any] | None, _Question | None]] = (
            queue.PriorityQueue()
        )
        self._answers: queue.SimpleQueue[tuple[Job[Any], Any, BaseException | None]] = queue.SimpleQueue()
        # Daemon threads, so that an interrupted program does not wait for a registry.
        self._threads = [
            threading.Thread(target=self._work, name=f"collect-{number}", daemon=True) for number in range(threads)
        ]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for _ in self._threads:
            self._questions.put(((-1, 0), next(self._number), None, None))
        if error is None:
            for thread in self._threads:
                thread.join()

    def start(self, routine: Routine[T], *, rank: Rank | None = None) -> Job[T]:
        """Starts a routine. Without a rank it has the rank of the routine that starts it."""
        if rank is None:
            assert self._current, "a routine that no other routine starts needs a rank"
            rank = self._current.rank
        job = Job(routine, rank)
        self._ready.append((job, None, None))
        return job

    def run(self, *, until_pending: int = 0) -> None:
        """Advances routines until at most `until_pending` questions are unanswered."""
        self._advance_all()
        while self._pending > until_pending:
            job, answer, error = self._answers.get()
            self._pending -= 1
            if error is not None and not isinstance(error, RegistryError):
                raise error
            self._ready.append((job, answer, error))
            self._advance_all()

    def _advance_all(self) -> None:
        while self._ready:
            job, answer, error = self._ready.popleft()
            self._current = job
            try:
                pause = job._routine.throw(error) if error else job._routine.send(answer)
            except StopIteration as end:
                self._end(job, end.value, None)
            except RegistryError as failure:
                self._end(job, None, failure)
            else:
                self._pause(job, pause)
        self._current = None

    def _pause(self, job: Job[Any], pause: _Question | Job[Any]) -> None:
        if isinstance(pause, _Question):
            self._pending += 1
            self._questions.put((job.rank, next(self._number), job, pause))
        else:
            pause._waiting.append(job)

    def _end(self, job: Job[Any], value: Any, error: RegistryError | None) -> None:
        job.is_done, job._value, job.error = True, value, error
        self._ready.extend((waiting, None, None) for waiting in job._waiting)
        job._waiting.clear()

    def _work(self) -> None:
        while True:
            _, _, job, question = self._questions.get()
            if job is None or question is None:
                return
            try:
                answer = question.ask()
            except BaseException as error:  # noqa: BLE001 - raised again by the thread that runs the routines
                self._answers.put((job, None, error))
            else:
                self._answers.put((job, answer, None))
