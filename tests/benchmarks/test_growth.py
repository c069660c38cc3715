"""Growth, computed from known figures and measured on tiny archives."""

from __future__ import annotations

from pathlib import Path

from benchmarks.bench import Bench
from benchmarks.measurements import rebuild
from benchmarks.measurements.growth import Grown, build, measure, render_growth, sizes
from benchmarks.processes import Run
from benchmarks.sizes import count

MB = 1_000_000


def grown(tags: int, *, seconds: float, memory: int, journal: int = 1_000) -> Grown:
    """`journal`: bytes for each tag."""
    return Grown(
        tags=tags,
        archive=(tags, tags * journal),
        site=(tags * 20, tags * 100_000),
        run=Run(seconds=seconds, cpu=seconds * 2, memory=memory * MB, output=b""),
    )


def test_growth_is_judged_by_time_and_by_memory() -> None:
    base = grown(100, seconds=10, memory=200)
    fit, unfit = (
        {row.what.removeprefix("growth: "): row for row in render_growth(base, large)}
        for large in (grown(1_000, seconds=110, memory=400), grown(1_000, seconds=110.1, memory=401))
    )
    assert [row.met for row in fit.values()] == [None, None, True, True, None]
    assert [row.met for row in unfit.values()] == [None, None, False, False, None]
    longer = list(render_growth(base, grown(1_000, seconds=110.1, memory=400, journal=1_101)))
    assert longer[2].met is False, "what the journals grew by is told, and does not count"
    assert "; 1.00 × as much as the journals" in longer[2].compared
    time, memory = fit["full build of 1,000 tags"], fit["memory, all processes, 1,000 tags"]
    assert (time.compared, time.aim) == (
        "11.00 × 100 tags; processor time 11.00 ×; 1.10 × as much as the journals",
        "≤ 11 ×",
    )
    assert (memory.measured, memory.compared, memory.aim) == ("400.0 MB", "2.00 × 100 tags", "≤ 400.0 MB")
    size = fit["published size of 1,000 tags"]
    assert (size.measured, size.compared) == ("100.0 MB in 20,000 files", "10.00 × 100 tags; files 10.00 ×")


def test_both_archives_are_made_and_built_once(tmp_path: Path) -> None:
    bench = Bench(tmp_path, jobs=1, days=1, tags=40)
    assert sizes(bench) == (4, 40)
    rows = list(measure(bench))
    assert len(rows) == 5
    commands = len(bench.commands)
    assert [command.split()[0] for command in bench.commands] == [*["python", "repo-info"] * 2, "repo-info"]
    assert bench.commands[4] == bench.commands[1].replace("4-site", "4-site-again")
    small, large = (build(bench, tags) for tags in sizes(bench))
    assert (small / "api" / "v1" / "names.json").is_file()
    files, total = count(large)
    assert rows[-1].measured == f"{total / MB:,.1f} MB in {files:,} files"
    assert len(bench.commands) == commands
    assert not [name for name in bench.runs if name.startswith(rebuild.BUILD)], "they are no rebuilds"
