"""`repo-info verify`: lists every fault of an archive."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec

from collector.archive.store import Archive
from collector.archive.verify import verify
from collector.cli.common import archive_option, json_option, print_json, progress
from collector.cli.program import PROBLEM, Verb
from collector.cli.renderers import render_count
from collector.cli.terminal import write
from collector.model.times import time_of


class FoundFault(msgspec.Struct, frozen=True, kw_only=True):
    """One fault."""

    path: str
    """Relative to the archive's folder."""
    line: int
    """Counted from 1; 0 if the fault does not concern a single line."""
    message: str
    hint: str
    """What the user can do."""


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """The result, which `repo-info verify --json` prints."""

    images: int
    format: int
    """The format of the archive; lines have sums since format 2."""
    faults: tuple[FoundFault, ...]


@click.command("verify", cls=Verb)
@archive_option
@json_option
@click.pass_context
def verify_command(context: click.Context, archive: Path, as_json: bool) -> None:
    """Check every line, text and reference of an archive.

    Each fault is one line, FILE:LINE: MESSAGE. Everything else in the archive stays readable. If there is a fault, the
    exit code is 1.

    In an archive of format 1, damage to sizes, tags, times and the like cannot be found. `repo-info upgrade` adds the
    sums that reveal it.

    Example:
        repo-info verify --archive examples/archive
    """
    opened = Archive(archive)
    faults = []
    with progress("Verifying") as done:
        for fault in verify(opened, done, now=time_of(datetime.now(UTC))):
            path = fault.path.relative_to(archive).as_posix()
            faults.append(FoundFault(path=path, line=fault.line, message=fault.message, hint=fault.hint))
    verdict = Verdict(images=len(opened.repositories()), format=opened.format, faults=tuple(faults))
    if as_json:
        print_json(verdict)
    else:
        _render(verdict, archive)
    if verdict.faults:
        context.exit(PROBLEM)


def _render(verdict: Verdict, archive: Path) -> None:
    for fault in verdict.faults:
        place = f"{archive / fault.path}:{fault.line}" if fault.line else str(archive / fault.path)
        write(f"{place}: {fault.message}", f" ({fault.hint})" if fault.hint else "")
    count = render_count(len(verdict.faults), "fault") if verdict.faults else "no faults"
    write(f"{render_count(verdict.images, 'image')}: {count}")
    if verdict.format == 1:
        unseen = "format 1 has no sums, so damage to sizes, tags, times and the like cannot be found"
        write(f"{unseen} (`repo-info upgrade --archive {archive}` adds them)")
