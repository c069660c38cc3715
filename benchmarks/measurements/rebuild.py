"""Rebuilds after real days' updates: import up to a day, build, import one more day, build again."""

from __future__ import annotations

import os
import subprocess
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import pairwise

import msgspec

from benchmarks.bench import PAGES, SOURCE, Bench
from benchmarks.measurements import full_build
from benchmarks.rows import Row, judge_run, not_measured

WHAT = "rebuild after a day's update"

BUILD = "build of "
"""The beginning of the names of these runs; the day follows."""

_ARCHIVE = "archive-by-day"
_SITE = "site-by-day"
_USUAL = 0.035
"""The largest share of tags that is still a usual day: the aim is for 1 to 3 %, and not for a base image's day."""


class _Added(msgspec.Struct, frozen=True):
    """The members of the import's report that are used here."""

    added: int


def measure(bench: Bench) -> Iterator[Row]:
    """The last usual days of the history, with the days between them in one step; the aim applies only to usual
    days.
    """
    tags = sum(1 for _ in (bench.folder / PAGES / "repos").rglob("remote/*.md"))
    changed = _count_changes(bench) if bench.has_source else {}
    stops = choose_stops(changed, tags, bench.days)
    if not stops:
        yield not_measured(WHAT, "the history is too short" if bench.has_source else "there is no git archive")
        return
    _import(bench, stops[0])
    bench.run(f"{BUILD}{stops[0]}", _build(bench))
    full, usual, days = bench.runs[full_build.NAME], [], sorted(changed)
    for before, day in pairwise(stops):
        added = _import(bench, day)
        run = bench.run(f"{BUILD}{day}", _build(bench))
        count = days.index(day) - days.index(before)
        is_usual = count == 1 and changed[day] <= _USUAL * tags
        usual += [run] if is_usual else []
        since = "" if count == 1 else f", {count} days at once"
        what = f"{WHAT}: {day}{since}, {added:,} observations of {tags:,} tags ({added / tags:.1%})"
        yield judge_run(what, run, full, of=full_build.NAME, aim=full_build.REBUILD_AIM if is_usual else None)
    if usual:
        middle = sorted(usual, key=lambda run: run.seconds)[len(usual) // 2]
        what = f"{WHAT}: the median of {len(usual)} usual days"
        yield judge_run(what, middle, full, of=full_build.NAME, aim=full_build.REBUILD_AIM)


def choose_stops(changed: Mapping[str, int], tags: int, wanted: int) -> list[str]:
    """The last usual days of a history, each with the day before it; where none is usual, the last days of all.

    Args:
        changed: How many pages changed, for each day on which any did.
        tags: How many there are.
        wanted: So many days at most.
    """
    days = sorted(changed)
    later = range(1, len(days))
    usual = [at for at in later if changed[days[at]] <= _USUAL * tags] or list(later)
    return [days[at] for at in sorted({at - back for at in usual[-wanted:] for back in (0, 1)})]


def _import(bench: Bench, day: str) -> int:
    command = ["repo-info", "import", SOURCE, "--archive", _ARCHIVE, *bench.chosen, "--until", day, "--json"]
    report = bench.run(f"import of {day}", command, keeps_output=True).output
    return msgspec.json.decode(report, type=_Added).added


def _build(bench: Bench) -> list[str]:
    return ["repo-info", "build", "--archive", _ARCHIVE, "--site", _SITE, "--jobs", str(bench.jobs)]


def _count_changes(bench: Bench) -> dict[str, int]:
    """The number of page versions on each day (UTC) with any."""
    form = ["--format=%cd", "--date=format-local:day %Y-%m-%d", "--name-only"]
    command = ["git", "-C", str(bench.folder / SOURCE), "log", *form, "HEAD", "--", *bench.chosen_paths]
    environment = {**os.environ, "TZ": "UTC"}
    log = subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout
    changed: Counter[str] = Counter()
    day = ""
    for line in filter(None, log.splitlines()):
        if line.startswith("day "):
            day = line.removeprefix("day ")
        else:
            changed[day] += 1
    return changed
