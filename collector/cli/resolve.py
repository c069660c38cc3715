"""`repo-info resolve`: the digest to pin, now or as of a date."""

from __future__ import annotations

from pathlib import Path

import click
import msgspec

from collector.cli.common import EXISTING_FILE, date_option, json_option, load, print_json, source_options
from collector.cli.program import DONE, PROBLEM, Verb
from collector.cli.terminal import write
from collector.errors import UsageError
from collector.lookup.repository_facts import Source
from collector.lookup.resolve import resolve
from collector.model.references import Asked, parse_asked
from collector.model.times import Time


@click.command("resolve", cls=Verb)
@click.argument("asked", type=parse_asked, metavar="[IMAGE:TAG]", required=False)
@click.option("--dockerfile", type=EXISTING_FILE, metavar="FILE", help="Pin every image that this Dockerfile names.")
@click.option("--write", "writes", is_flag=True, help="Write the pins into the Dockerfile; nothing else in it changes.")
@date_option("--as-of", "As of the end of this day (UTC), or of this time.")
@click.option("--platform", metavar="P", help="Print the digest of this platform's manifest, such as linux/arm64.")
@source_options
@json_option
@click.pass_context
def resolve_command(
    context: click.Context,
    *,
    asked: Asked | None,
    dockerfile: Path | None,
    writes: bool,
    as_of: Time | None,
    platform: str | None,
    source: Source,
    as_json: bool,
) -> None:
    """Print the digest to pin, or pin the images of a Dockerfile.

    Without --dockerfile, the output is IMAGE:TAG@DIGEST, now or as of a date. With it, the output has each image that
    FROM, COPY --from or RUN --mount names, with its pin; if the image was pinned to another digest, a second line says
    what the new one brings. Stages and scratch are left out. If an image cannot be pinned, the exit code is 1.

    Examples:
        repo-info resolve python:3.6-slim --as-of 2017-06-30 --archive examples/archive
        repo-info resolve --dockerfile examples/Dockerfile --archive examples/archive
    """
    if dockerfile:
        if asked or platform:
            raise UsageError("--dockerfile with an image or a platform", hint="give only the file")
        # Here, because YAML takes a while to load.
        from collector.cli.dockerfile_pins import pin_dockerfile

        is_whole = pin_dockerfile(dockerfile, source, as_of, writes=writes, as_json=as_json)
        context.exit(DONE if is_whole else PROBLEM)
    if asked is None:
        raise UsageError("no image", hint="give IMAGE:TAG, or --dockerfile FILE")
    if writes:
        raise UsageError("--write without --dockerfile", hint="name the file: --dockerfile FILE")
    if as_of and (asked.as_of or asked.digest):
        raise UsageError(
            "--as-of is given together with a date or a digest after the tag", hint="give only one of them"
        )
    if as_of:
        asked = msgspec.structs.replace(asked, as_of=as_of)
    resolved = resolve(load(source, asked.repository), asked, platform)
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
