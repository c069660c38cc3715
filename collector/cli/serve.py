"""`repo-info serve`: builds the site of an archive and serves it on this machine."""

from __future__ import annotations

from pathlib import Path

import click

from collector.cli.common import FOLDER, archive_option
from collector.cli.program import Verb
from collector.cli.site_build import build, jobs_option, port_option, render_report, serve, site_folder


@click.command("serve", cls=Verb)
@archive_option
@click.option("--site", type=FOLDER, metavar="DIR", help="Keep the site in this folder for the next time.")
@port_option
@jobs_option
def serve_command(archive: Path, site: Path | None, port: int | None, jobs: int) -> None:
    """Build the site of an archive and serve it on this machine.

    Example:
        repo-info serve --archive examples/archive --port 0
    """
    with site_folder(site) as folder:
        render_report(build(archive, folder, jobs=jobs), folder)
        serve(folder, port=port)
