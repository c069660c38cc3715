"""A sample of `make torture`, and that it notices what goes wrong."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pages import collected
from tests.torture.__main__ import render_flips, render_trials
from tests.torture.campaign import Runner, running, torture
from tests.torture.child import Outcome
from tests.torture.damage import flip_bits
from tests.torture.faults import KINDS, Fault, Kind
from tests.torture.verbs import VERBS, Verb

BY_NAME = {verb.name: verb for verb in VERBS}


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runner]:
    with running(tmp_path_factory.mktemp("runner")) as started:
        yield started


@pytest.mark.parametrize(
    ("name", "trials"), [("import", 24), ("import that goes on", 12), ("export", 12), ("rebuild", 6)]
)
def test_a_verb_survives_a_fault_at_any_operation(runner: Runner, tmp_path: Path, name: str, trials: int) -> None:
    tried = list(torture(runner, BY_NAME[name], tmp_path / "verb", trials))
    assert {trial.fault.kind for trial in tried} == set(KINDS)
    assert [trial for trial in tried if trial.problems] == []
    assert f"| {name} | " in render_trials(tried)


@pytest.mark.parametrize(
    ("kind", "code", "words"),
    [
        ("kill", -9, ""),
        ("ENOSPC", 1, "No space left on device"),
        ("EIO", 1, "Input/output error"),
    ],
)
def test_a_fault_happens(runner: Runner, tmp_path: Path, kind: Kind, code: int, words: str) -> None:
    verb = BY_NAME["import"]
    for name in ("undisturbed", "disturbed"):
        (tmp_path / name).mkdir()
        verb.prepare(tmp_path / name)
    write = runner.run(verb, tmp_path / "undisturbed").operations.index("write", 10) + 1
    outcome = runner.run(verb, tmp_path / "disturbed", Fault(kind=kind, at=write))
    assert outcome.code == code
    assert words in outcome.errors
    assert outcome.errors.count("\n") == bool(words)


class Careless:
    """A verb that leaves another file each time, and a traceback."""

    def __init__(self) -> None:
        self.runs = 0

    def run(self, verb: Verb, folder: Path, fault: Fault | None = None) -> Outcome:
        self.runs += 1
        (folder / "archive").mkdir(exist_ok=True)
        (folder / "archive" / f"{self.runs}.jsonl").touch()
        return Outcome(
            code=int(fault is not None), operations=("mkdir",), errors="Traceback …\nKeyError: 'x'\n" if fault else ""
        )


def test_what_is_not_survived_is_a_problem(tmp_path: Path) -> None:
    (trial,) = torture(Careless(), BY_NAME["import"], tmp_path / "verb", 1, kinds=["kill"])
    first, *others = trial.problems
    assert first == "a traceback: KeyError: 'x'"
    assert others == [f"archive/{number}.jsonl: differs from the undisturbed run" for number in (1, 2, 3)]
    assert "**1 lost**" in render_trials([trial])


def test_damage_is_told_apart(tmp_path: Path) -> None:
    flips = list(flip_bits(collected.write(tmp_path / "archive"), 60, seed=1))
    assert [flip for flip in flips if flip.error] == []
    assert sum(flip.is_found for flip in flips) > 30
    assert render_flips(flips).endswith(", 0 unexpected errors.\n")
