"""`repo-info shards`: which image is built in which of N parts."""

from __future__ import annotations

from pathlib import Path

import click
import msgspec

from collector.archive.store import Archive
from collector.cli.common import archive_option, json_option, print_json
from collector.cli.program import Verb
from collector.cli.terminal import write


class Dealt(msgspec.Struct, frozen=True, kw_only=True):
    """What was dealt."""

    shards: int
    """How many."""
    images: dict[str, int]
    """By full name the shard, from 1."""


@click.command("shards", cls=Verb)
@click.argument("shards", type=click.IntRange(1, 99_999), metavar="N")
@archive_option
@json_option
def shards_command(*, shards: int, archive: Path, as_json: bool) -> None:
    """Deal the images of an archive to N shards: a line for each, the shard and the image.

    Larger images are spread; from day to day nearly all stay where they were. A job that has only the folders of
    its own shard builds with `repo-info build --shard K/N --dealt FILE`.

    Example:
        repo-info shards 2 --archive examples/archive
    """
    images = deal_archive(archive, shards)
    if as_json:
        print_json(Dealt(shards=shards, images=images))
    else:
        for name, number in images.items():
            write(f"{number} {name}")


def deal_archive(archive: Path, shards: int) -> dict[str, int]:
    """The shard of each image that the archive has.

    Raises:
        ArchiveError: there is no archive.
    """
    from collector.site.shards import deal

    store = Archive(archive)
    return deal({repository.name: store.size(repository) for repository in store.repositories()}, shards)
