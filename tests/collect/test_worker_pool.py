"""Routines: the thread that runs them, their waits, and the order of their questions."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from collector.collect.worker_pool import Job, Routine, WorkerPool, ask, wait, wait_for_all
from collector.errors import NotFoundInRegistry


@pytest.fixture
def pool() -> Iterator[WorkerPool]:
    with WorkerPool(1) as running:
        yield running


def refuse(name: str) -> str:
    raise NotFoundInRegistry(f"{name}: not here")


def test_threads_ask_and_one_thread_does_the_rest(pool: WorkerPool) -> None:
    asked_by: list[str] = []
    run_by: list[str] = []

    def routine() -> Routine[int]:
        run_by.append(threading.current_thread().name)
        yield from ask(lambda: asked_by.append(threading.current_thread().name))
        run_by.append(threading.current_thread().name)
        return 7

    job = pool.start(routine(), rank=(0, 0))
    pool.run()
    assert (job.result, asked_by) == (7, ["collect-0"])
    assert set(run_by) == {threading.current_thread().name}


def test_many_wait_for_one_before_it_ends_and_after(pool: WorkerPool) -> None:
    asked: list[str] = []
    shared = pool.start(ask(asked.append, "once"), rank=(0, 0))

    def waiting(name: str) -> Routine[str]:
        yield from wait(shared)
        return name

    before = [pool.start(waiting(name), rank=(0, 1)) for name in "ab"]
    pool.run()
    after = pool.start(waiting("c"), rank=(0, 2))
    pool.run()
    assert [job.result for job in (*before, after)] == ["a", "b", "c"]
    assert asked == ["once"]


def test_an_error_reaches_all_who_wait_and_can_be_handled(pool: WorkerPool) -> None:
    failing = pool.start(ask(refuse, "1.0"), rank=(0, 0))

    def handling() -> Routine[str]:
        try:
            return (yield from wait(failing))
        except NotFoundInRegistry as error:
            return f"handled: {error}"

    handled, passed_on = pool.start(handling(), rank=(0, 1)), pool.start(wait(failing), rank=(0, 1))
    pool.run()
    assert handled.result == "handled: 1.0: not here"
    with pytest.raises(NotFoundInRegistry):
        passed_on.result  # noqa: B018 - raises


def test_all_jobs_end_before_the_first_error_is_raised(pool: WorkerPool) -> None:
    ended: list[str] = []

    def routine() -> Routine[None]:
        jobs: list[Job[object]] = [
            pool.start(ask(refuse, "first")),
            pool.start(ask(ended.append, "second")),
            pool.start(ask(refuse, "third")),
        ]
        try:
            yield from wait_for_all(jobs)
        finally:
            ended.append("all")

    job = pool.start(routine(), rank=(0, 0))
    pool.run()
    assert ended == ["second", "all"]
    with pytest.raises(NotFoundInRegistry, match="first"):
        job.result  # noqa: B018 - raises


def test_the_lowest_rank_is_asked_first_and_parts_have_the_rank_of_their_whole(pool: WorkerPool) -> None:
    order: list[str] = []
    parts: list[Job[None]] = []
    gate = threading.Event()

    def routine(name: str) -> Routine[None]:
        parts.append(pool.start(ask(order.append, f"a part of {name}")))
        yield from wait_for_all(parts)

    pool.start(ask(gate.wait), rank=(0, 0))
    pool.start(routine("later"), rank=(1, 0))
    pool.start(routine("first"), rank=(0, 1))
    pool.run(until_pending=3)
    gate.set()
    pool.run()
    assert order == ["a part of first", "a part of later"]
    assert [part.rank for part in parts] == [(1, 0), (0, 1)]


def test_no_more_than_asked_for_is_left_pending(pool: WorkerPool) -> None:
    answered: list[int] = []
    for number in range(5):
        pool.start(ask(answered.append, number), rank=(0, number))
    pool.run(until_pending=2)
    assert len(answered) >= 3
    pool.run()
    assert answered == [0, 1, 2, 3, 4]


def test_a_fault_of_the_program_ends_the_run() -> None:
    def broken() -> None:
        raise ZeroDivisionError

    def run() -> None:
        with WorkerPool(2) as pool:
            pool.start(ask(broken), rank=(0, 0))
            pool.run()

    with pytest.raises(ZeroDivisionError):
        run()
