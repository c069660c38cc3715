"""Peak memory of all that we ran, as the sum over the processes of one command."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.bench import Bench
from benchmarks.measurements import building, importing, plain
from benchmarks.rows import Row, judge_limit, not_measured
from benchmarks.units import MB, render_mb

WHAT = "memory, all processes together"

_LIMIT = 400 * MB


def measure(bench: Bench) -> Iterator[Row]:
    """The import (git included), the full build, and plain MkDocs beside them."""
    for name in (importing.NAME, building.NAME):
        what = f"{WHAT}: {name}"
        run = bench.runs.get(name)
        if run:
            yield judge_limit(what, render_mb(run.memory), run.memory, _LIMIT, render_mb(_LIMIT))
        else:
            yield not_measured(what, "there is no git archive")
    yield Row(what=f"{WHAT}: {plain.NAME}", measured=render_mb(bench.runs[plain.NAME].memory))
