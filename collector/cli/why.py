"""`repo-info why`: what changed below a build since a day."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from collector.cli.common import date_option, json_option, load, print_json, source_options
from collector.cli.program import DONE, PROBLEM, Verb
from collector.cli.terminal import write
from collector.errors import InvalidValue, UsageError
from collector.lookup.repository_facts import Source
from collector.model.times import Time, render_day, render_minute
from collector.pages.markdown import code, text
from collector.pages.reason_text import reason_texts, summary_text
from collector.pages.release_text import progress_text

if TYPE_CHECKING:
    from collector.dockerfiles import NamedImage
    from collector.lookup.build_changes import FileChanges, ImageChanges
    from collector.lookup.tag_history import TagRelease

STANDARD_INPUT = "-"


@click.command("why", cls=Verb)
@click.argument("files", nargs=-1, metavar="FILE...")
@date_option("--since", "A day on which the build still worked.", required=True)
@date_option("--until", "Leave out what came after this day (UTC), or after this time.")
@source_options
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "markdown", "json"]),
    default="text",
    help="How to print the output.",
)
@json_option
@click.pass_context
def why_command(
    context: click.Context,
    *,
    files: Sequence[str],
    since: Time,
    until: Time | None,
    source: Source,
    form: str,
    as_json: bool,
) -> None:
    """Explain why a build changed, by the releases of its images.

    FILE is a Dockerfile, a compose file, a Kubernetes manifest, a folder with such files, or - for standard input. The
    output has, for each image that a file names, every release since the day, and the pin that gives the build of that
    day. If nothing is known of an image, the exit code is 1.

    Examples:
        repo-info why examples/Dockerfile --since 2017-12-01 --archive examples/archive
        repo-info why examples/Dockerfile --since 2018-01-01 --format markdown --archive examples/archive
    """
    if not all(files) or not files:
        raise UsageError("no file", hint="name a Dockerfile, a compose file, a Kubernetes manifest, or a folder")
    if until and until < since:
        raise UsageError("--until is before --since", hint="give the earlier day to --since")
    found = list(_iter_changes(files, source, since, until))
    if as_json or form == "json":
        print_json([_published(one) for one in found])
    else:
        for line in iter_markdown(found, since) if form == "markdown" else iter_text(found, since):
            write(line)
    is_known = not any(one.problem or any(image.problem for image in one.images) for one in found)
    context.exit(DONE if is_known else PROBLEM)


def _iter_changes(names: Sequence[str], source: Source, since: Time, until: Time | None) -> Iterator[FileChanges]:
    # Here, because YAML takes a while to load.
    from collector.dockerfiles import MAX_BYTES, find_files, parse_images, read_images
    from collector.lookup.build_changes import FileChanges, changes_of

    holdings = cache(partial(load, source))

    @cache
    def changes_anywhere(image: NamedImage) -> ImageChanges:
        return changes_of(image, holdings, since, until)

    def changes_at(image: NamedImage) -> ImageChanges:
        # Once for each image: a folder may name it in thousands of files.
        anywhere = changes_anywhere(msgspec.structs.replace(image, line=0, span=None))
        return msgspec.structs.replace(anywhere, line=image.line)

    def changes(path: Path | None) -> FileChanges:
        name = STANDARD_INPUT if path is None else str(path)
        try:
            images = read_images(path) if path else parse_images(sys.stdin.buffer.read(MAX_BYTES + 1))
        except InvalidValue as error:
            return FileChanges(file=name, images=(), problem=str(error))
        except OSError as error:
            return FileChanges(file=name, images=(), problem=error.strerror or str(error))
        return FileChanges(file=name, images=tuple(map(changes_at, images)))

    for name in names:
        paths = [None] if name == STANDARD_INPUT else find_files(Path(name))
        found = [one for one in map(changes, paths) if one.images or one.problem]
        yield from found or [FileChanges(file=name, images=())]


def iter_text(files: Sequence[FileChanges], since: Time) -> Iterator[str]:
    """The answer for a terminal."""
    for file in files:
        if file.problem:
            yield f"{file.file}: could not be read: {file.problem}"
        elif not file.images:
            yield f"{file.file}: names no image"
        for image in file.images:
            yield f"{file.file}:{image.line}: {image.reference or image.written}"
            yield from (f"  {line}" for line in _iter_lines(image, since))


def _iter_lines(image: ImageChanges, since: Time) -> Iterator[str]:
    if image.problem:
        yield f"unknown: {image.problem}"
        return
    if image.is_pinned:
        yield "pinned: the build gets the same image whenever the tag moves"
    if not image.releases:
        yield "" if image.is_pinned else f"did not change after {render_minute(since)}"
        return
    yield from (f"{render_minute(release.since)}  {_release_text(release)}" for release in image.releases)
    if image.before and not image.is_pinned:
        yield f"to build as before: {image.before}"


def iter_markdown(files: Sequence[FileChanges], since: Time) -> Iterator[str]:
    """The answer for a comment on a pull request."""
    for file in files:
        if file.problem:
            yield f"- {code(file.file)} could not be read: {text(file.problem)}"
        for image in file.images:
            yield f"### {code(image.reference or image.written)}"
            yield ""
            yield f"{code(file.file)}, line {image.line}. {_markdown_verdict(image, since)}"
            yield ""
            yield from (f"- {render_day(one.since)}: {text(_release_text(one))}" for one in image.releases)
            yield from [""] if image.releases else []
            if image.before and image.releases and not image.is_pinned:
                yield from (f"To build as before: {code(image.before)}", "")


def _markdown_verdict(image: ImageChanges, since: Time) -> str:
    if image.problem:
        return f"Nothing is known of this image: {text(image.problem)}."
    if image.is_pinned:
        return "It is pinned: the build gets the same image whenever the tag moves."
    return "Its releases since then:" if image.releases else f"It did not change after {render_day(since)}."


def _release_text(release: TagRelease) -> str:
    progress = progress_text(release)
    return f"{summary_text(release.reasons)} · {progress}" if progress else summary_text(release.reasons)


def _published(file: FileChanges) -> dict[str, object]:
    """As JSON, with reasons as sentences."""
    images = [
        msgspec.to_builtins(image)
        | {"releases": [msgspec.to_builtins(one) | {"reasons": reason_texts(one.reasons)} for one in image.releases]}
        for image in file.images
    ]
    return {"file": file.file, "images": images, "problem": file.problem}
