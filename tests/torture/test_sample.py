"""A sample of `make torture`, and a check that it notices problems."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import get_args

import msgspec
import pytest

from collector.archive.facts import Fact
from collector.archive.store import Archive
from collector.archive.verify import verify
from collector.importer.archive_import import import_source
from tests.support.folders import read_folder
from tests.support.formats import as_format_1
from tests.support.stub import running_stub
from tests.torture.archives import write_collected, write_imported
from tests.torture.campaign import ROOT, Runner, running, torture
from tests.torture.child import Outcome
from tests.torture.damage import flip_bits
from tests.torture.faults import END, KINDS, Fault, Kind
from tests.torture.power import Loss
from tests.torture.report import render_flips, render_trials
from tests.torture.verbs import VERBS, Verb, collecting

BY_NAME = {verb.name: verb for verb in VERBS}


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runner]:
    with running(tmp_path_factory.mktemp("runner")) as started:
        yield started


@pytest.mark.parametrize(
    ("name", "trials"),
    [("import", 30), ("import that goes on", 15), ("upgrade", 15), ("export", 15), ("rebuild", 15), ("init", 15)],
)
def test_a_verb_survives_a_fault_at_any_operation(runner: Runner, tmp_path: Path, name: str, trials: int) -> None:
    tried = list(torture(runner, BY_NAME[name], tmp_path / "verb", trials, together=2))
    assert {trial.kind for trial in tried} >= {kind for kind in KINDS if kind not in {"failing fsync", "no locks"}}
    assert [trial for trial in tried if trial.problems] == []
    assert f"| {name} |" in render_trials(tried)


def test_a_collection_survives_a_fault_at_any_operation(runner: Runner, tmp_path: Path) -> None:
    with running_stub() as stub:
        (_, verb, _) = collecting(stub)
        tried = list(torture(runner, verb, tmp_path / "verb", 30, together=2))
    assert {trial.kind for trial in tried} == {*KINDS, "two writers"}
    assert [trial for trial in tried if trial.problems] == []


@pytest.mark.parametrize(
    ("loss", "left"), [("lost writes", {"a": b"safe", "new": b""}), ("lost names", {"a": b"safe, not safe"})]
)
def test_a_power_loss_removes_what_was_not_synced(tmp_path: Path, loss: Loss, left: dict[str, bytes]) -> None:
    script = f"""
import os
from tests.torture import faults
faults.install()
faults.arm(faults.Fault(kind={loss!r}, at=99), {str(tmp_path)!r})
os.mkdir("folder")
with open("folder/a", "w") as file:
    file.write("safe")
    file.flush()
    os.fsync(file.fileno())
    for name in ("folder", "."):
        descriptor = os.open(name, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)
    file.write(", not safe")
with open("folder/b", "w") as file:
    file.write("not safe")
os.replace("folder/b", "folder/new")
faults._INJECTOR.power.lose({loss!r}, 1)
"""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", script], cwd=tmp_path, env=environment, check=True)
    assert read_folder(tmp_path / "folder") == left


@pytest.mark.parametrize(
    ("kind", "code", "words"),
    [
        ("kill", -9, ""),
        ("ENOSPC", 1, "No space left on device"),
        ("EIO", 1, "Input/output error"),
    ],
)
def test_each_kind_of_fault_can_be_caused(runner: Runner, tmp_path: Path, kind: Kind, code: int, words: str) -> None:
    verb = BY_NAME["import"]
    for name in ("undisturbed", "disturbed"):
        (tmp_path / name).mkdir()
        verb.prepare(tmp_path / name)
    write = runner.run(verb, tmp_path / "undisturbed").operations.index("write", 10) + 1
    outcome = runner.run(verb, tmp_path / "disturbed", Fault(kind=kind, at=write))
    assert outcome.code == code
    assert words in outcome.errors
    assert outcome.errors.count("\n") == bool(words)


def test_the_end_of_a_run_needs_no_number(runner: Runner, tmp_path: Path) -> None:
    """How many operations a collection has depends on what has arrived when it writes."""
    for name in ("import", "init"):
        (tmp_path / name).mkdir()
        BY_NAME[name].prepare(tmp_path / name)
        assert runner.run(BY_NAME[name], tmp_path / name, Fault(kind="lost names", at=END)).code == -9


class Careless:
    """A verb that leaves a new file each time, prints a traceback, and does not lock."""

    def __init__(self) -> None:
        self.runs = 0

    def run(self, verb: Verb, folder: Path, fault: Fault | None = None) -> Outcome:
        self.runs += 1
        (folder / "archive").mkdir(exist_ok=True)
        (folder / "archive" / f"{self.runs}.jsonl").touch()
        return Outcome(
            code=int(fault is not None), operations=("mkdir",), errors="Traceback …\nKeyError: 'x'\n" if fault else ""
        )

    def run_together(self, verb: Verb, folder: Path, delays: Sequence[float]) -> list[Outcome]:
        return [self.run(verb, folder, Fault(kind="kill", at=1)) for _ in delays]


def test_damage_after_a_fault_is_a_problem(tmp_path: Path) -> None:
    trial, together = torture(Careless(), BY_NAME["import"], tmp_path / "verb", 1, kinds=["kill"], together=1)
    assert any(problem.startswith("neither succeeded") for problem in together.problems)
    first, *others = trial.problems
    assert first == "a traceback: KeyError: 'x'"
    assert others == [f"archive/{number}.jsonl: differs from the undisturbed run" for number in (1, 2, 3)]
    assert "| 1, **1 lost** |" in render_trials([trial])


@pytest.mark.parametrize("write", [write_imported, write_collected])
def test_no_flipped_bit_goes_unnoticed(tmp_path: Path, write: Callable[[Path], Path]) -> None:
    archive = write(tmp_path)
    assert list(verify(Archive(archive))) == []
    assert [flip for flip in flip_bits(archive, 150, seed=2) if flip.problem] == []


def test_a_line_that_was_removed_is_written_again(tmp_path: Path) -> None:
    """What a state consists of is missed by `verify`; that a tag was seen, by an import alone."""
    archive = write_imported(tmp_path)
    chosen: dict[str, tuple[Path, bytes]] = {}
    for path in sorted(archive.glob("docker.io/**/*.jsonl")):
        for line in path.read_bytes().splitlines(keepends=True):
            chosen.setdefault(msgspec.json.decode(line)["fact"], (path, line))
    missed = set()
    for kind, (path, line) in chosen.items():
        whole = path.read_bytes()
        path.write_bytes(whole.replace(line, b"", 1))
        missed |= {kind} if list(verify(Archive(archive))) else set()
        import_source(tmp_path / "source.git", Archive(archive))
        assert sorted(path.read_bytes().splitlines()) == sorted(whole.splitlines()), kind
        path.write_bytes(whole)
    assert chosen.keys() - missed == {"observation", "inventory"}


def test_every_kind_of_fact_is_damaged(tmp_path: Path) -> None:
    kinds = {kind.__struct_config__.tag for kind in get_args(Fact)}
    archives = [write(tmp_path / write.__name__) for write in (write_imported, write_collected)]
    assert {flip.fact for archive in archives for flip in flip_bits(archive, len(kinds), seed=1)} == kinds


def test_silent_damage_is_distinguished(tmp_path: Path) -> None:
    """Without sums much of it is not found."""
    flips = list(flip_bits(as_format_1(write_collected(tmp_path)), 140, seed=1))
    assert [flip for flip in flips if flip.error] == []
    silent, believed = sum(not flip.is_found for flip in flips), sum(flip.is_believed for flip in flips)
    assert 10 < silent < 70
    assert believed > 10
    assert render_flips(flips).endswith(f"140 bits, {silent} not found, {believed} believed, 0 unexpected errors.\n")
