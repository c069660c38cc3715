"""Hugo with a minimal layout on the same pages: the least work of a generator, in a fast language."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from benchmarks.bench import PAGES, Bench
from benchmarks.measurements import full_build, plain
from benchmarks.rows import Row, judge_run, not_measured
from benchmarks.tool import Tool

NAME = "Hugo"
BESIDE = "full build, beside Hugo"

_FOLDER = "hugo"
_AIM = 1.0
"""Times Hugo's time, for our full build."""

_CONFIG = """\
title = "repo-info"
disableKinds = ["taxonomy", "term", "rss"]
"""
_LAYOUT = """\
<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>{{ or .Title .Path }}</title></head>
<body>{{ .Content }}</body>
</html>
"""

TOOL = Tool(
    title="Hugo, bare layout",
    run=NAME,
    distributions=("hugo",),
    site=f"{_FOLDER}/public",
    tag_page=plain.TOOL.tag_page,
    box=None,
    remarks=(
        "the newest version of each tag's page in a layout of five lines: no theme, no navigation, no search, no "
        "history, no differences, no page per platform, no JSON. It takes all processors"
    ),
)


def measure(bench: Bench) -> Iterator[Row]:
    """Build, and compare our full build, which does more, with it."""
    if not bench.has_program("hugo"):
        for what in (NAME, BESIDE):
            yield not_measured(what, "Hugo is not installed; `make bench` installs it")
        return
    folder = bench.folder / _FOLDER
    _set_up(bench.folder / PAGES, folder)
    run = bench.run(NAME, ["hugo", "build", "--quiet"], folder=_FOLDER)
    bench.add_site(TOOL)
    yield judge_run(f"{NAME} with a bare layout, the same pages", run, bench.runs[plain.NAME], of=plain.NAME, aim=None)
    yield judge_run(BESIDE, bench.runs[full_build.NAME], run, of=NAME, aim=_AIM)


def _set_up(pages: Path, folder: Path) -> None:
    """Arrange a site for Hugo: the index of a folder is named `_index.md`, and links lead to folders."""
    shutil.copytree(pages, folder / "content")
    for index in sorted((folder / "content").rglob("index.md")):
        text = index.read_text().replace("/index.md)", "/)").replace(".md)", "/)")
        index.with_name("_index.md").write_text(text)
        index.unlink()
    (folder / "layouts").mkdir()
    (folder / "layouts" / "all.html").write_text(_LAYOUT)
    (folder / "hugo.toml").write_text(_CONFIG)
