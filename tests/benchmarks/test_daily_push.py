"""A day's push sends little more than the day's lines, compressed: git finds the old versions of the journals."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from benchmarks.bench import Bench
from benchmarks.measurements.daily_push import last_whole_month, measure, push_daily
from collector.archive.layout import month_in

MONTH = "2017-12"


def copy_month(archive: Path, target: Path, rename: Callable[[Path], str]) -> Path:
    for journal in archive.rglob(f"{MONTH}*.jsonl"):
        place = target / journal.relative_to(archive).with_name(rename(journal))
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(journal, place)
    return target


def test_the_marks_in_the_names_of_journals_keep_pushes_small(real_archive: Path, tmp_path: Path) -> None:
    marked = copy_month(real_archive, tmp_path / "marked", lambda journal: journal.name)
    plain = copy_month(real_archive, tmp_path / "plain", lambda journal: f"{month_in(journal)}.jsonl")
    ours, theirs = (push_daily(archive, MONTH, 6, tmp_path / "pushes") for archive in (marked, plain))
    assert (ours.added, ours.compressed) == (theirs.added, theirs.compressed)
    assert ours.added > 2_000_000
    assert ours.sent < 1.3 * ours.compressed < theirs.sent


def test_the_row_is_of_the_last_whole_month(root: Path, tmp_path: Path) -> None:
    sample = shutil.copytree(root / "examples" / "archive", tmp_path / "archive")
    for journal in sample.rglob("*.jsonl"):
        if month_in(journal) > "2018-01":
            journal.unlink()
    assert last_whole_month(sample) == MONTH
    (row,) = measure(Bench(tmp_path, jobs=1, days=1))
    assert row.what.startswith("push of each day: 31 days of 2017-12, 0.")
    for journal in sample.rglob("*.jsonl"):
        if month_in(journal) != MONTH:
            journal.unlink()
    (row,) = measure(Bench(tmp_path, jobs=1, days=1))
    assert row.measured == "not measured: the history is too short"
