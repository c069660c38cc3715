"""Our import of the whole history into a new archive."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.bench import ARCHIVE, SOURCE, Bench
from benchmarks.measurements import archive_read
from benchmarks.rows import Row, judge_run, not_measured

NAME = "import"
WHAT = "import of the whole history"

_AIM = 2.0
"""Times the reading by git alone."""


def measure(bench: Bench) -> Iterator[Row]:
    """Import; all later measurements use the archive."""
    if not bench.has_source:
        yield not_measured(WHAT, "there is no git archive")
        return
    run = bench.run(NAME, ["repo-info", "import", SOURCE, "--archive", ARCHIVE, *bench.chosen])
    yield judge_run(WHAT, run, bench.runs[archive_read.NAME], of=archive_read.NAME, aim=_AIM)
