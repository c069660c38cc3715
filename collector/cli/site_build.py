"""Shared by build, serve and demo: building with a progress bar, and serving."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, TypeVar

import click
import msgspec

from collector.archive.store import Archive
from collector.cli.common import print_json, progress
from collector.cli.renderers import render_count
from collector.cli.terminal import write
from collector.model.sizes import render_size
from collector.pages.left_out import render_left_out

if TYPE_CHECKING:
    from collector.configuration import SiteTable
    from collector.publish.site_changes import ChangeReport
    from collector.site.reports import BuildReport
    from collector.site.shards import Shard

PORTS = range(8000, 8100)
"""The ports that are tried if no port is given."""

F = TypeVar("F", bound=Callable[..., Any])


def jobs_option(function: F) -> F:
    """`--jobs N`."""
    return click.option(
        "--jobs",
        type=click.IntRange(min=0),
        default=0,
        metavar="N",
        help="Number of processes; 0 for one per processor.",
    )(function)


def port_option(function: F) -> F:
    """`--port N`."""
    return click.option(
        "--port", type=click.IntRange(0, 65535), help="0 for any free port. [default: the first free port from 8000 on]"
    )(function)


def build(
    archive: Path,
    site: Path,
    *,
    jobs: int = 0,
    full: bool = False,
    settings: SiteTable | None = None,
    shard: Shard | None = None,
    bases: Path | None = None,
) -> BuildReport:
    """Build a site, or the part with a shard's images; on a terminal, with a progress bar.

    Raises:
        ArchiveError: the archive cannot be read.
        BuildError: the site cannot be built.
    """
    # Opened first, because importing the rest takes longer than finding that there is no archive.
    Archive(archive)
    from collector.configuration import SiteTable
    from collector.site.bases_file import read_bases
    from collector.site.build import BuildOptions, build_part, build_site

    options = BuildOptions(jobs=jobs, full=full, site=settings or SiteTable())
    with progress("Building") as done:
        if shard:
            found = read_bases(bases) if bases else None
            return build_part(archive, site, shard, options, bases=found, progress=done)
        return build_site(archive, site, options, progress=done)


def print_report(report: BuildReport, site: Path, changes: ChangeReport | None, *, as_json: bool) -> None:
    """Print the report of a build, and on standard error the hosts that do not take the site."""
    from collector.publish.hosts import iter_exceeded
    from collector.publish.site_changes import SiteReport
    from collector.site.record_store import folders_above
    from collector.site.site_files import read_site_files

    def count_folders() -> int:
        return len(folders_above(file.path for file in read_site_files(site)))

    size = report.size + sum(edition.size for edition in report.editions)
    if exceeded := ", ".join(iter_exceeded(files=report.files, size=size, count_folders=count_folders)):
        write(f"repo-info: {site} is too large for {exceeded}", err=True)
    if report.excess_files or report.excess_bytes:
        write(f"repo-info: {render_excess(report, site)}", err=True)
    if as_json:
        print_json(SiteReport(**msgspec.structs.asdict(report), changes=changes) if changes else report)
        return
    render_report(report, site)
    if changes:
        counts = f"{changes.changed:,} changed, {changes.new:,} new, {changes.gone:,} gone"
        write(f"to send: {render_count(changes.changed + changes.new, 'file')}, {render_size(changes.size)}; {counts}")


def render_excess(report: BuildReport, site: Path) -> str:
    """How far a site exceeds its limits after everything possible was left out, and what to do."""
    parts = []
    if report.excess_bytes:
        parts.append(f"limit_bytes by {render_size(report.excess_bytes)}")
    if report.excess_files:
        parts.append(f"limit_files by {render_count(report.excess_files, 'file')}")
    what = f"{site} exceeds {' and '.join(parts)}, with nothing more to leave out"
    savings = f"save space with {', '.join(report.savings)}, or " if report.savings else ""
    return f"{what}; {savings}choose another host"


def render_report(report: BuildReport, site: Path) -> None:
    """Print a line about a build, and one about each edition."""
    kept = f"; {report.skipped:,} of them unchanged" if report.skipped else ""
    what = f"{render_count(report.pages, 'page')} of {render_count(report.tasks, 'image')}"
    write(f"{site}: {what}, {render_count(report.files, 'file')}, {render_size(report.size)}{kept}")
    if report.left_out:
        size = f"{render_count(report.left_out.files, 'file')}, {render_size(report.left_out.size)}"
        write(f"left out: {render_left_out(report.left_out)} ({size})")
    for edition in report.editions:
        kept = "" if edition.made else "; unchanged"
        share = f"{edition.share:.1%} of the current site"
        write(f"{edition.edition}: {render_count(edition.pages, 'page')}, {render_size(edition.size)}, {share}{kept}")


def serve(site: Path, *, port: int | None, open_browser: bool = False) -> None:
    """Print the address and serve until interrupted. Without a `port`, uses the first free one from 8000 on.

    Raises:
        BuildError: the port is taken.
    """
    import webbrowser

    from collector.site.serve import serve_site

    def ready(found: int) -> None:
        moved = f"port {PORTS[0]} is taken; " if port is None and found != PORTS[0] else ""
        address = f"http://127.0.0.1:{found}/"
        write(f"{moved}serving {address} until interrupted (Ctrl-C)")
        if open_browser:
            webbrowser.open(address)

    serve_site(site, ports=PORTS if port is None else [port], ready=ready)


@contextmanager
def site_folder(chosen: Path | None) -> Iterator[Path]:
    """The chosen folder for a site, or a temporary one."""
    if chosen:
        yield chosen
    else:
        with TemporaryDirectory(prefix="repo-info-") as folder:
            yield Path(folder) / "site"
