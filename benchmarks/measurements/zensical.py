"""Zensical, Material's successor, with the same `mkdocs.yml` and the same pages as plain MkDocs."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

from benchmarks.bench import PAGES, Bench
from benchmarks.measurements import plain
from benchmarks.rows import Row, judge_run, not_measured
from benchmarks.tool import SearchBox, Tool

NAME = "Zensical"

_FOLDER = "zensical"

TOOL = Tool(
    title="Zensical",
    run=NAME,
    distributions=("zensical",),
    site=f"{_FOLDER}/site",
    tag_page=plain.TOOL.tag_page,
    box=SearchBox(input="input[role=combobox]", results="a[role=option]", nothing="^No results$"),
    remarks=f"as {plain.NAME}: the same mkdocs.yml and the same pages. It takes all processors",
)


def measure(bench: Bench) -> Iterator[Row]:
    """Build a copy of the pages, because Zensical accepts none outside its folder."""
    if not bench.has_program("zensical"):
        yield not_measured(NAME, "it is not installed; `make bench` installs it")
        return
    folder = bench.folder / _FOLDER
    shutil.copytree(bench.folder / PAGES, folder / "docs")
    (folder / "mkdocs.yml").write_text(plain.CONFIG)
    run = bench.run(NAME, ["zensical", "build"], folder=_FOLDER)
    bench.add_site(TOOL)
    yield judge_run(f"{NAME}, the same pages", run, bench.runs[plain.NAME], of=plain.NAME, aim=None)
