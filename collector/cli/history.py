"""`repo-info history`: every state of a tag, with the change that led to it."""

from __future__ import annotations

from pathlib import Path

import click
import msgspec

from collector.archive.store import Archive
from collector.cli.common import archive_option, json_option, load, print_json
from collector.cli.program import Verb
from collector.cli.renderers import render_sizes
from collector.cli.terminal import Styled, write
from collector.lookup.tag_history import TagHistory, read_history
from collector.model.digests import short
from collector.model.references import Asked, parse_tagged
from collector.model.times import render_minute
from collector.pages.reason_text import reason_texts, summary_text


@click.command("history", cls=Verb)
@click.argument("asked", type=parse_tagged, metavar="IMAGE:TAG")
@archive_option
@json_option
def history_command(asked: Asked, archive: Path, as_json: bool) -> None:
    """List every state of a tag, the newest first.

    Each line has the date, the digest, the compressed size of each platform, and what changed.

    Example:
        repo-info history python:3.6.4-slim --archive examples/archive
    """
    history = read_history(load(Archive(archive), asked.repository), asked)
    if as_json:
        print_json(_published(history))
        return
    sizes = [render_sizes([platform.size for platform in state.platforms]) for state in history.states]
    width = max(map(len, sizes))
    for state, size in zip(history.states, sizes, strict=True):
        # Without a digest, the reason tells why.
        digest = short(state.digest) if state.digest else "-"
        line = f"  {digest:12}  {size:{width}}  {summary_text(state.reasons)}"
        write(Styled(render_minute(state.since), "dim"), line)


def _published(history: TagHistory) -> dict[str, object]:
    """The history as JSON, with its reasons as sentences."""
    states = [msgspec.to_builtins(state) | {"reasons": reason_texts(state.reasons)} for state in history.states]
    return {"image": history.image, "tag": history.tag, "states": states}
