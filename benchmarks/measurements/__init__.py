"""One small file per measurement: `measure(bench)` yields rows, and may use what those before it have measured.

A new one, or another site generator to compare with, is a file here and a line below.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from benchmarks.bench import Bench
from benchmarks.measurements import (
    browsing,
    building,
    collecting,
    growing,
    hugo,
    importing,
    loading,
    lookups,
    memory,
    plain,
    publishing,
    reading,
    updating,
    zensical,
)
from benchmarks.rows import Row

MEASUREMENTS: Sequence[Callable[[Bench], Iterator[Row]]] = (
    reading.measure,
    importing.measure,
    plain.measure,
    building.measure,
    zensical.measure,
    hugo.measure,
    updating.measure,
    growing.measure,
    publishing.measure,
    lookups.measure,
    loading.measure,
    browsing.measure,
    collecting.measure,
    memory.measure,
)
