"""Synthetic archives: valid, the same everywhere, and similar to real ones in content and growth."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.synthetic.clock import Clock
from benchmarks.synthetic.draws import Draws, quantile
from benchmarks.synthetic.generate import Wish, write_archive
from benchmarks.synthetic.proportions import Proportion, measure_proportions, real_proportions, render_proportions
from collector.archive.store import Archive
from collector.archive.verify import verify
from collector.model.images import State
from collector.model.times import parse_as_of

UNTIL = "2017-11-20"
KNOWN = "780e3ea676b2dca3d318cfe7559a60895247a7935a47eab41793fde756ba792f"
"""SHA-256 over all files of `synthetic_archive`: different bytes mean a different history for everyone who measures
with it.
"""


def files(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(root.rglob("*.jsonl"))}


def states_of(root: Path, registry: str) -> list[State]:
    archive = Archive(root)
    holdings = [archive.load(one) for one in archive.repositories() if one.registry == registry]
    periods = [(held, period) for held in holdings for tag in held.tags for period in held.periods(tag)]
    return [state for held, period in periods if period.digest and (state := held.state(period.digest))]


def test_it_is_an_archive_without_a_fault(synthetic_archive: Path) -> None:
    archive = Archive(synthetic_archive)
    assert len(archive.repositories()) > 5
    assert list(verify(archive)) == []


def test_the_same_options_give_the_same_archive_on_every_machine(synthetic_archive: Path) -> None:
    whole = hashlib.sha256()
    for name, content in files(synthetic_archive).items():
        whole.update(f"{name} {len(content)}\n".encode() + content)
    assert whole.hexdigest() == KNOWN


def test_another_process_with_another_hash_seed_writes_the_same_bytes(
    synthetic_archive: Path, tmp_path: Path, root: Path
) -> None:
    command = [sys.executable, "-m", "benchmarks.synthetic", "--tags", "60", "--to", str(tmp_path / "archive")]
    subprocess.run(command, check=True, cwd=root, env={**os.environ, "PYTHONHASHSEED": "7"})
    assert files(tmp_path / "archive") == files(synthetic_archive)


def test_another_seed_is_another_history(synthetic_archive: Path, tmp_path: Path) -> None:
    write_archive(tmp_path / "archive", Wish(tags=60, seed=2))
    assert not set(files(tmp_path / "archive").values()) & set(files(synthetic_archive).values())


def test_a_history_with_an_earlier_end_is_the_beginning_of_the_whole_one(
    synthetic_archive: Path, tmp_path: Path
) -> None:
    write_archive(tmp_path / "archive", Wish(tags=60, until=parse_as_of(UNTIL)))
    begun, whole = files(tmp_path / "archive"), files(synthetic_archive)
    assert all(whole[name].startswith(content) for name, content in begun.items())
    assert sum(map(len, begun.values())) < sum(map(len, whole.values()))
    assert all(f"-{UNTIL[:7]}.jsonl" not in name or len(content) < len(whole[name]) for name, content in begun.items())


def test_a_history_continues_where_it_was_cut_off(synthetic_archive: Path, tmp_path: Path) -> None:
    for until in (UNTIL, "2017-11-21", None):
        write_archive(tmp_path / "archive", Wish(tags=60, until=parse_as_of(until) if until else None))
    assert files(tmp_path / "archive") == files(synthetic_archive)


def test_fewer_images_have_more_tags_each(tmp_path: Path) -> None:
    write_archive(tmp_path / "archive", Wish(tags=200, images=1, days=60))
    archive = Archive(tmp_path / "archive")
    assert max(len(archive.load(one).tags) for one in archive.repositories()) > 150


def test_states_from_registries_have_digests_settings_and_attestations(synthetic_archive: Path) -> None:
    states = states_of(synthetic_archive, "ghcr.io")
    assert states
    assert all(state.attestations for state in states)
    attestations = [one for state in states for one in state.attestations]
    assert all({each.packages is None for each in one.statements} == {True, False} for one in attestations)
    assert all(image.config.runtime and image.annotations for state in states for image in state.images)


def test_single_manifests_come_first_and_indexes_later(synthetic_archive: Path) -> None:
    forms = [state.is_index for state in states_of(synthetic_archive, "docker.io")]
    assert 0.2 < sum(forms) / len(forms) < 0.8


def test_an_invalid_command_line_is_explained(root: Path, tmp_path: Path) -> None:
    for wrong in (["--tags", "0"], ["--tags", "9", "--until", "soon"]):
        command = [sys.executable, "-m", "benchmarks.synthetic", "--to", str(tmp_path / "archive"), *wrong]
        done = subprocess.run(command, check=False, cwd=root, capture_output=True, text=True)
        assert done.returncode != 0
        assert "not a" in done.stderr
        assert not (tmp_path / "archive").exists()


def test_many_images_are_like_the_real_ones(tmp_path: Path) -> None:
    write_archive(tmp_path / "archive", Wish(tags=1000))
    found = measure_proportions(tmp_path / "archive")
    # A third of a real archive: its few largest images count for more, and what is rare may be rarer.
    far_off = [
        f"{one.name}: {one.value:.3g}, real {real.value:.3g}"
        for one, real in zip(found, real_proportions(), strict=True)
        if not real.value / one.factor / 1.25 <= one.value <= real.value * one.factor * 1.25
    ]
    assert {line.partition(":")[0] for line in far_off} <= {"Windows among manifests", "of all observations"}
    assert len(far_off) <= 2


@pytest.mark.slow
def test_the_recorded_proportions_are_those_of_the_real_archive(real_archive: Path) -> None:
    assert measure_proportions(real_archive) == real_proportions()


def test_the_table_shows_which_proportions_are_close() -> None:
    real = [Proportion(name="steps", value=10, factor=1.5), Proportion(name="layers", value=2, factor=2)]
    found = [Proportion(name="steps", value=16, factor=1.5), Proportion(name="layers", value=1, factor=2)]
    assert render_proportions(real, found).splitlines()[2:] == [
        "| steps | 10 | 16 | 1.60 | 1.5 × | **no** |",
        "| layers | 2 | 1 | 0.50 | 2 × | yes |",
    ]


def test_draws_are_even_and_stay_within_their_bounds() -> None:
    draws = Draws("seed", 1)
    counts = [0] * 7
    for _ in range(7000):
        counts[draws.below(7)] += 1
    assert all(900 < count < 1100 for count in counts)
    assert draws.below(2**63) < 2**63
    assert {draws.weighted((0, 3, 0, 1)) for _ in range(100)} == {1, 3}
    assert [quantile((0, 10, 40), place * 2**30) for place in range(4)] == [0, 5, 10, 25]


def test_gaps_have_the_requested_mean() -> None:
    draws = Draws("gaps")
    gaps = [draws.gap(100) for _ in range(5000)]
    assert min(gaps) >= 1
    assert 90 < sum(gaps) / len(gaps) < 115


def test_a_clock_that_stops_earlier_agrees_with_one_that_continues() -> None:
    whole, cut = Clock(seed=1, days=100), Clock(seed=1, days=100, until=parse_as_of("2016-10-01"))
    assert whole.times == sorted(set(whole.times))
    assert (whole.times, whole.indexes_from) == (cut.times, cut.indexes_from)
    assert whole.times[cut.seen - 1] <= "2016-10-01T23:59:59Z" < whole.times[cut.seen]
