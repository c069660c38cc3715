"""Shared files are made once, and are always complete."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from tests.support.shared_once import made_once


def test_simultaneous_requests_get_what_the_first_made(tmp_path: Path) -> None:
    calls: list[Path] = []
    start = Barrier(4)

    def make(path: Path) -> None:
        calls.append(path)
        path.mkdir()
        (path / "whole").touch()

    def ask(_: int) -> Path:
        start.wait()
        return made_once(tmp_path, "thing", make)

    with ThreadPoolExecutor(4) as pool:
        paths = list(pool.map(ask, range(4)))

    assert set(paths) == {tmp_path / "thing"}
    assert (tmp_path / "thing" / "whole").exists()
    assert len(calls) == 1


def test_a_failed_attempt_is_repeated(tmp_path: Path) -> None:
    def fail(path: Path) -> None:
        path.mkdir()
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        made_once(tmp_path, "thing", fail)
    assert not (tmp_path / "thing").exists()
    assert made_once(tmp_path, "thing", lambda path: path.write_text("whole")).read_text() == "whole"
