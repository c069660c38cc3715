"""The command line: `repo-info VERB …`. One file per verb; a verb imports slow modules only when it runs."""

from __future__ import annotations

import click

from collector import __version__
from collector.cli.build import build_command
from collector.cli.collect import collect_command
from collector.cli.demo import demo_command
from collector.cli.describe import describe_command
from collector.cli.diff import diff_command
from collector.cli.export import export_command
from collector.cli.find import find_command
from collector.cli.history import history_command
from collector.cli.import_ import import_command
from collector.cli.licences import licences_command
from collector.cli.merge import merge_command
from collector.cli.packages import packages_command
from collector.cli.pages import pages_command
from collector.cli.program import WRONG_USE, Program
from collector.cli.resolve import resolve_command
from collector.cli.serve import serve_command
from collector.cli.shards import shards_command
from collector.cli.upgrade import upgrade_command
from collector.cli.verify import verify_command
from collector.cli.why import why_command

__all__ = ["main"]


@click.group(cls=Program, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="repo-info", message="%(prog)s %(version)s")
@click.pass_context
def main(context: click.Context) -> None:
    """Keep an archive of what container image tags contained over time, query it, and publish it as a static site."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help(), err=True)
        context.exit(WRONG_USE)


for command in (
    import_command,
    collect_command,
    export_command,
    pages_command,
    build_command,
    shards_command,
    merge_command,
    serve_command,
    find_command,
    resolve_command,
    history_command,
    diff_command,
    packages_command,
    licences_command,
    why_command,
    describe_command,
    verify_command,
    upgrade_command,
    demo_command,
):
    main.add_command(command)
