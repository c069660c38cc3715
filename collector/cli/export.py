"""`repo-info export`: the classic Markdown tree as it stood at a date."""

from __future__ import annotations

from pathlib import Path

import click

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
from collector.model.references import Repository
from collector.model.times import Time


@click.command("export", cls=Verb)
@archive_option
@click.option("--to", "target", type=FOLDER, required=True, metavar="DIR", help="The folder of the tree.")
@date_option("--as-of", "As of the end of this day (UTC), or of this time.")
@images_option
@json_option
@click.pass_context
def export_command(
    context: click.Context,
    *,
    archive: Path,
    target: Path,
    as_of: Time | None,
    images: tuple[Repository, ...],
    as_json: bool,
) -> None:
    """Write the classic Markdown tree as of any date.

    The pages, repos/IMAGE/remote/TAG.md, have the bytes of the repo-info archive. Only pages that differ are written.
    Pages of the exported images that did not exist at that date are removed; no other file in the folder is changed.

    Example:
        repo-info export --archive examples/archive --to repo-info-2017 --as-of 2017-06-30 --image alpine
    """
    opened = Archive(archive)
    tree = ClassicTree(target, as_of=as_of)
    wanted = list(dict.fromkeys(images)) or opened.repositories()
    with progress("Exporting") as tell:
        for number, repository in enumerate(wanted, 1):
            tree.export(load(opened, repository))
            tell(number, len(wanted))
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
