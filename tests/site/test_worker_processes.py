"""Which process does what: the first takes from the front, where the largest are, the others from the end."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import msgspec
import pytest

from collector.errors import BuildError
from collector.site.worker_processes import work_through


class Worker(msgspec.Struct, frozen=True):
    """Notes who did which job, and waits with the first until all others are done."""

    folder: Path
    jobs: int

    def __call__(self, job: int) -> tuple[int, int]:
        while job == 0 and len(list(self.folder.iterdir())) < self.jobs - 1:
            pass
        (self.folder / str(job)).touch()
        return job, os.getpid()


def test_other_processes_take_tasks_from_the_end_while_the_first_has_the_largest(tmp_path: Path) -> None:
    done = list(work_through(Worker(tmp_path, 6), range(6), processes=2))
    assert [job for job, _ in done] == [5, 4, 3, 2, 1, 0]
    assert len({process for job, process in done if job}) == 1
    assert len({process for _, process in done}) == 2


def test_more_processes_than_jobs_run_all_jobs(tmp_path: Path) -> None:
    done = list(work_through(Worker(tmp_path, 2), range(2), processes=5))
    assert sorted(job for job, _ in done) == [0, 1]


def fail(job: int) -> int:
    if job == 2:
        raise BuildError("broken", hint="mend it")
    return job


def kill(job: int) -> int:
    if job == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return job


def test_an_error_in_a_process_is_raised_with_its_traceback() -> None:
    with pytest.raises(BuildError, match="broken") as caught:
        list(work_through(fail, range(4), processes=2))
    assert caught.value.hint == "mend it"
    assert any("in fail" in note for note in caught.value.__notes__)


def test_a_process_that_is_killed_is_reported() -> None:
    with pytest.raises(BuildError, match=r"ended early \(exit code -9\)"):
        list(work_through(kill, range(4), processes=2))


def process_of(job: int) -> tuple[int, int]:
    return job, os.getpid()


def test_a_process_that_has_become_large_is_replaced() -> None:
    kept, exchanged = (list(work_through(process_of, range(6), processes=2, large=size)) for size in (2**40, -1))
    assert sorted(job for job, _ in kept) == sorted(job for job, _ in exchanged) == list(range(6))
    assert len({process for _, process in kept}) <= 2
    assert len({process for _, process in exchanged}) == 6


def test_no_jobs_need_no_processes() -> None:
    assert list(work_through(process_of, [], processes=2)) == []
