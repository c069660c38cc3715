"""`repo-info shards`: assigns the images of an archive to N parts of a build."""

from __future__ import annotations

from pathlib import Path

import click
import msgspec

from collector.archive.store import Archive
from collector.cli.common import archive_option, json_option, print_json
from collector.cli.program import Verb
from collector.cli.site_build import jobs_option
from collector.cli.terminal import write


class Assignment(msgspec.Struct, frozen=True, kw_only=True):
    """The shard of every image."""

    shards: int
    """The number of shards."""
    images: dict[str, int]
    """The shard of each image, counted from 1, by full name."""


@click.command("shards", cls=Verb)
@click.argument("shards", type=click.IntRange(1, 99_999), metavar="N")
@archive_option
@click.option(
    "--bases",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Also write the base images of all images to FILE, for `repo-info build --bases FILE`.",
)
@jobs_option
@json_option
def shards_command(*, shards: int, archive: Path, bases: Path | None, jobs: int, as_json: bool) -> None:
    """Assign the images of an archive to N shards.

    Each line of the output has the number of a shard and the name of an image. Large images are spread evenly, and
    nearly all images stay in their shard from day to day. A job that has only the folders of its own shard builds with
    `repo-info build --shard K/N --dealt FILE --bases FILE`.

    Examples:
        repo-info shards 2 --archive examples/archive
        repo-info shards 2 --archive examples/archive --bases bases
    """
    if bases:
        from collector.site.bases_file import write_bases

        write_bases(archive, bases, jobs=jobs)
    images = assign_archive(archive, shards)
    if as_json:
        print_json(Assignment(shards=shards, images=images))
    else:
        for name, number in images.items():
            write(f"{number} {name}")


def assign_archive(archive: Path, shards: int) -> dict[str, int]:
    """The shard of each image in the archive.

    Raises:
        ArchiveError: there is no archive.
    """
    from collector.site.shards import assign

    store = Archive(archive)
    return assign({repository.name: store.size(repository) for repository in store.repositories()}, shards)
