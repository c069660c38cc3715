"""Our full build, and one right after it with nothing changed."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.bench import ARCHIVE, SITE, Bench
from benchmarks.measurements import plain
from benchmarks.rows import Row, judge_run
from benchmarks.tool import SearchBox, Tool

NAME = "full build"
WHAT = "full build: every tag and platform, all history"
UNCHANGED = "rebuild with nothing changed"

REBUILD_AIM = 0.1
"""Times the full build."""
_AIM = 0.15
"""Times plain MkDocs."""

TOOL = Tool(
    title="repo-info",
    run=NAME,
    distributions=("repo-info",),
    site=SITE,
    tag_page="repos/{image}/{tag}/",
    box=SearchBox(
        input="input[role=combobox]", results="a[role=option]", nothing="^No image or tag has|is not in this archive$"
    ),
    remarks=(
        "all tags, also those that are gone, with all their history and differences, a page per platform, JSON for "
        "every page, and the index of all digests that ever were. Search knows names and digests, no words of pages"
    ),
)


def measure(bench: Bench) -> Iterator[Row]:
    """Build into a new folder, then once more into the same."""
    command = ["repo-info", "build", "--archive", ARCHIVE, "--site", SITE, "--jobs", str(bench.jobs)]
    full = bench.run(NAME, command)
    bench.add_site(TOOL)
    yield judge_run(WHAT, full, bench.runs[plain.NAME], of=plain.NAME, aim=_AIM)
    again = bench.run(UNCHANGED, command)
    yield judge_run(UNCHANGED, again, full, of=NAME, aim=REBUILD_AIM)
