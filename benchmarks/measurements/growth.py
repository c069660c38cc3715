"""Growth: full builds of two synthetic archives, one of them ten times as large as the other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from benchmarks.bench import Bench
from benchmarks.processes import Run
from benchmarks.rows import Row, judge, judge_limit, judge_run
from benchmarks.sizes import count
from benchmarks.units import MB, render_mb, render_run

BUILD = "synthetic build, tags: "
"""The beginning of the names of these runs; the number of tags follows."""

_FOLDER = "synthetic"
_TIMES = 10
"""The larger archive's tags, as a multiple of the smaller one's."""
_AIM = 1.1 * _TIMES
_LIMIT = 400 * MB
"""Memory."""


class Grown(msgspec.Struct, frozen=True, kw_only=True):
    """An archive of one size, and the costs of building its site."""

    tags: int
    """Live ones that were asked for."""
    archive: tuple[int, int]
    """Files and bytes."""
    site: tuple[int, int]
    run: Run


def measure(bench: Bench) -> Iterator[Row]:
    """Both builds and their results. The smaller one is built before and after, because the speed of a machine may
    change.
    """
    small, large = (_measure_one(bench, tags) for tags in sizes(bench))
    again = _build(bench, small.tags, "-site-again", f"{BUILD}{small.tags}, again")
    yield from render_growth(msgspec.structs.replace(small, run=_mean(small.run, again)), large)


def sizes(bench: Bench) -> tuple[int, int]:
    """Live tags of the smaller archive and of the larger one."""
    return max(1, bench.tags // _TIMES), bench.tags


def build(bench: Bench, tags: int) -> Path:
    """The site of a synthetic archive of so many live tags. In one run it is built once, for whoever wants it first."""
    if f"{BUILD}{tags}" not in bench.runs:
        (bench.folder / _FOLDER).mkdir(exist_ok=True)
        generate = ["python", "-m", "benchmarks.synthetic", "--tags", str(tags), "--to", f"{_FOLDER}/{tags}"]
        bench.run(f"synthetic archive of {tags} tags", generate)
        _build(bench, tags, "-site", f"{BUILD}{tags}")
    return bench.folder / _FOLDER / f"{tags}-site"


def _build(bench: Bench, tags: int, ending: str, name: str) -> Run:
    """Into a folder of that ending beside the archive."""
    archive = f"{_FOLDER}/{tags}"
    command = ["repo-info", "build", "--archive", archive, "--site", f"{archive}{ending}", "--jobs", str(bench.jobs)]
    return bench.run(name, command)


def _mean(one: Run, other: Run) -> Run:
    seconds, cpu = (one.seconds + other.seconds) / 2, (one.cpu + other.cpu) / 2
    return Run(seconds=seconds, cpu=cpu, memory=max(one.memory, other.memory), output=b"")


def render_growth(small: Grown, large: Grown) -> Iterator[Row]:
    """The rows: the growth of each quantity, with the aims for time and memory."""
    less, more = f"{small.tags:,} tags", f"{large.tags:,} tags"
    yield _compare_bytes(f"growth: journals of {more}", large.archive, small.archive, less)
    yield Row(what=f"growth: full build of {less}, mean of two", measured=render_run(small.run))
    yield _judge_time(f"growth: full build of {more}", large, small, less)
    peak, base = large.run.memory, small.run.memory
    row = judge_limit(f"growth: memory, all processes, {more}", render_mb(peak), peak, _LIMIT, render_mb(_LIMIT))
    yield msgspec.structs.replace(row, compared=f"{peak / base:.2f} × {less}")
    yield _compare_bytes(f"growth: published size of {more}", large.site, small.site, less)


def _judge_time(what: str, large: Grown, small: Grown, less: str) -> Row:
    """Beside the journals too, as of images like real ones ten times the tags have a little more than ten times."""
    row = judge_run(what, large.run, small.run, of=less, aim=_AIM)
    growth = large.archive[1] / small.archive[1]
    more = large.run.seconds / small.run.seconds / growth
    return msgspec.structs.replace(row, compared=f"{row.compared}; {more:.2f} × as much as the journals")


def _compare_bytes(what: str, large: tuple[int, int], small: tuple[int, int], less: str) -> Row:
    (files, total), (fewer, base) = large, small
    row = judge(what, f"{render_mb(total)} in {files:,} files", total, base, of=less, aim=None)
    return msgspec.structs.replace(row, compared=f"{row.compared}; files {files / fewer:.2f} ×")


def _measure_one(bench: Bench, tags: int) -> Grown:
    site = build(bench, tags)
    archive = bench.folder / _FOLDER / str(tags)
    return Grown(tags=tags, archive=count(archive), site=count(site), run=bench.runs[f"{BUILD}{tags}"])
