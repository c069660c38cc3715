"""The tables of peers, from known figures."""

from __future__ import annotations

from pathlib import Path

from benchmarks.bench import Bench
from benchmarks.peers import render_peers
from benchmarks.processes import Run
from benchmarks.scales import Answer
from benchmarks.sizes import Size
from benchmarks.tool import SearchBox, Tool
from benchmarks.visits import Visit, Visits

MB = 1_000_000
BOX = SearchBox(input="input", results="a", nothing="nothing")


def tool(name: str) -> Tool:
    return Tool(
        title=name.title(),
        run=name,
        distributions=("msgspec",),
        site=name,
        tag_page="",
        box=BOX,
        remarks=f"all about {name}",
    )


def loaded(
    kilobytes: int, *, place: int | None = None, as_typed: bool = True, strangers: int = 0, shown: int = 0
) -> Visit:
    """Two bodies, each half of it, and compressed to a quarter."""
    half = Answer(path="/", bytes=kilobytes * 500, gzipped=kilobytes * 125)
    return Visit(answers=(half, half), place=place, as_typed=as_typed, strangers=strangers, shown=shown, waited=0.25)


def bench_of(folder: Path, figures: dict[str, tuple[float, int]]) -> Bench:
    """Tools with their seconds and the megabytes of their sites."""
    bench = Bench(folder, jobs=2, days=3)
    for name, (seconds, size) in figures.items():
        bench.tools.append(tool(name))
        bench.runs[name] = Run(seconds=seconds, cpu=seconds * 2, memory=100 * MB, output=b"")
        bench.sizes[name] = Size(files=size * 10, pages=size, bytes=size * MB, gzipped=size * MB // 4)
    return bench


def rows_of(report: str) -> list[str]:
    return [line for line in report.splitlines() if line.startswith("| ") and "---" not in line]


def test_each_tool_has_a_row_with_its_ratios_to_plain_mkdocs(tmp_path: Path) -> None:
    bench = bench_of(tmp_path, {"plain MkDocs": (90.0, 400), "swift": (9.0, 100), "vast": (990.0, 8_000)})
    report = render_peers(bench)
    assert rows_of(report) == [
        "| tool | HTML pages | time | processor time | memory | files | bytes | bytes gzipped |",
        "| Plain Mkdocs | 400 | 90.0 s, 1.00 × | 180.0 s, 1.00 × | 100.0 MB, 1.00 × | 4,000, 1.00 × "
        "| 400.0 MB, 1.00 × | 100.0 MB, 1.00 × |",
        "| Swift | 100 | 9.0 s, 0.10 × | 18.0 s, 0.10 × | 100.0 MB, 1.00 × | 1,000, 0.25 × "
        "| 100.0 MB, 0.25 × | 25.0 MB, 0.25 × |",
        "| Vast | 8,000 | 990.0 s, 11 × | 1980.0 s, 11 × | 100.0 MB, 1.00 × | 80,000, 20 × "
        "| 8,000.0 MB, 20 × | 2,000.0 MB, 20 × |",
    ]
    assert "was not measured: there is no Chromium" in report
    assert "**Swift** (msgspec " in report
    assert "all about swift." in report


def test_the_table_of_readers_shows_failed_and_impossible_searches(tmp_path: Path) -> None:
    bench = bench_of(tmp_path, {"plain MkDocs": (1.0, 1), "ours": (1.0, 1), "bare": (1.0, 1), "other": (1.0, 1)})
    bench.visits = {
        "plain MkDocs": Visits(
            home=loaded(100, strangers=3), tag=loaded(200), name=loaded(100, place=4), digest=loaded(100)
        ),
        "ours": Visits(home=loaded(10), tag=loaded(20), name=loaded(30, place=1), digest=loaded(40, place=1)),
        "bare": Visits(home=loaded(2), tag=loaded(4), name=None, digest=None),
        "other": Visits(
            home=loaded(10), tag=loaded(20), name=loaded(30, shown=9), digest=loaded(40, place=1, as_typed=False)
        ),
    }
    report = render_peers(bench)
    assert rows_of(report)[5:] == [
        "| tool | home page | page of a tag | a name, searched for | a digest, searched for and opened |",
        "| Plain Mkdocs | 25.0 KB (100.0 KB), 1.00 ×, 2 requests | 50.0 KB (200.0 KB), 1.00 ×, 2 requests "
        "| 25.0 KB (100.0 KB), 1.00 ×, 2 requests, 0.2 s; it is result 4 "
        "| **not found**, after 25.0 KB (100.0 KB), 1.00 ×, 2 requests, 0.2 s |",
        "| Ours | 2.5 KB (10.0 KB), 0.10 ×, 2 requests | 5.0 KB (20.0 KB), 0.10 ×, 2 requests "
        "| 7.5 KB (30.0 KB), 0.30 ×, 2 requests, 0.2 s | 10.0 KB (40.0 KB), 0.40 ×, 2 requests, 0.2 s |",
        "| Bare | 0.5 KB (2.0 KB), 0.02 ×, 2 requests | 1.0 KB (4.0 KB), 0.02 ×, 2 requests "
        "| it has no search | it has no search |",
        "| Other | 2.5 KB (10.0 KB), 0.10 ×, 2 requests | 5.0 KB (20.0 KB), 0.10 ×, 2 requests "
        "| **not among the 9 results shown**, after 7.5 KB (30.0 KB), 0.30 ×, 2 requests, 0.2 s "
        "| 10.0 KB (40.0 KB), 0.40 ×, 2 requests, 0.2 s; found only without `sha256:` |",
    ]
    assert "asks other hosts as well: not let through, not counted (3)" in report
