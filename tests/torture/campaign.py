"""Faults at every n-th operation of a verb. A second run of the verb must give the undisturbed result."""

from __future__ import annotations

import random
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import msgspec

from collector.archive.store import Archive
from collector.archive.verify import verify
from tests.support.folders import read_folder
from tests.torture.child import Outcome, Request
from tests.torture.faults import CLOCKS, END, KINDS, LOSSES, Fault, Kind, can_happen
from tests.torture.verbs import Files, Verb

ROOT = Path(__file__).resolve().parents[2]

_LEFT_BY_A_KILL = re.compile(r"repo-info-|\.spare-|tmp")
_NAMES_A_PATH = re.compile(r"[\w.-]+/[\w./-]+|\b(archive|bases|files|new|site|tables|tree|standard output)\b")


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """One fault and its outcome."""

    verb: str
    kind: str
    at: int
    """The operation; of two writers, the number of the trial."""
    problems: tuple[str, ...]
    """Empty if the fault was survived."""
    memory: int
    """The peak memory of a run, in MiB."""

    @property
    def where(self) -> str:
        return "the end" if self.at == END else str(self.at)


class CanRun(Protocol):
    def run(self, verb: Verb, folder: Path, fault: Fault | None = None) -> Outcome: ...

    def run_together(self, verb: Verb, folder: Path, delays: Sequence[float]) -> list[Outcome]: ...


class Runner:
    """Runs verbs in processes that have everything imported."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def run(self, verb: Verb, folder: Path, fault: Fault | None = None) -> Outcome:
        (outcome,) = self._ask(Request(arguments=verb.arguments, folder=str(folder), fault=fault))
        return outcome

    def run_together(self, verb: Verb, folder: Path, delays: Sequence[float]) -> list[Outcome]:
        """Run several copies at the same time, each after a delay in seconds."""
        return self._ask(Request(arguments=verb.arguments, folder=str(folder), delays=tuple(delays)))

    def _ask(self, request: Request) -> list[Outcome]:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(msgspec.json.encode(request).decode() + "\n")
        self._process.stdin.flush()
        return msgspec.json.decode(self._process.stdout.readline(), type=list[Outcome])


@contextmanager
def running(folder: Path) -> Iterator[Runner]:
    """A runner that keeps its own files in a folder."""
    command = [sys.executable, "-B", "-m", "tests.torture.child", str(folder / "report")]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, cwd=ROOT, text=True, **pipes) as process:  # type: ignore[call-overload]
        yield Runner(process)
        process.stdin.close()


class Bench:
    """A verb with its initial files and its undisturbed result, for many trials."""

    def __init__(self, runner: CanRun, verb: Verb, folder: Path) -> None:
        self.verb = verb
        self._runner = runner
        self._start, self._trial, undisturbed = folder / "start", folder / "trial", folder / "undisturbed"
        self._start.mkdir(parents=True)
        verb.prepare(self._start)
        shutil.copytree(self._start, undisturbed, symlinks=True)
        outcome = runner.run(verb, undisturbed)
        assert outcome.code == 0, outcome.errors
        self.operations = outcome.operations
        self._expected = verb.comparable(_read(undisturbed, verb.outputs))
        self._inputs = _read(self._start, {path.name for path in self._start.iterdir()} - {*verb.outputs})

    def try_fault(self, fault: Fault) -> Trial:
        """A run with the fault, then an undisturbed one."""
        with self._fresh() as folder:
            disturbed = self._runner.run(self.verb, folder, fault)
            problems = list(_iter_faults(disturbed, fault))
            problems += self._damage(folder, fault)
            return self._complete(folder, fault.kind, fault.at, problems, disturbed.memory)

    def try_together(self, number: int) -> Trial:
        """Two writers at the same time: one may have to wait for the other."""
        with self._fresh() as folder:
            outcomes = self._runner.run_together(self.verb, folder, (0, number * 0.004))
            problems = [found for outcome in outcomes for found in _iter_faults(outcome, None)]
            if all(outcome.code != 0 for outcome in outcomes):
                problems.append(f"neither succeeded: {outcomes[0].errors.strip()}; {outcomes[1].errors.strip()}")
            return self._complete(folder, "two writers", number, problems, max(one.memory for one in outcomes))

    @contextmanager
    def _fresh(self) -> Iterator[Path]:
        shutil.copytree(self._start, self._trial, symlinks=True)
        try:
            yield self._trial
        finally:
            shutil.rmtree(self._trial)

    def _damage(self, folder: Path, fault: Fault) -> list[str]:
        """The problems before the next run: an archive is intact at every moment, except after a power loss."""
        if fault.kind in LOSSES:
            if fault.at == END and "archive" in self.verb.outputs and self._differing(folder, fault.kind):
                return ["what was reported as kept was not on the disk"]
            return []
        if "archive" not in self.verb.outputs or not (folder / "archive" / "archive.json").is_file():
            return []
        found = [str(one) for one in verify(Archive(folder / "archive")) if not one.is_torn]
        return [f"damage: {one}" for one in found if not self.verb.tolerated or self.verb.tolerated not in one]

    def _complete(self, folder: Path, kind: str, at: int, problems: list[str], memory: int) -> Trial:
        again = self._runner.run(self.verb, folder)
        if again.code != 0:
            problems.append(f"the next run failed with exit code {again.code}: {again.errors.strip()}")
        problems += self._differing(folder, kind)
        memory = max(memory, again.memory)
        return Trial(verb=self.verb.name, kind=kind, at=at, problems=tuple(problems), memory=memory)

    def _differing(self, folder: Path, kind: str) -> list[str]:
        found, expected = self.verb.comparable(_read(folder, self.verb.outputs)), self._expected
        paths = [path for path in sorted(expected.keys() | found.keys()) if expected.get(path) != found.get(path)]
        if kind in LOSSES:  # what a build keeps for the next one has a hash, and damage to it is found when it is read
            paths = [path for path in paths if not path.startswith(".site.build/")]
        inputs = {path.partition("/")[0] for path in self._inputs}
        others = {path.name for path in folder.iterdir()} - {*self.verb.outputs, *inputs}
        return [
            *(f"{path}: differs from the undisturbed run" for path in paths[:5]),
            *(f"{name}: written outside" for name in sorted(others) if not _LEFT_BY_A_KILL.match(name)),
            *([] if _read(folder, inputs) == self._inputs else ["what the verb only reads was changed"]),
        ]


def torture(
    runner: CanRun, verb: Verb, folder: Path, trials: int, *, kinds: Sequence[Kind] = KINDS, together: int = 0
) -> Iterator[Trial]:
    """Try faults in a verb, up to the same number of each kind, then two writers, so many times."""
    bench = Bench(runner, verb, folder)
    faults = list(_spread(bench.operations, trials // len(kinds), kinds))
    random.Random(1).shuffle(faults)  # whoever stops early has tried some of each kind
    for fault in faults:
        yield bench.try_fault(fault)
    for number in range(together):
        yield bench.try_together(number)


def _spread(operations: Sequence[str], trials: int, kinds: Sequence[Kind]) -> Iterator[Fault]:
    """This number of faults of each kind, spread evenly over the operations at which it can happen."""
    for kind in kinds:
        possible = [at for at, operation in enumerate(operations, 1) if can_happen(kind, operation)]
        if kind in LOSSES:
            possible.append(END)
        tried = min(trials, len(possible))
        for number in range(1, tried + 1):
            yield Fault(kind=kind, at=possible[number * len(possible) // tried - 1])


def _iter_faults(outcome: Outcome, fault: Fault | None) -> Iterator[str]:
    """The problems with the end of the disturbed run."""
    lines = outcome.errors.strip().splitlines()
    if "Traceback" in outcome.errors:
        yield f"a traceback: {lines[-1]}"
    elif outcome.code == -14:
        yield "it did not end"
    elif outcome.code > 0 and not lines:
        yield "it failed without a word"
    elif outcome.code > 0 and not lines[-1].startswith(("repo-info: ", "  ")):
        yield f"not an error of ours: {lines[-1]}"
    elif outcome.code > 0 and fault and (fault.kind in CLOCKS or fault.kind == "short write"):
        yield f"{fault.kind}, which is no error, ended it: {outcome.errors.strip()}"
    elif outcome.code > 0 and not any(_NAMES_A_PATH.search(line) for line in lines):
        yield f"an error without a path: {lines[-1]}"


def _read(folder: Path, names: Sequence[str] | set[str]) -> Files:
    files = {name: (folder / name).read_bytes() for name in names if (folder / name).is_file()}
    for name in names:
        if (folder / name).is_dir():
            files |= {f"{name}/{path}": content for path, content in read_folder(folder / name).items()}
    return files
