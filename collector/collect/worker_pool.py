"""Threads that ask, and one thread that hears the answers.

Only the thread that calls `hear` touches the archive and the books of a run; the others do nothing but ask. So nothing
needs a lock, and what is written comes in an order that can be followed.
"""

from __future__ import annotations

import itertools
import queue
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self, TypeVar

from collector.errors import RegistryError

T = TypeVar("T")

Rank = tuple[int, int]
"""What is lower is asked first."""

_Question = Callable[[], Any]
_Then = Callable[[Any], None]


class Crew:
    """A context manager: it lets its threads go in the end, and does not wait for them after an error."""

    def __init__(self, threads: int) -> None:
        self.open = 0
        """Questions whose answers were not heard yet."""
        self._number = itertools.count()
        self._questions: queue.PriorityQueue[tuple[Rank, int, _Question | None, _Then | None]] = queue.PriorityQueue()
        self._answers: queue.SimpleQueue[tuple[_Then, Any, BaseException | None]] = queue.SimpleQueue()
        # Daemons: who interrupts the program need not wait for those that wait for a registry.
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

    def ask(self, question: Callable[[], T], then: Callable[[T | RegistryError], None], *, rank: Rank) -> None:
        """Have a thread ask; `then` is called by `hear`, with the answer or with why there is none."""
        self.open += 1
        self._questions.put((rank, next(self._number), question, then))

    def hear(self) -> None:
        """Wait for one answer, and hand it on."""
        then, answer, error = self._answers.get()
        self.open -= 1
        if error is not None:
            raise error
        then(answer)

    def _work(self) -> None:
        while True:
            _, _, question, then = self._questions.get()
            if question is None or then is None:
                return
            try:
                answer = question()
            except RegistryError as error:
                self._answers.put((then, error, None))
            except BaseException as error:  # noqa: BLE001 - raised again by the thread that hears
                self._answers.put((then, None, error))
            else:
                self._answers.put((then, answer, None))
