"""Shared by the verbs: arguments and their types, JSON, notices, progress."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click
import msgspec
from click.core import ParameterSource

from collector.archive.store import Archive
from collector.cli.program import note_archive
from collector.cli.renderers import render_count
from collector.cli.terminal import write, write_bytes
from collector.errors import InvalidValue, UsageError
from collector.lookup.repository_facts import Loader, RepositoryFacts
from collector.model.progress import Progress
from collector.model.references import Repository, parse_repository
from collector.model.times import Time, parse_as_of

if TYPE_CHECKING:
    from collector.published.site import PublishedSite

F = TypeVar("F", bound=Callable[..., Any])
Facts = TypeVar("Facts", bound=RepositoryFacts)

_ARCHIVE_HELP = "The archive's folder."
MAX_NOTICES = 20
"""The number of lines of one kind on standard error; the rest is counted."""


def image(text: str) -> Repository:
    """Parse an argument that names an image.

    Raises:
        UsageError: it is invalid.
    """
    try:
        return parse_repository(text)
    except InvalidValue as error:
        raise UsageError(str(error), hint=error.hint) from None


class _LocalPath(click.Path):
    """A path on this machine. An address is refused: it would become a folder's name, with any password in it."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path."""
        if isinstance(value, str) and "://" in value:
            self.fail("is an address, and not a path on this machine", param, ctx)
        return super().convert(value, param, ctx)


ADDRESS_OR_FOLDER = click.Path(path_type=Path)
FOLDER = _LocalPath(path_type=Path)
EXISTING_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


def date_option(name: str, text: str, *, required: bool = False) -> Callable[[F], F]:
    """An option with a day or a time; an error names the option."""

    def parse(_: click.Context, __: click.Parameter, value: str | None) -> Time | None:
        try:
            return None if value is None else parse_as_of(value)
        except UsageError as error:
            raise UsageError(f"{name}: {error}", hint=error.hint) from None

    return click.option(name, metavar="DATE", required=required, callback=parse, help=text)


def source_options(function: F) -> F:
    """`--archive DIR` or `--site URL`; the verb gets what they name as `source`."""

    @wraps(function)
    def call(*args: Any, archive: Path | None, site: str | None, **kwargs: Any) -> Any:
        return function(*args, source=_open_source(click.get_current_context(), archive, site), **kwargs)

    options = (
        click.option(
            "--archive", type=FOLDER, metavar="DIR", envvar="REPO_INFO_ARCHIVE", show_envvar=True, help=_ARCHIVE_HELP
        ),
        click.option(
            "--site",
            metavar="URL",
            envvar="REPO_INFO_SITE",
            show_envvar=True,
            help="The address of a published site, instead of an archive.",
        ),
    )
    return cast(F, options[0](options[1](call)))


def _open_source(context: click.Context, archive: Path | None, site: str | None) -> Archive | PublishedSite:
    """The archive or the site. Options of the command take precedence over the environment.

    Raises:
        UsageError: neither is given, or both are.
    """
    given = [name for name in ("archive", "site") if context.get_parameter_source(name) is ParameterSource.COMMANDLINE]
    if len(given) == 2 or (archive and site and not given):
        raise UsageError("both an archive and a site are given", hint="give one of --archive DIR and --site URL")
    if site and given != ["archive"]:
        # Here, because the client of the network takes a while to load.
        from collector.published.site import open_site

        note_archive(context, False)
        return open_site(site, os.environ)
    if archive is None:
        raise UsageError("no archive and no site", hint="give --archive DIR, or --site URL of a published site")
    return Archive(archive)


def archive_option(function: F) -> F:
    """`--archive DIR`, or REPO_INFO_ARCHIVE in the environment."""
    return click.option(
        "--archive",
        type=FOLDER,
        required=True,
        metavar="DIR",
        envvar="REPO_INFO_ARCHIVE",
        show_envvar=True,
        help=_ARCHIVE_HELP,
    )(function)


def json_option(function: F) -> F:
    """`--json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")(function)


def images_option(function: F) -> F:
    """`--image NAME`, which may be repeated."""
    return click.option(
        "--image", "images", type=image, multiple=True, metavar="NAME", help="Only this image; may be repeated."
    )(function)


def print_json(value: object) -> None:
    """Print one document with sorted keys and without spaces: the same facts give the same bytes."""
    write_bytes(msgspec.json.encode(value, order="sorted") + b"\n")


def load(source: Loader[Facts], repository: Repository) -> Facts:
    """The facts of a repository. Faults in the journals of an archive are printed on standard error.

    Raises:
        NotFound: the source has no such repository.
    """
    holdings = source.load(repository)
    heading = (
        f"{repository.familiar}: {render_count(len(holdings.faults), 'fault')} in its journals; the rest was read:"
    )
    notices((str(fault) for fault in holdings.faults), heading)
    return holdings


def notices(lines: Iterator[str], heading: str) -> None:
    """Print lines on standard error under a heading, if there are any; at most 20, the rest is counted."""
    shown = 0
    for shown, line in enumerate(lines, 1):
        if shown == 1:
            write(f"repo-info: {heading}", err=True)
        if shown <= MAX_NOTICES:
            write(f"  {line}", err=True)
    if shown > MAX_NOTICES:
        write(f"  and {shown - MAX_NOTICES} more", err=True)


@contextmanager
def progress(label: str, *, wanted: bool = True) -> Iterator[Progress]:
    """A progress bar on standard error, if that is a terminal; yields a function that receives the work done and the
    total.
    """
    if not wanted or not sys.stderr.isatty():
        yield lambda done, total: None
        return
    with click.progressbar(length=1, label=label, file=sys.stderr, show_percent=True) as bar:

        def advance(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        yield advance
