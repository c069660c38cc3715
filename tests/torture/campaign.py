"""A fault at every n-th operation of a verb, then the same verb to the end: the result is the undisturbed one."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import msgspec

from tests.support.folders import read_folder
from tests.torture.child import Outcome, Request
from tests.torture.faults import KINDS, Fault, Kind, can_happen
from tests.torture.verbs import Verb

ROOT = Path(__file__).resolve().parents[2]


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """One fault, and what came of it."""

    verb: str
    fault: Fault
    code: int
    """The exit code of the run with the fault."""
    problems: tuple[str, ...]
    """Empty where the fault was survived."""


class CanRun(Protocol):
    def run(self, verb: Verb, folder: Path, fault: Fault | None = None) -> Outcome: ...


class Runner:
    """Runs verbs in processes that have everything imported."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def run(self, verb: Verb, folder: Path, fault: Fault | None = None) -> Outcome:
        request = Request(arguments=verb.arguments, folder=str(folder), fault=fault)
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(msgspec.json.encode(request).decode() + "\n")
        self._process.stdin.flush()
        return msgspec.json.decode(self._process.stdout.readline(), type=Outcome)


@contextmanager
def running(folder: Path) -> Iterator[Runner]:
    """A runner that keeps its own files in a folder."""
    command = [sys.executable, "-B", "-m", "tests.torture.child", str(folder / "report")]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, cwd=ROOT, text=True, **pipes) as process:  # type: ignore[call-overload]
        yield Runner(process)
        process.stdin.close()


def torture(runner: CanRun, verb: Verb, folder: Path, trials: int, *, kinds: Sequence[Kind] = KINDS) -> Iterator[Trial]:
    """Try faults in a verb, the same number of each kind; all, if there are fewer."""
    start, undisturbed, trial = folder / "start", folder / "undisturbed", folder / "trial"
    start.mkdir(parents=True)
    verb.prepare(start)
    shutil.copytree(start, undisturbed, symlinks=True)
    outcome = runner.run(verb, undisturbed)
    assert outcome.code == 0, outcome.errors
    expected = _outputs(verb, undisturbed)
    for fault in _spread(outcome.operations, trials // len(kinds), kinds):
        shutil.copytree(start, trial, symlinks=True)
        yield _try(runner, verb, trial, fault, expected)
        shutil.rmtree(trial)


def _spread(operations: Sequence[str], trials: int, kinds: Sequence[Kind]) -> Iterator[Fault]:
    """So many faults of each kind, spread evenly over the operations at which it can happen."""
    for kind in kinds:
        possible = [at for at, operation in enumerate(operations, 1) if can_happen(kind, operation)]
        tried = min(trials, len(possible))
        for number in range(tried):
            yield Fault(kind=kind, at=possible[number * len(possible) // tried])


def _try(runner: CanRun, verb: Verb, folder: Path, fault: Fault, expected: dict[str, bytes]) -> Trial:
    disturbed = runner.run(verb, folder, fault)
    problems = list(_iter_faults(disturbed, fault))
    again = runner.run(verb, folder)
    if again.code != 0:
        problems.append(f"the next run failed with exit code {again.code}: {again.errors.strip()}")
    found = _outputs(verb, folder)
    differing = sorted(path for path in expected.keys() | found.keys() if expected.get(path) != found.get(path))
    problems += [f"{path}: differs from the undisturbed run" for path in differing[:5]]
    return Trial(verb=verb.name, fault=fault, code=disturbed.code, problems=tuple(problems))


def _iter_faults(outcome: Outcome, fault: Fault) -> Iterator[str]:
    """What is wrong with how the disturbed run ended."""
    if "Traceback" in outcome.errors:
        yield f"a traceback: {outcome.errors.strip().splitlines()[-1]}"
    elif outcome.code == -14:
        yield "it did not end"
    elif fault.kind == "short write" and outcome.code != 0:
        yield f"a short write, which is no error, ended it: {outcome.errors.strip()}"
    elif outcome.code > 0 and not outcome.errors.strip():
        yield "it failed without a word"


def _outputs(verb: Verb, folder: Path) -> dict[str, bytes]:
    return {
        f"{name}/{path}": content
        for name in verb.outputs
        if (folder / name).is_dir()
        for path, content in read_folder(folder / name).items()
    }
