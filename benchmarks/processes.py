"""Runs a command in a separate process, and measures its time and memory."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

import msgspec

from collector.errors import RepoInfoError

_PROC = Path("/proc")
_SAMPLE_EVERY = 0.1
"""Seconds."""
_RSS_UNIT = 1 if sys.platform == "darwin" else 1024
"""Bytes, in which the system counts `ru_maxrss`."""


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """Time and memory of one command, with all processes that it started."""

    seconds: float
    """By the clock."""
    cpu: float
    """Seconds of processor time, user and system."""
    memory: int
    """Bytes, at the peak: the sum over all its processes, pages that several share counted once, looked at ten times a
    second; never less than the peak of the largest process. Where there is no `/proc`, only that."""
    output: bytes
    """Its output, where that was requested."""


def run(command: Sequence[str], folder: Path, *, stdin: Path | None = None, keeps_output: bool = False) -> Run:
    """Run a command in a folder, and wait for it. Its output is discarded unless it is to be kept.

    Raises:
        RepoInfoError: it fails; says what it printed last.
    """
    source = stdin or Path(os.devnull)
    with source.open("rb") as given, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        start = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, stdin=given, stdout=out if keeps_output else subprocess.DEVNULL, stderr=err
        )
        with _Sampler(process.pid) as sampler:
            _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            last = _content(err).decode(errors="replace").strip().rpartition("\n")[2]
            raise RepoInfoError(f"{' '.join(command[:3])} … ended with {process.returncode}: {last}")
        return Run(
            seconds=seconds,
            cpu=usage.ru_utime + usage.ru_stime,
            # Not where it can be avoided: what the system tells of a child is never less than the peak of its parent.
            memory=sampler.peak or usage.ru_maxrss * _RSS_UNIT,
            output=_content(out),
        )


class _Sampler:
    """Samples a process and all its descendants from a thread."""

    def __init__(self, root: int) -> None:
        self.peak = 0
        """Bytes."""
        self._root = root
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> _Sampler:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()

    def _watch(self) -> None:
        while True:
            found = [_measure_memory(process) for process in _iter_tree(self._root)]
            self.peak = max(self.peak, sum(now for now, _ in found), *(peak for _, peak in found))
            if self._end.wait(_SAMPLE_EVERY):
                return


def _iter_tree(process: int) -> Iterator[int]:
    yield process
    for children in _PROC.glob(f"{process}/task/*/children"):
        for child in _read(children).split():
            yield from _iter_tree(int(child))


def _measure_memory(process: int) -> tuple[int, int]:
    """Bytes now, where a page that n processes share counts as an nth part in each; and at the process's own peak."""
    folder = _PROC / str(process)
    return _field(folder / "smaps_rollup", "Pss:"), _field(folder / "status", "VmHWM:")


def _field(path: Path, name: str) -> int:
    for line in _read(path).splitlines():
        if line.startswith(name):
            return int(line.split()[1]) * 1024
    return 0


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:  # it has ended meanwhile, or is not ours to look at
        return ""


def _content(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read()
