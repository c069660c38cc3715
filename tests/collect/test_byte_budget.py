"""The bytes in transfer never exceed the budget, and every waiting request gets its turn."""

from __future__ import annotations

import threading

from collector.collect.byte_budget import ByteBudget


def test_threads_wait_until_the_budget_has_room() -> None:
    budget = ByteBudget(10)
    lock, taken, most = threading.Lock(), 0, 0
    entered = threading.Event()

    def work(size: int) -> None:
        nonlocal taken, most
        with budget.taking(size):
            with lock:
                taken += size
                most = max(most, taken)
            entered.set()
            with lock:
                taken -= size

    with budget.taking(6):
        threads = [threading.Thread(target=work, args=(size,)) for size in (5, 5, 3, 7, 10)]
        for thread in threads:
            thread.start()
        assert entered.wait(60)  # the one that has room goes on while the others wait
        assert most <= 4
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)
    assert most <= 10


def test_a_request_larger_than_the_budget_gets_the_whole_budget() -> None:
    budget = ByteBudget(10)
    with budget.taking(1000):
        pass
    with budget.taking(10):
        pass


def test_an_error_returns_the_bytes_to_the_budget() -> None:
    budget = ByteBudget(10)
    for _ in range(3):
        try:
            with budget.taking(10):
                raise ValueError
        except ValueError:
            pass
