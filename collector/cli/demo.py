"""`repo-info demo`: builds and serves the bundled sample."""

from __future__ import annotations

from pathlib import Path

import click

from collector.cli.common import FOLDER
from collector.cli.program import Verb
from collector.cli.site_build import build, jobs_option, port_option, render_report, serve, site_folder
from collector.errors import BuildError
from collector.site.mkdocs.config_file import config_file


@click.command("demo", cls=Verb)
@click.option("--site", type=FOLDER, metavar="DIR", help="Keep the site in this folder.")
@port_option
@click.option("--open/--no-open", "open_browser", default=True, help="Open a browser.")
@click.option("--serve/--no-serve", "serves", default=True, help="Serve the site, or only build it.")
@jobs_option
def demo_command(*, site: Path | None, port: int | None, open_browser: bool, serves: bool, jobs: int) -> None:
    """Build the bundled sample and serve it.

    Example:
        repo-info demo --no-open --port 0
    """
    with site_folder(site) as folder:
        render_report(build(sample_archive(), folder, jobs=jobs), folder)
        if serves:
            serve(folder, port=port, open_browser=open_browser)


def sample_archive() -> Path:
    """The bundled sample: beside mkdocs.yml in an installation, in `examples` in a checkout.

    Raises:
        BuildError: neither exists.
    """
    root = config_file().parent
    for place in (root / "sample", root / "examples" / "archive"):
        if (place / "archive.json").is_file():
            return place
    raise BuildError("the sample is missing from this installation", hint="install repo-info again")
