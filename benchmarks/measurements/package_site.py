"""Our build of an archive with packages, beside one of the same archive without them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks.bench import PACKAGES_ARCHIVE, PACKAGES_SITE, Bench
from benchmarks.measurements.package_import import is_about_packages
from benchmarks.processes import Run
from benchmarks.rows import Row, judge, judge_rounds, not_measured
from benchmarks.sizes import measure as measure_size
from benchmarks.units import render_mb

BUILD = "full build of ten images with their packages"
SIZE = "published size of ten images with their packages"
GZIPPED = f"{SIZE}, each file gzipped"
FILES = "published files of ten images with their packages"

_WITHOUT = "without packages"
_ARCHIVE = "no-packages"
_SITE = "no-packages-site"

_SITES = ((PACKAGES_ARCHIVE, PACKAGES_SITE), (_ARCHIVE, _SITE))
_ROUNDS = 3

_BUILD_AIM = 1.2
_SIZE_AIM = 1.12
"""Times the same without packages."""


def measure(bench: Bench) -> Iterator[Row]:
    """Leave the packages out of a copy of the archive, and build both."""
    if not (bench.folder / PACKAGES_ARCHIVE).is_dir():
        yield not_measured(BUILD, "there is no archive with packages")
        return
    copy_without_packages(bench.folder / PACKAGES_ARCHIVE, bench.folder / _ARCHIVE)
    rounds = [[_build(bench, *names, number) for names in _SITES] for number in range(_ROUNDS)]
    ours, others = zip(*rounds, strict=True)
    yield judge_rounds(BUILD, ours, others, of=_WITHOUT, aim=_BUILD_AIM)
    yield from _compare_sizes(bench)


def _build(bench: Bench, archive: str, site: str, number: int) -> Run:
    """By one process, which other work disturbs least. `number`: of the round; the first site is compared."""
    folder = f"{site}-{number}" if number else site
    return bench.run(folder, ["repo-info", "build", "--archive", archive, "--site", folder, "--jobs", "1"])


def _compare_sizes(bench: Bench) -> Iterator[Row]:
    ours, others = (measure_size(bench.folder / site) for site in (PACKAGES_SITE, _SITE))
    for what, one, other, aim in (
        (SIZE, ours.bytes, others.bytes, _SIZE_AIM),
        (GZIPPED, ours.gzipped, others.gzipped, None),
    ):
        yield judge(what, f"{render_mb(one)} (without: {render_mb(other)})", one, other, of=_WITHOUT, aim=aim)
    text = f"{ours.files:,} (without: {others.files:,})"
    yield judge(FILES, text, ours.files, others.files, of=_WITHOUT, aim=None)


def copy_without_packages(archive: Path, to: Path) -> None:
    """Copy an archive, and leave out its facts about packages."""
    for path in archive.rglob("*"):
        if path.is_file():
            copy = to / path.relative_to(archive)
            copy.parent.mkdir(parents=True, exist_ok=True)
            lines = path.read_bytes().splitlines(keepends=True)
            copy.write_bytes(b"".join(line for line in lines if not is_about_packages(line)))
