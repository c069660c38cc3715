"""The data that a reader loads in a real Chromium for a page, a name and a digest, each on a separate visit with an
empty cache.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from benchmarks.bench import PAGES, Bench
from benchmarks.measurements import full_build
from benchmarks.reader import chromium
from benchmarks.rows import Row, judge_limit, not_measured
from benchmarks.scales import sum_up
from benchmarks.subject import choose_subject
from benchmarks.units import KB, render_kb
from benchmarks.visits import visit
from tests.support.chromium import find_chromium

REQUESTS = "digest look-up in Chromium: requests"
BYTES = "digest look-up in Chromium: bytes"

_MOST_REQUESTS = 2
_MOST_BYTES = 30 * KB


def measure(bench: Bench) -> Iterator[Row]:
    """Visit every site that was built. The rows are of ours; all of them are in the tables of peers."""
    program = find_chromium(os.environ)
    if not program:
        for what in (REQUESTS, BYTES):
            yield not_measured(what, "there is no Chromium: set REPO_INFO_CHROMIUM, or install the package chromium")
        return
    subject = choose_subject(bench.folder / PAGES)
    with chromium(program, bench.quiet_for) as readers:
        for tool in bench.tools:
            bench.say(f"Chromium {readers.version} reads the site of {tool.title}: {subject.name}, {subject.digest}")
            bench.visits[tool.run] = visit(readers, bench.folder / tool.site, tool, subject)
    ours = bench.visits[full_build.NAME].digest
    assert ours, "our site has a search"
    found = sum_up(answer for answer in ours.asked if _is_looked_up(answer.path))
    rest = sum_up(answer for answer in ours.asked if not _is_looked_up(answer.path))
    first = f"; and {rest.requests} scripts and lists of names ({render_kb(rest.bytes)}) on the first search of a visit"
    yield judge_limit(REQUESTS, f"{found.requests}{first}", found.requests, _MOST_REQUESTS, f"{_MOST_REQUESTS}")
    yield judge_limit(BYTES, render_kb(found.bytes), found.bytes, _MOST_BYTES, render_kb(_MOST_BYTES))


def _is_looked_up(path: str) -> bool:
    """Whether a file is of one digest, and not loaded for every search."""
    return path.startswith("/api/v1/") and not path.endswith("/names.json")
