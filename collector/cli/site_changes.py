"""Shared by build and merge: what to send to the host of a site."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

import click

from collector.cli.common import FOLDER
from collector.cli.terminal import write
from collector.errors import InvalidValue, UntrustedAnswer, UsageError

if TYPE_CHECKING:
    from collector.publish.manifest import Line
    from collector.publish.site_changes import ChangeReport

F = TypeVar("F", bound=Callable[..., Any])


def changes_options(function: F) -> F:
    """`--changes DIR` and `--since FILE|URL`."""
    since = click.option(
        "--since",
        metavar="FILE|URL",
        help="For --changes: the files.txt that was sent with the last site. If it is missing, every file is new.",
    )
    changes = click.option(
        "--changes", type=FOLDER, metavar="DIR", help="Write to DIR lists of the files to send to the host."
    )
    return changes(since(function))


class SiteChanges:
    """The lists of files to send. Options are checked before a build, and the lists are written after it."""

    def __init__(self, site: Path, folder: Path | None, since: str | None) -> None:
        """Open the last manifest, so that an error comes before the work.

        Raises:
            UsageError: the options contradict each other, an address is invalid, or the file is no manifest.
            RegistryError: the host does not answer.
        """
        from collector.publish.manifest import read_manifest

        if since and not folder:
            raise UsageError("--since without --changes", hint="name a folder for the lists: --changes DIR")
        if folder and folder.resolve().is_relative_to(site.resolve()):
            raise UsageError(f"{folder} is in the site", hint="name a folder outside of it with --changes")
        self._site = site
        self._folder = folder
        self._since = since
        self._last = _open(since) if since else None
        with self._named():
            self._lines: Iterable[Line] = read_manifest(self._last) if self._last else ()

    def write(self) -> ChangeReport | None:
        """Write the lists; None if they were not asked for.

        Raises:
            UsageError: the last manifest is invalid.
            BuildError: the site has changed meanwhile.
        """
        from collector.publish.manifest import line_of
        from collector.publish.site_changes import write_changes
        from collector.site.site_files import read_left_out, read_site_files

        if not self._folder:
            return None
        new = map(line_of, read_site_files(self._site))
        with self._last or nullcontext(), self._named():
            return write_changes(self._folder, old=self._lines, new=new, left_out=read_left_out(self._site))

    @contextmanager
    def _named(self) -> Iterator[None]:
        """Name the last manifest in an error of it."""
        try:
            yield
        except InvalidValue as error:
            raise UsageError(f"{self._since}: {error}", hint=error.hint) from None


def _open(since: str) -> BinaryIO | None:
    """The last manifest; None if nothing has been sent yet."""
    from collector.publish.manifest import MAX_BYTES

    if "://" in since:
        content = _fetch(since, MAX_BYTES)
        file: BinaryIO | None = None if content is None else BytesIO(content)
    else:
        path = Path(since)
        if path.is_file() and path.stat().st_size > MAX_BYTES:
            raise UsageError(f"{path}: larger than {MAX_BYTES} bytes", hint="check that it is the right file")
        file = path.open("rb") if path.exists() else None
    if file is None:
        write(f"repo-info: {since} does not exist: everything is new", err=True)
    return file


def _fetch(url: str, ceiling: int) -> bytes | None:
    from collector.registry.published_files import PublishedFiles

    address, _, name = url.rpartition("/")
    try:
        files = PublishedFiles(address, environment=os.environ, kept=None)
    except UntrustedAnswer as error:
        raise UsageError(f"{url[:300]!r}: {error}", hint="name the files.txt of a site") from None
    return files.get(name, ceiling=ceiling)
