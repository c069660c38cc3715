"""The table: results beside their aims."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from benchmarks.processes import Run
from benchmarks.units import render_cpu, render_lines, render_run

_HEAD = ("what", "measured", "compared", "aim", "met")


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the table. An empty field does not apply."""

    what: str
    measured: str
    compared: str = ""
    """The value that it is compared with."""
    aim: str = ""
    met: bool | None = None


def judge(what: str, measured: str, value: float, base: float, *, of: str, aim: float | None) -> Row:
    """A row for a value that may be at most `aim` times a base; without an aim it is only compared."""
    row = Row(what=what, measured=measured, compared=f"{value / base:.2f} × {of}")
    return row if aim is None else msgspec.structs.replace(row, aim=f"≤ {aim:g} ×", met=value <= aim * base)


def judge_run(what: str, run: Run, base: Run, *, of: str, aim: float | None) -> Row:
    """A row for the time of a run, by the clock; processor time is compared beside it, and is less easily disturbed."""
    row = judge(what, render_run(run), run.seconds, base.seconds, of=of, aim=aim)
    return msgspec.structs.replace(row, compared=f"{row.compared}; processor time {run.cpu / base.cpu:.2f} ×")


def judge_rounds(what: str, runs: Sequence[Run], bases: Sequence[Run], *, of: str, aim: float | None) -> Row:
    """A row for the processor time of several rounds: of each side the least, which other work disturbed least."""
    run, base = (min(some, key=lambda one: one.cpu) for some in (runs, bases))
    text = f"{render_cpu(run)} ({of}: {render_cpu(base)}), the least of {len(runs)} rounds"
    return judge(what, text, run.cpu, base.cpu, of=of, aim=aim)


def judge_limit(what: str, measured: str, value: float, limit: float, limit_text: str) -> Row:
    """A row for a value that may be at most `limit`, in whatever both are counted."""
    return Row(what=what, measured=measured, aim=f"≤ {limit_text}", met=value <= limit)


def not_measured(what: str, why: str) -> Row:
    """A row for something that was not measured."""
    return Row(what=what, measured=f"not measured: {why}")


def render_table(rows: Iterable[Row]) -> str:
    """The rows as a Markdown table."""
    met = {True: "yes", False: "**no**", None: ""}
    return render_lines(_HEAD, ((row.what, row.measured, row.compared, row.aim, met[row.met]) for row in rows))
