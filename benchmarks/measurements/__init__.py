"""One small file per measurement: `measure(bench)` yields rows, and may use the results of earlier ones. A new
measurement, or another site generator, needs a file here and a line below.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from benchmarks.bench import Bench
from benchmarks.measurements import (
    archive_import,
    archive_read,
    browser,
    collection,
    daily_push,
    full_build,
    growth,
    hugo,
    lookups,
    memory,
    package_import,
    package_site,
    page_load,
    plain,
    published_size,
    rebuild,
    ten_years,
    zensical,
)
from benchmarks.rows import Row

MEASUREMENTS: Sequence[Callable[[Bench], Iterator[Row]]] = (
    archive_read.measure,
    archive_import.measure,
    package_import.measure,
    package_site.measure,
    plain.measure,
    full_build.measure,
    zensical.measure,
    hugo.measure,
    rebuild.measure,
    growth.measure,
    ten_years.measure,
    published_size.measure,
    lookups.measure,
    page_load.measure,
    browser.measure,
    collection.measure,
    daily_push.measure,
    memory.measure,
)
