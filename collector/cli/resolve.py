"""`repo-info resolve`: the digest to pin, now or as of a date."""

from __future__ import annotations

from pathlib import Path

import click
import msgspec

from collector.archive.store import Archive
from collector.cli.common import archive_option, json_option, load, print_json
from collector.cli.program import Verb
from collector.cli.terminal import write
from collector.errors import UsageError
from collector.lookup.resolve import resolve
from collector.model.references import Asked, parse_asked
from collector.model.times import Time, parse_as_of


@click.command("resolve", cls=Verb)
@click.argument("asked", type=parse_asked, metavar="IMAGE:TAG")
@click.option("--as-of", type=parse_as_of, metavar="DATE", help="As of the end of this day (UTC), or of this time.")
@click.option("--platform", metavar="P", help="Print the digest of this platform's manifest, such as linux/arm64.")
@archive_option
@json_option
def resolve_command(asked: Asked, as_of: Time | None, platform: str | None, archive: Path, as_json: bool) -> None:
    """Print IMAGE:TAG@DIGEST, now or as of a date.

    Example:
        repo-info resolve python:3.6-slim --as-of 2017-06-30 --archive examples/archive
    """
    if as_of and (asked.as_of or asked.digest):
        raise UsageError(
            "--as-of is given together with a date or a digest after the tag", hint="give only one of them"
        )
    if as_of:
        asked = msgspec.structs.replace(asked, as_of=as_of)
    resolved = resolve(load(Archive(archive), asked.repository), asked, platform)
    if as_json:
        print_json(resolved)
    else:
        write(resolved.reference)
    if resolved.same_platform:
        others = ", ".join(resolved.same_platform)
        note = (
            f"the index has several images for {resolved.platform}; this is the first, which Docker takes; the others:"
        )
        write(f"repo-info: {note} {others}", err=True)
