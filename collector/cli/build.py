"""`repo-info build`: the archive as a static site."""

from __future__ import annotations

from pathlib import Path

import click

from collector.cli.common import FOLDER, archive_option, json_option, print_json
from collector.cli.program import Verb
from collector.cli.publishing import build, jobs_option, render_report


@click.command("build", cls=Verb)
@archive_option
@click.option("--site", type=FOLDER, required=True, metavar="DIR", help="Where the site is, or is to be.")
@jobs_option
@click.option("--full", is_flag=True, help="Make every page again, even where nothing changed.")
@click.option("--site-url", metavar="URL", help="The site's own address, for whole links and a sitemap.")
@click.option("--site-name", metavar="NAME", help="What the site is called.")
@click.option(
    "--badges/--no-badges",
    default=None,
    help="Badges of every tag, eight files each. [default: as mkdocs.yml says]",
)
@json_option
def build_command(
    *,
    archive: Path,
    site: Path,
    jobs: int,
    full: bool,
    site_url: str | None,
    site_name: str | None,
    badges: bool | None,
    as_json: bool,
) -> None:
    """Build the static site of an archive.

    Only what changed since the last build is made again. Until the new site is whole, the old one stays as it is.

    Example:
        repo-info build --archive examples/archive --site site
    """
    report = build(archive, site, jobs=jobs, full=full, site_url=site_url, site_name=site_name, badges=badges)
    if as_json:
        print_json(report)
    else:
        render_report(report, site)
