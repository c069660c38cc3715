"""`repo-info history`: the releases of a tag, or every state with the change that led to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
import msgspec

from collector.archive.store import Archive
from collector.cli.common import json_option, load, print_json, source_options
from collector.cli.program import Verb
from collector.cli.renderers import render_sizes
from collector.cli.terminal import Styled, write
from collector.lookup.tag_history import MovedBases, TagHistory, TagRelease, moved_bases, read_history
from collector.model.digests import short
from collector.model.references import Asked, parse_tagged
from collector.model.times import render_minute
from collector.pages.reason_text import reason_texts, summary_text
from collector.pages.release_text import BaseDay, base_days_of_several, base_time, progress_text

if TYPE_CHECKING:
    from collector.published.site import PublishedSite


@click.command("history", cls=Verb)
@click.argument("asked", type=parse_tagged, metavar="IMAGE:TAG")
@source_options
@click.option("--states", "with_states", is_flag=True, help="List every state, with the change that led to it.")
@click.option(
    "--bases",
    "with_bases",
    is_flag=True,
    help="Name the releases of the bases that moved; this reads the whole archive.",
)
@json_option
def history_command(
    asked: Asked, source: Archive | PublishedSite, with_states: bool, with_bases: bool, as_json: bool
) -> None:
    """List the releases of a tag, newest first.

    A release is one update, which may reach the platforms one after another. Each line has the time at which it began,
    its newest digest, the number of platforms, their compressed sizes, what changed, and how many platforms have it.

    Example:
        repo-info history python:3.6.4-slim --archive examples/archive
    """
    history = read_history(load(source, asked.repository), asked, _bases(source, asked) if with_bases else None)
    if as_json:
        print_json(_published(history))
        return
    rows = [(state, state.since, summary_text(state.reasons)) for state in history.states]
    if not with_states:
        states = {state.since: state for state in history.states}
        days = base_days_of_several(base for release in history.releases for base in release.bases or ())
        rows = [
            (states[release.states[0]], release.since, _release_text(release, days)) for release in history.releases
        ]
    rehearsed = {state.since for state in history.states if state.is_rehearsed}
    sizes = [render_sizes([platform.size for platform in state.platforms]) for state, _, _ in rows]
    width = max(map(len, sizes))
    for (state, since, text), size in zip(rows, sizes, strict=True):
        # Without a digest, the reason tells why.
        digest = short(state.digest) if state.digest else "-"
        mark = " · a rehearsal" if since in rehearsed else ""
        write(Styled(render_minute(since), "dim"), f"  {digest:12}  {size:{width}}  {text}{mark}")


def _bases(source: Archive | PublishedSite, asked: Asked) -> MovedBases:
    if isinstance(source, Archive):
        from collector.bases.archive_bases import bases_of  # for one option only

        return moved_bases(bases_of(source, asked.repository))
    return source.load(asked.repository).moved_bases


def _release_text(release: TagRelease, days_of_several: frozenset[BaseDay]) -> str:
    bases = ", ".join(f"{base.image}:{base.tag} of {base_time(base, days_of_several)}" for base in release.bases or ())
    parts = summary_text(release.reasons), bases and f"built on {bases}", progress_text(release)
    return " · ".join(part for part in parts if part)


def _published(history: TagHistory) -> dict[str, object]:
    """The history as JSON, with its reasons as sentences."""
    releases, states = (
        [msgspec.to_builtins(one) | {"reasons": reason_texts(one.reasons)} for one in found]
        for found in (history.releases, history.states)
    )
    return {"image": history.image, "tag": history.tag, "releases": releases, "states": states}
