"""`repo-info merge`: one site from the parts that several machines built."""

from __future__ import annotations

from pathlib import Path

import click

from collector.cli.common import FOLDER, json_option, progress
from collector.cli.program import Verb
from collector.cli.site_build import jobs_option, print_report
from collector.cli.site_changes import SiteChanges, changes_options


@click.command("merge", cls=Verb)
@click.argument("parts", type=FOLDER, nargs=-1, required=True, metavar="PART…")
@click.option("--site", type=FOLDER, required=True, metavar="DIR", help="The folder of the site.")
@jobs_option
@click.option("--full", is_flag=True, help="Copy every file again, even unchanged ones.")
@click.option(
    "--without-pages",
    is_flag=True,
    help="Write only what is made from all parts: the home page, indexes, feeds and the sitemap. "
    "This needs only the folder repo-info-part of each part.",
)
@changes_options
@json_option
def merge_command(
    *,
    parts: tuple[Path, ...],
    site: Path,
    jobs: int,
    full: bool,
    without_pages: bool,
    changes: Path | None,
    since: str | None,
    as_json: bool,
) -> None:
    """Merge all parts of a site.

    The result has the same bytes as one build of the whole archive, which is not needed. The site has the address and
    the name with which the parts were built.

    Examples:
        repo-info build --archive examples/archive --site part-1 --shard 1/2
        repo-info build --archive examples/archive --site part-2 --shard 2/2
        repo-info merge part-1 part-2 --site site
        repo-info merge part-1 part-2 --site site --without-pages --changes changes
    """
    from collector.site.build import BuildOptions
    from collector.site.merge import merge_parts

    asked = SiteChanges(site, changes, since)
    with progress("Merging") as done:
        report = merge_parts(
            parts, site, BuildOptions(jobs=jobs, full=full), without_pages=without_pages, progress=done
        )
    print_report(report, site, asked.write(), as_json=as_json)
