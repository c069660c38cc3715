"""Plain MkDocs with Material, in the usual configuration, on only the newest version of each page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks.bench import ARCHIVE, PAGES, Bench
from benchmarks.rows import Row
from benchmarks.tool import SearchBox, Tool
from benchmarks.units import render_run

NAME = "plain MkDocs"
WHAT = "plain MkDocs and Material"

_FOLDER = "plain"
CONFIG = """\
site_name: repo-info
theme:
  name: material
  features: [navigation.indexes, navigation.prune]
markdown_extensions: [pymdownx.highlight, pymdownx.superfences]
"""

TOOL = Tool(
    title="MkDocs and Material",
    run=NAME,
    distributions=("mkdocs", "mkdocs-material"),
    site=f"{_FOLDER}/site",
    tag_page="repos/{image}/remote/{tag}/",
    box=SearchBox(input=".md-search__input", results="a.md-search-result__link", nothing="^No matching documents$"),
    remarks=(
        "the newest version of each tag's page, which has all its platforms: no history, no differences, no page per "
        "platform, no JSON. One process"
    ),
)


def measure(bench: Bench) -> Iterator[Row]:
    """Export the newest pages, give each image the index page that `navigation.indexes` wants, and build."""
    bench.run("export", ["repo-info", "export", "--archive", ARCHIVE, "--to", PAGES])
    pages = add_indexes(bench.folder / PAGES)
    (bench.folder / _FOLDER).mkdir()
    (bench.folder / _FOLDER / "mkdocs.yml").write_text(f"{CONFIG}docs_dir: ../{PAGES}\n")
    run = bench.run(NAME, ["mkdocs", "build", "--quiet"], folder=_FOLDER)
    bench.add_site(TOOL)
    yield Row(what=f"{WHAT}, newest version of {pages:,} pages", measured=render_run(run))


def add_indexes(pages: Path) -> int:
    """Write a home page and one page of links for each image; returns the number of existing pages."""
    count = 0
    home = ["# repo-info\n"]
    for remote in sorted((pages / "repos").rglob("remote")):
        name = remote.parent.relative_to(pages / "repos").as_posix()
        tags = sorted(page.stem for page in remote.glob("*.md"))
        links = "".join(f"- [{tag}](remote/{tag}.md)\n" for tag in tags)
        (remote.parent / "index.md").write_text(f"# {name}\n\n{links}")
        home.append(f"- [{name}](repos/{name}/index.md)")
        count += len(tags)
    (pages / "index.md").write_text("\n".join(home) + "\n")
    return count
