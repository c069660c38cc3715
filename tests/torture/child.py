"""`python -m tests.torture.child`: runs verbs of repo-info in copies of itself, each with or without a fault.

A line of JSON on standard input is a `Request`, a line on standard output its `Outcome`. Everything is imported once:
a run costs a fork.
"""

from __future__ import annotations

import os
import signal
import sys
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


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """How a run ended."""

    code: int
    """The exit code; a signal is negative."""
    operations: tuple[str, ...]
    """Their names; empty where the process was killed."""
    errors: str
    """Its standard error."""


def run(request: Request, report: Path) -> Outcome:
    child = os.fork()
    if child == 0:
        _run_here(request, report)
    _, status = os.waitpid(child, 0)
    errors = report.with_suffix(".err").read_bytes().decode(errors="replace")
    operations = tuple(report.read_text().split()) if report.is_file() else ()
    report.unlink(missing_ok=True)
    return Outcome(code=os.waitstatus_to_exitcode(status), operations=operations, errors=errors)


def _run_here(request: Request, report: Path) -> None:
    from collector.cli import main

    code = 70
    try:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(DEADLINE)
        os.chdir(request.folder)
        with report.with_suffix(".err").open("wb") as errors, Path("/dev/null").open("wb") as nowhere:
            os.dup2(errors.fileno(), 2)
            os.dup2(nowhere.fileno(), 1)
        faults.arm(request.fault)
        try:
            main(list(request.arguments), prog_name="repo-info")
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(bool(end.code))
        report.write_text(" ".join(faults.operations()))
    except BaseException:  # noqa: BLE001  # the process ends here, whatever happened
        os.write(2, traceback.format_exc().encode())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def serve(report: Path) -> None:
    """Answer one request after the other, until standard input ends."""
    for line in sys.stdin:
        outcome = run(msgspec.json.decode(line, type=Request), report)
        sys.stdout.write(msgspec.json.encode(outcome).decode() + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    faults.install()
    # Ahead of the forks: all that the verbs would import.

    serve(Path(sys.argv[1]))
