"""What build, serve and demo share: a build with its progress, and a site that is served."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, TypeVar

import click

from collector.archive.store import Archive
from collector.cli.common import progress
from collector.cli.terminal import write
from collector.cli.text import render_count
from collector.model.sizes import render_size

if TYPE_CHECKING:
    from collector.site.build import BuildReport
    from collector.site.shards import Shard

F = TypeVar("F", bound=Callable[..., Any])


def jobs_option(function: F) -> F:
    """`--jobs N`."""
    return click.option(
        "--jobs",
        type=click.IntRange(min=0),
        default=0,
        metavar="N",
        help="Processes; as many as there are processors.",
    )(function)


def port_option(function: F) -> F:
    """`--port N`."""
    return click.option(
        "--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0: any that is free."
    )(function)


def build(
    archive: Path,
    site: Path,
    *,
    jobs: int = 0,
    full: bool = False,
    site_url: str | None = None,
    site_name: str | None = None,
    badges: bool | None = None,
    editions: tuple[str, ...] | None = None,
    shard: Shard | None = None,
) -> BuildReport:
    """Build a site, or the part of one that has a shard's images, with a bar on a terminal.

    Raises:
        ArchiveError: the archive cannot be read.
        BuildError: the site cannot be built.
    """
    # Before the rest is imported, which takes longer than to see that there is no archive.
    Archive(archive)
    from collector.site.build import BuildOptions, build_part, build_site

    options = BuildOptions(
        jobs=jobs, full=full, site_url=site_url, site_name=site_name, badges=badges, editions=editions
    )
    with progress("Building") as done:
        if shard:
            return build_part(archive, site, shard, options, progress=done)
        return build_site(archive, site, options, progress=done)


def render_report(report: BuildReport, site: Path) -> None:
    """A line on a build, and one on each edition."""
    kept = f"; {report.skipped:,} of them as they were" if report.skipped else ""
    what = f"{render_count(report.pages, 'page')} of {render_count(report.tasks, 'image')}"
    write(f"{site}: {what}, {render_size(report.size)}{kept}")
    for edition in report.editions:
        kept = "" if edition.made else "; as it was"
        share = f"{edition.share:.1%} of the current site"
        write(f"{edition.edition}: {render_count(edition.pages, 'page')}, {render_size(edition.size)}, {share}{kept}")


def serve(site: Path, *, port: int, open_browser: bool = False) -> None:
    """Serve until interrupted, after the address was printed.

    Raises:
        BuildError: the port is taken.
    """
    import webbrowser

    from collector.site.serve import serve_site

    def ready(address: str) -> None:
        write(f"serving {address} until interrupted (Ctrl-C)")
        if open_browser:
            webbrowser.open(address)

    serve_site(site, port=port, ready=ready)


@contextmanager
def site_folder(chosen: Path | None) -> Iterator[Path]:
    """The folder that was chosen for a site, or one that is gone afterwards."""
    if chosen:
        yield chosen
    else:
        with TemporaryDirectory(prefix="repo-info-") as folder:
            yield Path(folder) / "site"
