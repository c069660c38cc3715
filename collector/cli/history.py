"""`repo-info history`: every state of a tag, with the change that led to it."""

from __future__ import annotations

from pathlib import Path

import click

from collector.archive.store import Archive
from collector.cli.common import archive_option, json_option, load, print_json
from collector.cli.program import Verb
from collector.cli.terminal import Styled, write
from collector.cli.text import render_sizes
from collector.lookup.tag_history import read_history
from collector.model.digests import short
from collector.model.references import Asked, parse_tagged
from collector.model.times import render_minute


@click.command("history", cls=Verb)
@click.argument("asked", type=parse_tagged, metavar="IMAGE:TAG")
@archive_option
@json_option
def history_command(asked: Asked, archive: Path, as_json: bool) -> None:
    """List every state of a tag, the newest first.

    A line for each: since when, the digest, the platforms with their compressed sizes, and what changed.

    Example:
        repo-info history python:3.6.4-slim --archive examples/archive
    """
    history = read_history(load(Archive(archive), asked.repository), asked)
    if as_json:
        print_json(history)
        return
    sizes = [render_sizes([platform.size for platform in state.platforms]) for state in history.states]
    width = max(map(len, sizes))
    for state, size in zip(history.states, sizes, strict=True):
        # Where there is no digest the reason says why.
        digest = short(state.digest) if state.digest else "-"
        reasons = "; ".join(reason.text for reason in state.reasons)
        write(Styled(render_minute(state.since), "dim"), f"  {digest:12}  {size:{width}}  {reasons}")
