"""The upload: all files of the site."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.bench import Bench
from benchmarks.measurements import full_build, plain
from benchmarks.rows import Row, judge
from benchmarks.units import render_mb

SIZE = "published size"
GZIPPED = "published size, each file gzipped"
FILES = "published files"

_AIM = 0.3
"""Times plain MkDocs."""


def measure(bench: Bench) -> Iterator[Row]:
    """Ours beside the plain site."""
    ours, theirs = bench.sizes[full_build.NAME], bench.sizes[plain.NAME]
    for what, mine, other, aim in (
        (SIZE, ours.bytes, theirs.bytes, _AIM),
        (GZIPPED, ours.gzipped, theirs.gzipped, None),
    ):
        text = f"{render_mb(mine)} (plain: {render_mb(other)})"
        yield judge(what, text, mine, other, of=plain.NAME, aim=aim)
    yield judge(FILES, f"{ours.files:,} (plain: {theirs.files:,})", ours.files, theirs.files, of=plain.NAME, aim=None)
