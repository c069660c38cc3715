"""Values as a person reads them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from benchmarks.processes import Run

MB = 1_000_000
KB = 1_000


def render_run(run: Run) -> str:
    """Both clocks: where they lie far apart, other work was on the machine, or several processes were at it."""
    return f"{run.seconds:.1f} s ({run.cpu:.1f} s of processor time)"


def render_cpu(run: Run) -> str:
    """Only processor time, for comparisons of it."""
    return f"{run.cpu:.2f} s of processor time"


def render_mb(count: int) -> str:
    return f"{count / MB:,.1f} MB"


def render_kb(count: float) -> str:
    return f"{count / KB:,.1f} KB"


def render_lines(head: Sequence[str], lines: Iterable[Sequence[str]], *, numbers: int = 0) -> str:
    """A Markdown table, the last columns of which may be numbers, and stand at the right."""
    ruler = ["---"] * (len(head) - numbers) + ["--:"] * numbers
    return "".join(f"| {' | '.join(line)} |\n" for line in (head, ruler, *lines))
