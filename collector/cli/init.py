"""`repo-info init`: a new repository with an archive that collects, builds and publishes itself."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import click
import msgspec

from collector.archive.store import Archive
from collector.cli.common import FOLDER, json_option, print_json
from collector.cli.program import Verb
from collector.cli.renderers import render_count
from collector.cli.terminal import write
from collector.configuration import CI, CONFIGURATION, Configuration, Publish, read_configuration
from collector.errors import UsageError

if TYPE_CHECKING:
    from collector.publish.new_archive import NewArchive
    from collector.publish.new_files import InitReport

_ARCHIVE = "archive"
_YOURS = (str(CONFIGURATION), "README.md")


class _Answers(msgspec.Struct, frozen=True, kw_only=True):
    """The answers, from options or prompts; None if one was not given."""

    images: tuple[str, ...] = ()
    ci: CI | None = None
    publish: Publish | None = None
    shards: int | None = None
    publish_archive: bool | None = None


@click.command("init", cls=Verb)
@click.argument("folder", type=FOLDER, metavar="DIR")
@click.option("--image", "images", multiple=True, metavar="NAME", help="IMAGE or IMAGE:TAG; may be repeated.")
@click.option("--ci", type=click.Choice(get_args(CI)), help="The CI that collects every day. [default: github]")
@click.option("--publish", type=click.Choice(get_args(Publish)), help="The host of the site. [default: pages]")
@click.option("--shards", type=click.IntRange(1, 256), metavar="N", help="Build the site in N jobs. [default: 1]")
@click.option(
    "--publish-archive", is_flag=True, default=None, help="Publish the archive with the site, as archive.tar.zst."
)
@click.option("--dry-run", is_flag=True, help="Write nothing.")
@json_option
def init_command(
    *,
    folder: Path,
    images: tuple[str, ...],
    ci: CI | None,
    publish: Publish | None,
    shards: int | None,
    publish_archive: bool | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Write a new repository that collects and publishes every day.

    The repository has repo-info.toml with the images, an empty archive, a workflow for GitHub or GitLab, a README and
    settings for git. On a terminal and without options, the command asks. It overwrites no file: if DIR exists, it
    writes the files that are missing, and shows how this version would write the others.

    Examples:
        repo-info init images --image python:3.12-slim --image alpine
        repo-info init images --dry-run
    """
    from collector.publish.new_archive import files_of
    from collector.publish.new_files import write_new_files

    before = read_configuration(folder / CONFIGURATION) if (folder / CONFIGURATION).is_file() else None
    answers = _Answers(images=images, ci=ci, publish=publish, shards=shards, publish_archive=publish_archive)
    if not before and answers == _Answers() and not dry_run and sys.stdin.isatty():
        answers = _ask()
    new = _new_archive(folder, answers, before)
    if new.publish_archive and "none" in {new.ci, new.publish}:
        raise UsageError("--publish-archive, and nothing is published", hint="choose another --ci and --publish")
    if before and (images or (new.ci, new.publish, new.shards, new.publish_archive) != _asked(before)):
        write(f"repo-info: {folder / CONFIGURATION} stays as it is: change the images and [init] there", err=True)
    report = write_new_files(folder, files_of(new), yours=_YOURS, is_dry=dry_run)
    report = _with_archive(folder, report, dry_run=dry_run)
    if as_json:
        print_json(report)
    else:
        _render(report, folder, new, dry_run=dry_run)


def _ask() -> _Answers:
    images = []
    while name := click.prompt(
        "Image, such as python or python:3.12-slim (empty: no more)", default="", show_default=False, err=True
    ):
        images.append(name)
    ci = click.prompt("Collect every day with", type=click.Choice(get_args(CI)), default="github", err=True)
    publish = click.prompt("Publish the site on", type=click.Choice(get_args(Publish)), default="pages", err=True)
    return _Answers(images=tuple(images), ci=ci, publish=publish)


def _new_archive(folder: Path, answers: _Answers, before: Configuration | None) -> NewArchive:
    from collector.collect.selection import tables_of
    from collector.publish.new_archive import NewArchive, schedule_of

    known = before or Configuration()
    name = known.site.name or folder.resolve().name.encode(errors="replace").decode()
    return NewArchive(
        name=name,
        images=tables_of(answers.images),
        ci=answers.ci or known.init.ci,
        publish=answers.publish or known.init.publish,
        shards=answers.shards or known.init.shards,
        publish_archive=answers.publish_archive or known.init.publish_archive,
        schedule=known.init.schedule or schedule_of(name),
    )


def _asked(known: Configuration) -> tuple[str, str, int, bool]:
    return known.init.ci, known.init.publish, known.init.shards, known.init.publish_archive


def _with_archive(folder: Path, report: InitReport, *, dry_run: bool) -> InitReport:
    """The report with the archive's own file, after making it."""
    path = f"{_ARCHIVE}/archive.json"
    if (folder / path).exists():
        return msgspec.structs.replace(report, kept=(*report.kept, path))
    if not dry_run:
        Archive(folder / _ARCHIVE, create=True)
    return msgspec.structs.replace(report, created=(*report.created, path))


def _render(report: InitReport, folder: Path, new: NewArchive, *, dry_run: bool) -> None:
    for path in report.created:
        write(f"{'would write' if dry_run else 'wrote'} {folder / path}")
    for difference in report.differences:
        write(f"{folder / difference.path} stays; this version would write it differently:")
        for line in difference.diff.splitlines():
            write(line)
    if not report.created and not report.differences:
        write(f"{folder}: {render_count(len(report.kept), 'file')}, nothing to do")
    if report.created and not dry_run:
        if not new.images and str(CONFIGURATION) in report.created:
            write(f"next: list images in {folder / CONFIGURATION}, and read {folder / 'README.md'}")
        else:
            write(f"next: read {folder / 'README.md'}")
