"""Our import of `local/` pages, which name the packages of images, from the bundle that has them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks.bench import LOCAL_SOURCE, PACKAGES_ARCHIVE, Bench
from benchmarks.measurements.archive_read import list_versions
from benchmarks.processes import Run
from benchmarks.rows import Row, judge, judge_rounds, not_measured
from benchmarks.units import render_mb
from collector.archive.store import Archive

NAME = "import of local/ pages"
READ = "git cat-file of local/ pages"
WHAT = "import of ten images with `local/` pages"
GROWTH = "journals of ten images: what their packages add"

_ROUNDS = 3

_AIM = 2.0
"""Times the reading by git alone."""
_GROWTH = 0.15
"""Of the journals without packages."""
_PAGES = ("repos/*/remote/*", "repos/*/local/*")


def measure(bench: Bench) -> Iterator[Row]:
    """Read by git alone, import, and weigh the journals."""
    if not bench.has_local_source:
        yield not_measured(WHAT, "there is no git archive with local/ pages")
        return
    ids = bench.folder / "local-versions.txt"
    ids.write_text("".join(f"{blob}\n" for blob in list_versions(bench.folder / LOCAL_SOURCE, _PAGES)))
    rounds = [(_import(bench, number), _read(bench, ids)) for number in range(_ROUNDS)]
    imports, reads = zip(*rounds, strict=True)
    yield judge_rounds(WHAT, imports, reads, of="git cat-file", aim=_AIM)
    packages, others = _weigh(bench)
    yield judge(GROWTH, render_mb(packages), packages, others, of="all else in them", aim=_GROWTH)


def _read(bench: Bench, ids: Path) -> Run:
    return bench.run(READ, ["git", "-C", LOCAL_SOURCE, "cat-file", "--batch"], stdin=ids)


def _import(bench: Bench, number: int) -> Run:
    """`number`: of the round; the first archive is weighed, and the site is built of it."""
    archive = f"{PACKAGES_ARCHIVE}-{number}" if number else PACKAGES_ARCHIVE
    return bench.run(NAME, ["repo-info", "import", LOCAL_SOURCE, "--archive", archive])


def _weigh(bench: Bench) -> tuple[int, int]:
    """Bytes of facts about packages, and of all others."""
    archive = Archive(bench.folder / PACKAGES_ARCHIVE)
    packages = others = 0
    for repository in archive.repositories():
        for content in archive.journal_bytes(repository):
            for line in content.splitlines(keepends=True):
                is_package = is_about_packages(line)
                packages, others = packages + len(line) * is_package, others + len(line) * (not is_package)
    return packages, others


def is_about_packages(line: bytes) -> bool:
    """Whether a line of a journal is a fact about packages. Inside a text its quotes are escaped."""
    return b'"fact":"packages"' in line or b'"fact":"inventory"' in line
