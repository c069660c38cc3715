"""`repo-info export`: the classic Markdown tree as it stood at a date."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import click
import msgspec

from collector.archive.store import Archive
from collector.archive.tree import ClassicTree
from collector.cli.common import (
    FOLDER,
    archive_option,
    date_option,
    images_option,
    json_option,
    load,
    notices,
    print_json,
    progress,
)
from collector.cli.program import PROBLEM, Verb
from collector.cli.renderers import render_count
from collector.cli.terminal import write
from collector.errors import UsageError
from collector.model.references import Repository
from collector.model.sizes import render_size
from collector.model.times import Time

if TYPE_CHECKING:
    from collector.tables.rows import Row

TablesWriter: TypeAlias = "Callable[[Path, Iterable[Row]], dict[str, int]]"


class TablesReport(msgspec.Struct, frozen=True, kw_only=True):
    """The result of an export as tables."""

    tables: dict[str, int]
    """The number of rows of each."""
    size: int
    """Bytes."""


@click.command("export", cls=Verb)
@archive_option
@click.option("--to", "target", type=FOLDER, required=True, metavar="PATH", help="The folder or SQLite file to write.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["pages", "sqlite", "parquet"]),
    default="pages",
    show_default=True,
    help="Classic pages, or tables for SQL: a SQLite file, or a folder of Parquet files.",
)
@date_option("--as-of", "As of the end of this day (UTC), or of this time.")
@images_option
@json_option
@click.pass_context
def export_command(
    context: click.Context,
    *,
    archive: Path,
    target: Path,
    form: str,
    as_of: Time | None,
    images: tuple[Repository, ...],
    as_json: bool,
) -> None:
    """Write classic Markdown pages, or tables for SQL, as of any date.

    Pages of an imported repo-info archive, repos/IMAGE/remote/TAG.md, have the same bytes as there. Only pages that
    differ are written. Pages of the exported images that did not exist at that date are removed. Other files in the
    folder are not changed.

    Examples:
        repo-info export --archive examples/archive --to repo-info-2017 --as-of 2017-06-30 --image alpine
        repo-info export --archive examples/archive --to archive.sqlite --format sqlite
        repo-info export --archive examples/archive --to tables --format parquet
    """
    opened = Archive(archive)
    wanted = list(dict.fromkeys(images)) or opened.repositories()
    if form != "pages":
        _export_tables(_tables_writer(form), opened, target, wanted, as_of, as_json=as_json)
        return
    tree = ClassicTree(target, as_of=as_of)
    with progress("Exporting") as advance:
        for number, repository in enumerate(wanted, 1):
            tree.export(load(opened, repository))
            advance(number, len(wanted))
    report = tree.report
    if as_json:
        print_json(report)
    else:
        write(
            f"{render_count(report.pages, 'page')} in {target}: {report.written:,} written, {report.removed:,} removed"
        )
    notices(iter(report.failed), f"{render_count(len(report.failed), 'page')} could not be exported:")
    if report.failed:
        context.exit(PROBLEM)


def _tables_writer(form: str) -> TablesWriter:
    """The function that writes the tables in a format.

    Raises:
        UsageError: it needs a package that is not installed.
    """
    if form == "sqlite":
        from collector.tables.sqlite_file import write_sqlite

        return write_sqlite
    try:
        from collector.tables.parquet_file import write_parquet
    except ModuleNotFoundError:
        raise UsageError("--format parquet needs pyarrow", hint="pip install 'repo-info[parquet]'") from None
    return write_parquet


def _export_tables(
    write_tables: TablesWriter,
    archive: Archive,
    target: Path,
    wanted: Sequence[Repository],
    as_of: Time | None,
    *,
    as_json: bool,
) -> None:
    from collector.tables.rows import iter_rows

    def rows() -> Iterator[Row]:
        with progress("Exporting") as advance:
            for number, repository in enumerate(wanted, 1):
                yield from iter_rows(archive.load(repository, until=as_of) if as_of else load(archive, repository))
                advance(number, len(wanted))

    counts = write_tables(target, rows())
    files = target.iterdir() if target.is_dir() else [target]
    report = TablesReport(tables=counts, size=sum(file.stat().st_size for file in files))
    if as_json:
        print_json(report)
    else:
        write(f"{target}: {render_count(sum(counts.values()), 'row')}, {render_size(report.size)}")
