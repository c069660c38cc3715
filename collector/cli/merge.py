"""`repo-info merge`: one site of the parts that several machines built."""

from __future__ import annotations

from pathlib import Path

import click

from collector.cli.common import FOLDER, json_option, print_json, progress
from collector.cli.program import Verb
from collector.cli.site_build import jobs_option, render_report


@click.command("merge", cls=Verb)
@click.argument("parts", type=FOLDER, nargs=-1, required=True, metavar="PART…")
@click.option("--site", type=FOLDER, required=True, metavar="DIR", help="Where the site is, or is to be.")
@jobs_option
@click.option("--full", is_flag=True, help="Take every file anew, even where nothing changed.")
@json_option
def merge_command(*, parts: tuple[Path, ...], site: Path, jobs: int, full: bool, as_json: bool) -> None:
    """Make one site of all its parts, with the bytes that one build of the whole archive would have given.

    The archive is not needed. Address and name of the site are those that the parts were built with.

    Example:
        repo-info merge part-1 part-2 --site site
    """
    from collector.site.build_session import BuildOptions
    from collector.site.merge import merge_parts

    with progress("Merging") as done:
        report = merge_parts(parts, site, BuildOptions(jobs=jobs, full=full), progress=done)
    if as_json:
        print_json(report)
    else:
        render_report(report, site)
