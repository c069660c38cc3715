"""`repo-info upgrade`: brings an archive to the newest format."""

from __future__ import annotations

from pathlib import Path

import click

from collector.archive.store import Archive
from collector.archive.upgrade import UpgradeReport, upgrade
from collector.cli.common import archive_option, json_option, notices, print_json, progress
from collector.cli.program import Verb
from collector.cli.renderers import render_count
from collector.cli.terminal import write


@click.command("upgrade", cls=Verb)
@archive_option
@json_option
def upgrade_command(archive: Path, as_json: bool) -> None:
    """Bring an archive to the newest format.

    No fact is changed. Older programs cannot read the archive afterwards. After an interruption, the archive can be
    read and written as usual, and the same command finishes the work.

    Example:
        repo-info upgrade --archive archive
    """
    with progress("Upgrading") as done:
        report = upgrade(Archive(archive), done)
    if as_json:
        print_json(report)
    else:
        _render(report)
    heading = f"{render_count(len(report.left), 'line')} left as found, without a sum; see `repo-info verify`:"
    notices(iter(report.left), heading)


def _render(report: UpgradeReport) -> None:
    done = f"{render_count(report.journals, 'journal')} rewritten" if report.journals else "nothing to do"
    write(f"{render_count(report.images, 'image')}: {done}")
