"""The floor of every import: git outputs each page version once, in the order of the log."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.bench import SOURCE, Bench
from benchmarks.rows import Row, not_measured
from benchmarks.units import render_run

NAME = "git cat-file"
WHAT = "reading all page versions with `git cat-file --batch`"

_LOG = "log --reverse --raw --no-renames --no-abbrev --format= HEAD --".split()
_GONE = "0" * 40


def measure(bench: Bench) -> Iterator[Row]:
    """Read and discard everything, to measure git alone."""
    if not bench.has_source:
        yield not_measured(WHAT, "there is no git archive")
        return
    versions = list_versions(bench.folder / SOURCE, bench.chosen_paths)
    ids = bench.folder / "versions.txt"
    ids.write_text("".join(f"{blob}\n" for blob in versions))
    run = bench.run(NAME, ["git", "-C", SOURCE, "cat-file", "--batch"], stdin=ids)
    yield Row(what=f"{WHAT}: {len(versions):,} of them", measured=render_run(run))


def list_versions(source: Path, paths: Sequence[str]) -> list[str]:
    """The ids of all versions of the pages that match, in the order of the log."""
    command = ["git", "-C", str(source), *_LOG, *paths]
    log = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    blobs = [line.split(" ", 4)[3] for line in log.splitlines() if line]
    return [blob for blob in blobs if blob != _GONE]
