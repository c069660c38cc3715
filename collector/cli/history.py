"""`repo-info history`: every state of a tag, with the change that led to it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
import msgspec

from collector.archive.holdings import Holdings
from collector.archive.store import Archive
from collector.cli.common import archive_option, json_option, load, print_json
from collector.cli.program import Verb
from collector.cli.terminal import Styled, write
from collector.cli.text import render_sizes
from collector.diff.changes import Reason
from collector.diff.differ import Differ
from collector.errors import UsageError
from collector.lookup.references import point
from collector.model.digests import Digest, short
from collector.model.images import Gone
from collector.model.references import Asked, parse_asked
from collector.model.times import Time, render_minute


class PlatformState(msgspec.Struct, frozen=True, kw_only=True):
    """One platform of a state."""

    platform: str
    manifest: Digest
    config: Digest
    """The Image ID."""
    size: int
    """Compressed bytes of all layers."""


class TagState(msgspec.Struct, frozen=True, kw_only=True):
    """What a tag pointed at from one moment to another."""

    since: Time
    until: Time | None
    """None: still so, as far as the archive knows."""
    digest: Digest | None
    """None where the tag was gone, or what was there could not be understood."""
    gone: Gone | None
    reasons: tuple[Reason, ...]
    """Why it differs from the state before, the weightiest first."""
    platforms: tuple[PlatformState, ...]


class TagHistory(msgspec.Struct, frozen=True, kw_only=True):
    """What `repo-info history --json` prints."""

    image: str
    tag: str
    states: tuple[TagState, ...]
    """The newest first."""


@click.command("history", cls=Verb)
@click.argument("asked", type=parse_asked, metavar="IMAGE:TAG")
@archive_option
@json_option
def history_command(asked: Asked, archive: Path, as_json: bool) -> None:
    """List every state of a tag, the newest first.

    A line for each: since when, the digest, the platforms with their compressed sizes, and what changed.

    Example:
        repo-info history python:3.6.4-slim --archive examples/archive
    """
    if asked.tag is None or asked.as_of or asked.digest:
        raise UsageError("a history is of a tag, not of a moment or digest", hint="write IMAGE:TAG")
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


def read_history(holdings: Holdings, asked: Asked) -> TagHistory:
    """All states of a tag.

    Raises:
        NotFound: the archive has no such tag.
    """
    tag = asked.tag or "latest"
    if not holdings.periods(tag):
        point(holdings, asked)
    states = tuple(_iter_states(holdings, tag))
    return TagHistory(image=holdings.repository.familiar, tag=tag, states=states[::-1])


def _iter_states(holdings: Holdings, tag: str) -> Iterator[TagState]:
    for period, change in Differ().history(holdings.periods(tag), holdings.state):
        state = holdings.state(period.digest) if period.digest else None
        platforms = tuple(
            PlatformState(
                platform=str(image.platform), manifest=image.manifest, config=image.config.digest, size=image.size
            )
            for image in (state.images if state else ())
        )
        yield TagState(
            since=period.since,
            until=period.until,
            digest=period.digest,
            gone=period.gone,
            reasons=change.reasons,
            platforms=platforms,
        )
