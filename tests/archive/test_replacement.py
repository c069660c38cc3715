"""Files that take the place of others, also when several processes write one, and whatever lies beside it."""

from __future__ import annotations

import fcntl
import os
import stat
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor, wait
from contextlib import suppress
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path

import pytest

from collector.archive.replacement import draft_file, replace_file
from collector.tables.rows import Row
from collector.tables.sqlite_file import write_sqlite
from tests.support.folders import read_folder


def _write_often(path: Path, letter: bytes) -> None:
    for _ in range(150):
        replace_file(path, letter * 100_000)
        found = path.read_bytes()
        assert len(found) == 100_000
        assert len(set(found)) == 1


def test_processes_that_write_one_file_all_succeed(tmp_path: Path) -> None:
    """None removes the draft of another, or gives it the name before it is complete."""
    with ProcessPoolExecutor(4, mp_context=get_context("forkserver")) as pool:
        list(pool.map(_write_often, repeat(tmp_path / "file"), [b"a", b"b", b"c", b"d"]))
    assert {path.name for path in tmp_path.iterdir()} == {"file"}


def test_a_second_writer_waits(tmp_path: Path) -> None:
    path = tmp_path / "file"
    second = threading.Thread(target=replace_file, args=(path, b"second"))
    with draft_file(path) as draft:
        os.write(draft.descriptor, b"first")
        second.start()
        second.join(0.05)
        assert second.is_alive()
        assert not path.exists()
    second.join()
    assert read_folder(tmp_path) == {"file": b"second"}


def test_two_exports_to_one_path_do_not_meet(tmp_path: Path) -> None:
    path = tmp_path / "tables.sqlite"
    entered, go_on = threading.Event(), threading.Event()

    def slow_rows() -> Iterator[Row]:
        entered.set()
        go_on.wait(5)
        yield from ()

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(write_sqlite, path, slow_rows())
        entered.wait()
        second = pool.submit(write_sqlite, path, [])
        assert wait([first, second], timeout=0.05).done == set()
        assert not path.exists()
        go_on.set()
        assert first.result() == second.result()
    assert {found.name for found in tmp_path.iterdir()} == {"tables.sqlite"}


@pytest.mark.parametrize(
    "put",
    [
        lambda beside, other: beside.write_bytes(b"left by a killed run, and longer than what follows"),
        lambda beside, other: beside.symlink_to(other),
        lambda beside, other: beside.symlink_to(other.parent / "nowhere"),
        lambda beside, other: beside.hardlink_to(other),
        lambda beside, other: os.mkfifo(beside),
        lambda beside, other: (beside.write_bytes(b"x"), beside.chmod(0)),
    ],
    ids=["draft", "link", "link to nothing", "second name", "pipe", "unreadable"],
)
def test_what_lies_in_the_draft_s_place_is_removed(tmp_path: Path, put: Callable[[Path, Path], object]) -> None:
    (tmp_path / "other").write_bytes(b"of somebody else")
    put(tmp_path / ".file.new", tmp_path / "other")
    replace_file(tmp_path / "file", b"new")
    assert read_folder(tmp_path) == {"other": b"of somebody else", "file": b"new"}
    assert stat.S_ISREG((tmp_path / "file").lstat().st_mode)


def test_a_folder_in_the_draft_s_place_is_an_error_that_names_it(tmp_path: Path) -> None:
    (tmp_path / ".file.new").mkdir()
    with pytest.raises(OSError, match=r"\.file\.new"):
        replace_file(tmp_path / "file", b"new")


def test_a_failed_draft_leaves_what_was_there(tmp_path: Path) -> None:
    replace_file(tmp_path / "file", b"old")
    with suppress(KeyboardInterrupt), draft_file(tmp_path / "file") as draft:
        os.write(draft.descriptor, b"half of the n")
        raise KeyboardInterrupt
    assert read_folder(tmp_path) == {"file": b"old"}


def test_a_draft_that_another_process_took_for_abandoned_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between its making and its lock it looks like one that a killed run has left."""
    lock = fcntl.flock
    drafts = [tmp_path / ".file.new"]

    def too_late(descriptor: int, how: int) -> None:
        while drafts:
            drafts.pop().unlink()
        lock(descriptor, how)

    monkeypatch.setattr("fcntl.flock", too_late)
    replace_file(tmp_path / "file", b"new")
    assert read_folder(tmp_path) == {"file": b"new"}


def test_a_file_system_without_locks_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_locks(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr("fcntl.flock", no_locks)
    (tmp_path / ".file.new").write_bytes(b"left")
    replace_file(tmp_path / "file", b"new")
    assert read_folder(tmp_path) == {"file": b"new"}


def test_no_descriptor_is_left_open(tmp_path: Path) -> None:
    before = list(Path("/proc/self/fd").iterdir())
    (tmp_path / ".file.new").write_bytes(b"left")
    replace_file(tmp_path / "file", b"new")
    assert list(Path("/proc/self/fd").iterdir()) == before
