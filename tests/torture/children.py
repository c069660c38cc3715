"""Runs work in a separate process beside other work, so that its memory is measured separately."""

from __future__ import annotations

import os
import pickle
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")


def started(work: Callable[[], T]) -> Callable[[], tuple[T, int]]:
    """Start the work; returns a function that waits for its result and its peak memory in MiB."""
    folder = tempfile.TemporaryDirectory()
    result = Path(folder.name) / "result"
    child = os.fork()
    if child == 0:
        code = 1
        try:
            result.write_bytes(pickle.dumps(work()))
            code = 0
        except BaseException:  # noqa: BLE001  # the process ends here, whatever happened
            traceback.print_exc()
        finally:
            os._exit(code)

    def finish() -> tuple[T, int]:
        with folder:
            _, status, used = os.wait4(child, 0)
            assert status == 0, "the process failed; see its traceback"
            return pickle.loads(result.read_bytes()), used.ru_maxrss // 1024

    return finish
