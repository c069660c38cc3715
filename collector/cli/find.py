"""`repo-info find`: where and when a digest, a prefix of one, or a name was in use."""

from __future__ import annotations

from pathlib import Path

import click

from collector.archive.store import Archive
from collector.cli.common import archive_option, json_option, print_json
from collector.cli.program import Verb
from collector.cli.terminal import Styled, write
from collector.errors import NotFound
from collector.lookup.find import find
from collector.lookup.found import Found, FoundDigest, FoundImage, FoundTag, Use
from collector.model.digests import short
from collector.model.times import render_minute

_MAX_ROWS = 50
"""Names, and uses of one digest, that are shown."""

_MAX_TAGS = 12
_KINDS = {
    "index": "index",
    "manifest": "manifest",
    "config": "Image ID",
    "layer": "layer",
    "statement": "attestation statement",
    "artifact": "artifact",
}


@click.command("find", cls=Verb)
@click.argument("text")
@archive_option
@json_option
def find_command(text: str, archive: Path, as_json: bool) -> None:
    """Find where a digest or a name was in use.

    TEXT is a digest, its first 7 or more digits, a name, or a part of a name. A digest is that of an index, a manifest,
    a config (Image ID) or a layer; it may begin with sha256:, sha256- or NAME@. The answer has what it is, which tags
    had it on which platforms, and from when to when.

    Examples:
        repo-info find 33a5a60a9a15 --archive examples/archive
        repo-info find python:3.6-sl --archive examples/archive
    """
    # An argument may contain bytes that are not text.
    text = text.encode(errors="surrogateescape").decode(errors="replace")
    found = find(Archive(archive), text)
    if as_json:
        print_json(found)
    else:
        _render(found)
    if found.is_empty:
        hint = "a digest needs 7 digits or more; a name, any part of it"
        raise NotFound(f"{text}: not in this archive", hint=hint)


def _render(found: Found) -> None:
    for digest in found.digests:
        _render_digest(digest)
    for image in found.images[:_MAX_ROWS]:
        _render_image(image)
    for tag in found.tags[:_MAX_ROWS]:
        _render_tag(tag)
    for what, count in (("images", len(found.images)), ("tags", len(found.tags))):
        if count > _MAX_ROWS:
            write(f"and {count - _MAX_ROWS:,} more {what}; give more of the name, or use --json for all")


def _render_digest(found: FoundDigest) -> None:
    write(Styled(f"{_KINDS[found.kind]} {found.digest}", "bold"))
    for use in found.uses[:_MAX_ROWS]:
        _render_use(use)
    if not found.uses:
        write("  no tag pointed at it")
    if len(found.uses) > _MAX_ROWS:
        write(f"  and {len(found.uses) - _MAX_ROWS:,} more; --json for all")


def _render_use(use: Use) -> None:
    when = f"{render_minute(use.since)} to {render_minute(use.until) if use.until else 'the end of the archive'}"
    more = f" and {len(use.tags) - _MAX_TAGS:,} more tags" if len(use.tags) > _MAX_TAGS else ""
    write(f"  {use.image}: {', '.join(use.tags[:_MAX_TAGS])}{more}")
    write(Styled("    " + "; ".join(filter(None, [when, ", ".join(use.platforms)])), "dim"))


def _render_image(found: FoundImage) -> None:
    gone = f", {found.gone:,} gone" if found.gone else ""
    when = f"seen from {render_minute(found.since)}, last change {render_minute(found.latest)}"
    write(Styled(f"image {found.image}", "bold"), f"  {found.tags:,} tags{gone}; {when}")


def _render_tag(found: FoundTag) -> None:
    now = "gone" if found.gone else short(found.digest) if found.digest else "not understood"
    states = f"{found.states:,} {'state' if found.states == 1 else 'states'} from {render_minute(found.first)}"
    write(Styled(f"tag {found.image}:{found.tag}", "bold"), f"  {now} since {render_minute(found.since)}; {states}")
