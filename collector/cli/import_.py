"""`repo-info import`: reads the history of a repo-info git archive."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from collector.archive.store import Archive
from collector.cli.common import (
    ADDRESS_OR_FOLDER,
    archive_option,
    date_option,
    images_option,
    json_option,
    notices,
    print_json,
    progress,
)
from collector.cli.program import Verb
from collector.cli.renderers import render_count
from collector.cli.terminal import write
from collector.model.references import Repository
from collector.model.times import Time, time_of

if TYPE_CHECKING:
    from collector.importer.archive_import import ImportReport
    from collector.importer.report import LocalReport, PageProblem

_MAX_JOBS = 4
"""The largest image is a fifth of the real archive, so more processes would wait for it. Each needs 60 MB."""


@click.command("import", cls=Verb)
@click.argument("source", type=ADDRESS_OR_FOLDER)
@archive_option
@images_option
@click.option(
    "--jobs",
    type=click.IntRange(min=0),
    default=0,
    metavar="N",
    help=f"Number of processes; 0 for one per processor, up to {_MAX_JOBS}.",
)
@date_option("--until", "Only commits up to the end of this day (UTC), or up to this time.")
@json_option
def import_command(
    *, source: Path, archive: Path, images: tuple[Repository, ...], jobs: int, until: Time | None, as_json: bool
) -> None:
    """Read the history of a repo-info git archive.

    SOURCE is a git repository, bare or not, or a bundle of one. If the command is run again, it reads only new commits,
    and continues after an interruption.

    Example:
        repo-info import repo-info.git --archive archive --image hello-world --until 2018-01-29
    """
    from collector.importer.archive_import import import_source

    with progress("Importing") as done:
        report = import_source(
            source,
            Archive(archive, create=True),
            images=images,
            until=until,
            now=time_of(datetime.now(UTC)),
            jobs=jobs or min(os.cpu_count() or 1, _MAX_JOBS),
            progress=done,
        )
    if as_json:
        print_json(report)
    else:
        _render(report)
    # Notices instead of failures: otherwise a single odd page from ten years ago would fail every import for ever.
    notices(iter(report.notices), "notices about this import:")
    _print_problems(report.not_understood, "not understood, and kept unchanged:")
    _print_problems(report.not_files, "not a regular file; what the tag pointed at is unknown:")
    _print_problems(report.lost, "lost: the archive has nothing of it, and the next import tries again:")
    _print_problems(report.packages.not_understood, "in local/ and not understood; nothing of it is kept:")
    strange = report.strange_paths
    notices(
        (f"commit {commit}: {reason}" for commit, reason in strange),
        f"{render_count(len(strange), 'path')} below repos/ cannot belong to a page:",
    )


def _print_problems(pages: Sequence[PageProblem], problem: str) -> None:
    notices(
        (f"{page.image}:{page.tag} in commit {page.commit}: {page.reason}" for page in pages),
        f"{render_count(len(pages), 'page')} {'was' if len(pages) == 1 else 'were'} {problem}",
    )


def _render(report: ImportReport) -> None:
    versions, deletions = render_count(report.versions, "page version"), render_count(report.deletions, "deletion")
    new = f"{report.added:,} of them new" if report.added else "nothing new"
    write(f"{render_count(report.images, 'image')}, {versions}, {deletions}: {new}")
    if report.kept_pages:
        write(f"{render_count(report.kept_pages, 'new page')} kept unchanged in addition to the facts")
    if report.local_pages:
        found = ", ".join(_iter_local(report.packages))
        write(f"{render_count(report.local_pages, 'version')} of local/ pages: {found}")


def _iter_local(found: LocalReport) -> Iterator[str]:
    yield f"the packages of {render_count(found.images, 'image')} are new" if found.images else "nothing new"
    if found.without_packages:
        yield f"{render_count(found.without_packages, 'version')} without packages"
    if found.cut_short:
        yield f"{render_count(found.cut_short, 'list')} cut short and left out"
    if found.garbage:
        yield f"{render_count(found.garbage, 'line')} in the place of a package left out"
    if found.left_out:
        yield f"{render_count(found.left_out, 'version')} left out"
