"""`repo-info feed`: the releases since the last call, for scripts."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import click
import msgspec

from collector.archive.replacement import replace_file
from collector.cli.common import FOLDER, images_option, json_option, load, print_json, source_options
from collector.cli.program import Verb
from collector.cli.renderers import render_count
from collector.cli.terminal import Styled, write
from collector.errors import InvalidValue, UsageError
from collector.lookup.new_releases import Bookmark, NewRelease, releases_since
from collector.lookup.repository_facts import Source
from collector.model.json_text import NOT_DECODABLE
from collector.model.references import Repository
from collector.model.times import parse_time, render_minute
from collector.pages.reason_text import reason_texts, summary_text
from collector.pages.release_text import progress_text

_MAX_BYTES = 2**24


class FeedLine(msgspec.Struct, frozen=True, kw_only=True):
    """A release, as `--json` prints it."""

    image: str
    tag: str
    is_new: bool
    """False: it began before the last call, and reached another platform since."""
    release: dict[str, object]
    """As `history --json` prints it, with a `summary` in words."""


@click.command("feed", cls=Verb)
@click.option("--since", type=FOLDER, metavar="FILE", required=True, help="The bookmark that the last call wrote.")
@images_option
@source_options
@json_option
def feed_command(*, since: Path, images: Sequence[Repository], source: Source, as_json: bool) -> None:
    """Print the releases since the last call, oldest first.

    Each call replaces the bookmark after it has printed everything. The first call creates it, and prints nothing.
    With --json, each line is one JSON document.

    Example:
        repo-info feed --since read.json --archive examples/archive
    """
    bookmark = _read(since)
    repositories = images or source.repositories()
    found, following = releases_since(map(partial(load, source), repositories), bookmark)
    for new in found:
        if as_json:
            print_json(_published(new))
        else:
            _render(new)
    replace_file(since, msgspec.json.encode(following, order="sorted") + b"\n", is_synced=True)
    if not bookmark.seen:
        count = render_count(len(following.seen), "image")
        write(f"repo-info: noted the state of {count}; the next call prints what is new", err=True)


def _read(path: Path) -> Bookmark:
    """The bookmark; an empty one if there is no file yet.

    Raises:
        UsageError: the file is something else.
    """
    try:
        with path.open("rb") as file:
            bookmark = msgspec.json.decode(file.read(_MAX_BYTES), type=Bookmark)
        for time in bookmark.seen.values():
            parse_time(time)
        return bookmark
    except FileNotFoundError:
        return Bookmark(seen={})
    except (*NOT_DECODABLE, InvalidValue):
        hint = "name a file that repo-info feed has written, or a new one"
        raise UsageError(f"--since: {path}: not a bookmark", hint=hint) from None


def _render(new: NewRelease) -> None:
    release = new.release
    more = "" if new.is_new else "further: "
    text = " · ".join(part for part in (summary_text(release.reasons), progress_text(release)) if part)
    write(Styled(render_minute(release.updated), "dim"), f"  {new.image}:{new.tag}  {more}{text}")


def _published(new: NewRelease) -> FeedLine:
    release = msgspec.to_builtins(new.release) | {
        "reasons": reason_texts(new.release.reasons),
        "summary": summary_text(new.release.reasons),
    }
    return FeedLine(image=new.image, tag=new.tag, is_new=new.is_new, release=release)
