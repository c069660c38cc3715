"""Rebuilds after real days' updates: import up to a day, build, import one more day, build again."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator

import msgspec

from benchmarks.bench import PAGES, SOURCE, Bench
from benchmarks.measurements import building
from benchmarks.rows import Row, judge_run, not_measured

WHAT = "rebuild after a day's update"

_ARCHIVE = "archive-by-day"
_SITE = "site-by-day"
_USUAL = 0.035
"""The largest share of tags that is still a usual day: the aim is for 1 to 3 %, and not for a base image's day."""


class _Added(msgspec.Struct, frozen=True):
    """What is of interest here in the import's report."""

    added: int


def measure(bench: Bench) -> Iterator[Row]:
    """The last days of the history, one after another; only usual days are held to the aim."""
    days = _list_days(bench) if bench.has_source else []
    if len(days) <= bench.days:
        yield not_measured(WHAT, "there is no git archive" if not days else "the history is too short")
        return
    tags = sum(1 for _ in (bench.folder / PAGES / "repos").rglob("remote/*.md"))
    start, *updates = days[-bench.days - 1 :]
    _import(bench, start)
    bench.run(f"build of {start}", _build(bench))
    full = bench.runs[building.NAME]
    for day in updates:
        added = _import(bench, day)
        run = bench.run(f"build of {day}", _build(bench))
        share = added / tags
        what = f"{WHAT}: {day}, {added:,} observations of {tags:,} tags ({share:.1%})"
        aim = building.REBUILD_AIM if share <= _USUAL else None
        yield judge_run(what, run, full, of=building.NAME, aim=aim)


def _import(bench: Bench, day: str) -> int:
    command = ["repo-info", "import", SOURCE, "--archive", _ARCHIVE, *bench.chosen, "--until", day, "--json"]
    report = bench.run(f"import of {day}", command, keeps_output=True).output
    return msgspec.json.decode(report, type=_Added).added


def _build(bench: Bench) -> list[str]:
    return ["repo-info", "build", "--archive", _ARCHIVE, "--site", _SITE, "--jobs", str(bench.jobs)]


def _list_days(bench: Bench) -> list[str]:
    """Every day (UTC) with a commit to the pages, oldest first."""
    dates = ["--format=%cd", "--date=format-local:%Y-%m-%d"]
    command = ["git", "-C", str(bench.folder / SOURCE), "log", *dates, "HEAD", "--", *bench.chosen_paths]
    environment = {**os.environ, "TZ": "UTC"}
    log = subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout
    return sorted(set(log.split()))
