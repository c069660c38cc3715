"""`repo-info pages`: the Markdown and JSON of the site as files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import click
import msgspec

from collector.archive.name_case import SAME_FILE, SpelledNames
from collector.archive.store import Archive
from collector.archive.tree import write_where_different
from collector.cli.common import FOLDER, archive_option, json_option, print_json, progress
from collector.cli.program import Verb
from collector.cli.terminal import write
from collector.errors import BuildError, UsageError
from collector.model.progress import Progress, no_progress
from collector.site.plain_files import checked

if TYPE_CHECKING:
    from collector.pages.documents import Item

LIST = ".repo-info-pages"
"""A file in the target with the paths that were written, one per line. Only these are ever removed."""


class PagesReport(msgspec.Struct, kw_only=True):
    """The numbers of files."""

    files: int = 0
    written: int = 0
    """The number of these that were written, because they differed from the existing files."""
    removed: int = 0


@click.command("pages", cls=Verb)
@archive_option
@click.option("--to", "target", type=FOLDER, required=True, metavar="DIR", help="The folder of the files.")
@json_option
def pages_command(archive: Path, target: Path, as_json: bool) -> None:
    """Write the Markdown and JSON of the site.

    Only files that differ are written. Files of an earlier run that no longer belong to the site are removed.

    Example:
        repo-info pages --archive examples/archive --to pages
    """
    with progress("Writing") as done:
        report = write_pages(Archive(archive), target, done)
    if as_json:
        print_json(report)
    else:
        write(f"{report.files:,} files in {target}: {report.written:,} written, {report.removed:,} removed")


def write_pages(archive: Archive, target: Path, report_progress: Progress = no_progress) -> PagesReport:
    """Write an archive's pages to a folder: Markdown at their addresses, JSON below api/v1/.

    Raises:
        UsageError: the target is not a folder.
        BuildError: a page's path would leave the target, or is another page's to the file system.
    """
    if target.exists() and not target.is_dir():
        raise UsageError(f"{target}: not a folder", hint="name an existing or a new folder")
    report = PagesReport()
    ours = target / LIST
    before = set(ours.read_text(encoding="utf-8").splitlines()) if ours.is_file() else set()
    paths: set[str] = set()
    names = SpelledNames(target)
    for path, content in _iter_files(archive, report_progress):
        if other := names.same_file(path):
            raise BuildError(f"{target / path}: {SAME_FILE} {other}", hint="choose a folder on another file system")
        report.written += write_where_different(_inside(target, path), content)
        paths.add(path)
        names.add(path)
    # The list has both until the old files are removed, so that the next run knows every file even if this one is
    # killed.
    _write_list(ours, paths | before)
    for path in sorted(one for one in before - paths if not names.same_file(one)):
        report.removed += _remove(target, _inside(target, path))
    _write_list(ours, paths)
    report.files = len(paths)
    return report


def _iter_files(archive: Archive, report_progress: Progress) -> Iterator[tuple[str, bytes]]:
    from collector.pages.site_pages import SitePages
    from collector.site.outputs import WithResult

    pages = SitePages(archive.root)
    plan = pages.plan()
    summaries: dict[str, bytes] = {}
    for number, task in enumerate(plan, 1):
        items = WithResult(pages.run(task))
        for item in items:
            yield from _files_of(item)
        summaries[task.name] = items.result
        report_progress(number, len(plan))
    for item in pages.finish(dict(sorted(summaries.items()))):
        yield from _files_of(item)


def _files_of(item: Item) -> Iterator[tuple[str, bytes]]:
    from collector.pages.addresses import twin_path
    from collector.pages.documents import AnyAsset, Redirect
    from collector.pages.markdown_templates import render_redirect

    if isinstance(item, AnyAsset):
        yield item.path, item.content
        return
    yield f"{item.address}index.md", (render_redirect(item) if isinstance(item, Redirect) else item.markdown).encode()
    yield twin_path(item.address), item.twin


def _inside(target: Path, path: str) -> Path:
    """The file of a path. Checks that it is below the target, whatever the names in an archive or the list contain."""
    place = target / PurePosixPath(checked(path))
    if not place.parent.resolve().is_relative_to(target.resolve()):
        raise BuildError(f"{place}: a symbolic link leads out of {target}", hint="remove the link")
    return place


def _remove(target: Path, path: Path) -> bool:
    """Remove a file, and the folders that become empty."""
    if not path.is_file() or path.is_symlink():
        return False
    path.unlink()
    for folder in path.parents:
        if folder == target or any(folder.iterdir()):
            break
        folder.rmdir()
    return True


def _write_list(path: Path, paths: Iterable[str]) -> None:
    write_where_different(path, "".join(f"{one}\n" for one in sorted(paths)).encode())
