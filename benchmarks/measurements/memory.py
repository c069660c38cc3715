"""The peak memory of all commands, as the sum over the processes of each."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.bench import Bench
from benchmarks.measurements import archive_import, collection, full_build, plain, rebuild
from benchmarks.rows import Row, judge_limit, not_measured
from benchmarks.units import MB, render_mb

WHAT = "memory, all processes together"

_LIMIT = 400 * MB


def measure(bench: Bench) -> Iterator[Row]:
    """The peak of each kind of command (including git), compared with plain MkDocs."""
    rebuilds = [name for name in bench.runs if name.startswith(rebuild.BUILD)]
    kinds = {
        archive_import.NAME: [archive_import.NAME],
        full_build.NAME: [full_build.NAME],
        "rebuilds": rebuilds,
        "collect": [collection.FIRST, collection.COLLECT],
    }
    for kind, names in kinds.items():
        what = f"{WHAT}: {kind}"
        peak = max((bench.runs[name].memory for name in names if name in bench.runs), default=None)
        if peak is None:
            yield not_measured(what, "there is no git archive")
        else:
            yield judge_limit(what, render_mb(peak), peak, _LIMIT, render_mb(_LIMIT))
    yield Row(what=f"{WHAT}: {plain.NAME}", measured=render_mb(bench.runs[plain.NAME].memory))
