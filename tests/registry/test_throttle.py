"""The throttle of a host, on a clock that only counts."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from collector.errors import NotFoundInRegistry, Overloaded, RegistryError, Unreachable
from collector.registry.settings import Backoff
from collector.registry.transport.network_errors import TryAgain
from collector.registry.transport.throttle import Throttle
from tests.support.clocks import CountingClock

BACKOFF = Backoff(tries=4, first=1, factor=3, longest=20, jitter=0.5, max_failures=2, cooldown=100)


def busy(wait: float | None = None) -> TryAgain:
    return TryAgain(Overloaded("busy", until="2026-11-20T09:00:00Z"), wait=wait, whole_host=True)


def broken() -> TryAgain:
    return TryAgain(Unreachable("broken"))


def failing(*troubles: Exception) -> Callable[[], str]:
    """Raises one error after another, then returns `done`."""
    left = list(troubles)

    def attempt() -> str:
        if left:
            raise left.pop(0)
        return "done"

    return attempt


@pytest.fixture
def throttle(clock: CountingClock) -> Throttle:
    return Throttle(4, BACKOFF, clock)


@pytest.mark.parametrize(
    ("troubles", "slept"),
    [
        ([], []),
        ([broken(), broken(), broken()], [1, 3, 9]),
        ([busy(), busy(), busy()], [1, 3, 9]),
        ([busy(7.5), broken(), busy(0)], [7.5, 3]),
    ],
)
def test_waits_become_longer(
    throttle: Throttle, clock: CountingClock, troubles: list[Exception], slept: list[float]
) -> None:
    assert throttle.run(failing(*troubles)) == "done"
    assert clock.slept == pytest.approx(slept)


@pytest.mark.parametrize(("failures", "least", "most"), [(1, 0.5, 1), (2, 1.5, 3), (3, 4.5, 9), (9, 10, 20)])
def test_waits_are_partly_random_and_bounded(failures: int, least: float, most: float) -> None:
    assert BACKOFF.delay(failures, 0) == most
    assert BACKOFF.delay(failures, 1) == least
    assert BACKOFF.delay(10**9, 0) == 20


def test_the_last_failure_is_raised(throttle: Throttle) -> None:
    troubles = [busy() for _ in range(9)]
    with pytest.raises(Overloaded, match="busy"):
        throttle.run(failing(*troubles))
    assert throttle.run(failing()) == "done"


def test_a_wait_of_hours_is_an_error(throttle: Throttle, clock: CountingClock) -> None:
    with pytest.raises(Overloaded):
        throttle.run(failing(busy(3600)))
    assert clock.slept == []
    # And nobody else asks before it is time.
    with pytest.raises(Overloaded, match="this host gets no more requests for a while") as refused:
        throttle.run(pytest.fail)
    assert refused.value.until == "2026-11-20T09:00:00Z"
    clock.passed = 3600
    assert throttle.run(failing()) == "done"


def test_a_host_that_does_not_answer_is_avoided_for_a_while(throttle: Throttle, clock: CountingClock) -> None:
    for _ in range(2):
        with pytest.raises(Unreachable):
            throttle.run(failing(*(broken() for _ in range(4))))
    with pytest.raises(Unreachable, match="broken; this host gets no more requests for a while"):
        throttle.run(pytest.fail)
    clock.passed += 100
    assert throttle.run(failing()) == "done"


@pytest.mark.parametrize("good", [failing(), failing(NotFoundInRegistry("none"))])
def test_a_good_answer_resets_the_count_of_failures(throttle: Throttle, good: Callable[[], str]) -> None:
    with pytest.raises(Unreachable):
        throttle.run(failing(*(broken() for _ in range(4))))
    with contextlib.suppress(NotFoundInRegistry):
        throttle.run(good)
    with pytest.raises(Unreachable):
        throttle.run(failing(*(broken() for _ in range(4))))
    assert throttle.run(failing()) == "done"


def test_one_failing_address_does_not_close_the_host(throttle: Throttle) -> None:
    for _ in range(5):
        with pytest.raises(RegistryError, match="status 500"):
            throttle.run(failing(*(TryAgain(Overloaded("status 500")) for _ in range(4))))
    assert throttle.run(failing()) == "done"


class Together(CountingClock):
    """Nobody sleeps before all of them do."""

    def __init__(self, threads: int) -> None:
        super().__init__()
        self._barrier = threading.Barrier(threads)

    def sleep(self, seconds: float) -> None:
        self._barrier.wait(60)
        super().sleep(seconds)
        self._barrier.wait(60)


def test_a_pause_is_for_all_and_counts_once() -> None:
    """Four requests under way are refused together: one pause of one step, and not of four."""
    clock = Together(4)
    throttle, here, together = Throttle(4, BACKOFF, clock), threading.local(), threading.Barrier(4)

    def attempt() -> str:
        if not hasattr(here, "refused"):
            here.refused = True
            together.wait(60)
            raise busy()
        return "done"

    with ThreadPoolExecutor(4) as pool:
        assert [each.result() for each in [pool.submit(throttle.run, attempt) for _ in range(4)]] == ["done"] * 4
    assert clock.slept == [1.0] * 4


def test_a_request_that_waited_for_a_slot_waits_for_the_pause_too() -> None:
    clock = Together(2)  # and so it comes to nothing if only one of them waits
    throttle, begun = Throttle(1, BACKOFF, clock), threading.Event()
    asked: list[float] = []

    def refused_once() -> None:
        if not asked:
            asked.append(clock.passed)
            begun.set()
            # Long enough for the other thread to stand in line; were it not there yet, the pause would meet it as well.
            threading.Event().wait(0.05)
            raise busy(7)

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(throttle.run, refused_once)
        begun.wait(60)
        second = pool.submit(throttle.run, lambda: asked.append(clock.passed))
        first.result()
        second.result()
    assert asked[0] == 0
    assert asked[1] >= 7


def test_no_more_at_once_than_there_are_slots(clock: CountingClock) -> None:
    throttle, lock, inside = Throttle(2, BACKOFF, clock), threading.Lock(), [0, 0]
    both = threading.Barrier(2)

    def attempt() -> None:
        with lock:
            inside[0] += 1
            inside[1] = max(inside)
        both.wait(60)
        with lock:
            inside[0] -= 1

    with ThreadPoolExecutor(8) as pool:
        for each in [pool.submit(throttle.run, attempt) for _ in range(8)]:
            each.result()
    assert inside == [0, 2]
