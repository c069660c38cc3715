"""`python -m tests.torture.child`: runs verbs of repo-info in copies of itself, each with or without a fault.

A line of JSON on standard input is a `Request`, a line on standard output has the `Outcome` of each copy. Everything is
imported once: a run costs a fork.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import signal
import sys
import tempfile
import time
import traceback
from pathlib import Path

import msgspec

from tests.torture import faults

DEADLINE = 60
"""Seconds after which a run counts as hanging."""


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """A verb with its arguments, in a folder."""

    arguments: tuple[str, ...]
    folder: str
    fault: faults.Fault | None = None
    delays: tuple[float, ...] = (0,)
    """Seconds after which a copy of the run begins; there are as many copies as delays."""


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """How a run ended."""

    code: int
    """The exit code; a signal is negative."""
    operations: tuple[str, ...]
    """The names of the operations; empty if the process was killed."""
    errors: str
    """The standard error of the run."""
    memory: int = 0
    """The peak memory of the run, in MiB."""


def run(request: Request, report: Path) -> list[Outcome]:
    """The outcomes of all copies."""
    children = {}
    for number, delay in enumerate(request.delays):
        own = Path(f"{report}-{number}")
        child = os.fork()
        if child == 0:
            _run_here(request, own, delay)
        children[child] = own
    outcomes = {}
    for _ in children:
        child, status, used = os.wait4(-1, 0)
        outcomes[child] = _outcome(children[child], status, used.ru_maxrss // 1024)
    return [outcomes[child] for child in children]


def _outcome(report: Path, status: int, memory: int) -> Outcome:
    errors = report.with_suffix(".err").read_bytes().decode(errors="replace")
    operations = tuple(report.read_text().split()) if report.is_file() else ()
    report.unlink(missing_ok=True)
    return Outcome(code=os.waitstatus_to_exitcode(status), operations=operations, errors=errors, memory=memory)


def _run_here(request: Request, report: Path, delay: float) -> None:
    from collector.cli import main

    code = 70
    try:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(DEADLINE)
        os.chdir(request.folder)
        tempfile.tempdir = request.folder  # what a kill leaves goes with the rest
        with report.with_suffix(".err").open("wb") as errors, Path("/dev/null").open("wb") as nowhere:
            os.dup2(errors.fileno(), 2)
            os.dup2(nowhere.fileno(), 1)
        time.sleep(delay)
        faults.arm(request.fault, request.folder)
        try:
            main(list(request.arguments), prog_name="repo-info")
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(bool(end.code))
        faults.end()
        done = faults.operations()
        faults.arm(None, request.folder)
        report.write_text(" ".join(done))
    except BaseException:  # noqa: BLE001  # the process ends here, whatever happened
        os.write(2, traceback.format_exc().encode())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def serve(report: Path) -> None:
    """Answer one request after the other, until standard input ends."""
    for line in sys.stdin:
        outcomes = run(msgspec.json.decode(line, type=Request), report)
        sys.stdout.write(msgspec.json.encode(outcomes).decode() + "\n")
        sys.stdout.flush()


def _import_all() -> None:
    """Import everything that the verbs import, before the process forks."""
    import collector

    found = pkgutil.walk_packages(collector.__path__, "collector.")
    faults.install_clock(importlib.import_module(module.name) for module in found)


if __name__ == "__main__":
    faults.install()
    _import_all()
    serve(Path(sys.argv[1]))
