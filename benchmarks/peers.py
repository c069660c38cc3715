"""The tables of peers: one row per tool and one column per quantity, each compared with plain MkDocs."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.bench import Bench
from benchmarks.measurements import plain
from benchmarks.scales import sum_up
from benchmarks.tool import Tool
from benchmarks.units import render_kb, render_lines, render_mb
from benchmarks.visits import Visit

_BUILDS = ("tool", "HTML pages", "time", "processor time", "memory", "files", "bytes", "bytes gzipped")
_LOADS = ("tool", "home page", "page of a tag", "a name, searched for", "a digest, searched for and opened")


def render_peers(bench: Bench) -> str:
    """Markdown: the cost of building each site, the data that a reader loads, and what each tool leaves out."""
    builds = render_lines(_BUILDS, [_build_row(bench, tool) for tool in bench.tools])
    remarks = "".join(f"- {_describe(bench, tool)}\n" for tool in bench.tools)
    return (
        "Each tool ran in a fresh process, one after the other; × is times plain MkDocs.\n\n"
        f"{builds}\n{_render_loads(bench)}\nWhat each of them is, and what it leaves out:\n\n{remarks}"
    )


def _render_loads(bench: Bench) -> str:
    if not bench.visits:
        return "What a reader loads was not measured: there is no Chromium.\n"
    loads = render_lines(_LOADS, [_load_row(bench, tool) for tool in bench.tools])
    return (
        "What a reader loads on a visit with an empty cache, in a real Chromium: all bodies gzipped, as they go over "
        "the line; in brackets, as they are. A search begins on the home page, which is counted with it; its "
        f"seconds are those from the query to the results.\n\n{loads}"
    )


def _build_row(bench: Bench, tool: Tool) -> Sequence[str]:
    run, size = bench.runs[tool.run], bench.sizes[tool.run]
    base_run, base = bench.runs[plain.NAME], bench.sizes[plain.NAME]
    return (
        tool.title,
        f"{size.pages:,}",
        f"{run.seconds:.1f} s, {_ratio(run.seconds, base_run.seconds)}",
        f"{run.cpu:.1f} s, {_ratio(run.cpu, base_run.cpu)}",
        f"{render_mb(run.memory)}, {_ratio(run.memory, base_run.memory)}",
        f"{size.files:,}, {_ratio(size.files, base.files)}",
        f"{render_mb(size.bytes)}, {_ratio(size.bytes, base.bytes)}",
        f"{render_mb(size.gzipped)}, {_ratio(size.gzipped, base.gzipped)}",
    )


def _load_row(bench: Bench, tool: Tool) -> Sequence[str]:
    found, base = bench.visits[tool.run], bench.visits[plain.NAME]
    return (
        tool.title,
        _weigh(found.home, base.home),
        _weigh(found.tag, base.tag),
        _judge_search(found.name, base.name, "not among the {} results shown"),
        _judge_search(found.digest, base.digest, "not on the first of {} results"),
    )


def _judge_search(visit: Visit | None, base: Visit | None, missed: str) -> str:
    if not visit or not base:
        return "it has no search"
    weight = _weigh(visit, base)
    after = f"{weight}, {visit.waited:.1f} s"
    if visit.place is None:
        return f"**{missed.format(visit.shown) if visit.shown else 'not found'}**, after {after}"
    if visit.place > 1:
        return f"{after}; it is result {visit.place}"
    return after if visit.as_typed else f"{after}; found only without `sha256:`"


def _weigh(visit: Visit, base: Visit) -> str:
    load, other = sum_up(visit.answers), sum_up(base.answers)
    weight = f"{render_kb(load.gzipped)} ({render_kb(load.bytes)})"
    return f"{weight}, {_ratio(load.gzipped, other.gzipped)}, {load.requests} requests"


def _describe(bench: Bench, tool: Tool) -> str:
    visits = bench.visits.get(tool.run)
    strangers = visits.home.strangers if visits else 0
    asked = f" The home page asks other hosts as well: not let through, not counted ({strangers})." if strangers else ""
    return f"**{tool.title}** ({tool.versions}): {tool.remarks}.{asked}"


def _ratio(value: float, base: float) -> str:
    ratio = value / base
    return f"{ratio:.0f} ×" if ratio >= 10 else f"{ratio:.2f} ×" if ratio >= 0.1 else f"{ratio:.2g} ×"
