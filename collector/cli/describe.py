"""`repo-info describe`: the description of an image for Docker Hub."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import msgspec

from collector.archive.store import Archive
from collector.cli.common import FOLDER, image, load, notices
from collector.cli.program import Verb
from collector.cli.terminal import write_bytes
from collector.describe.descriptions import SECTIONS, Description, Section
from collector.errors import UsageError
from collector.model.references import Repository


class _Options(msgspec.Struct, frozen=True, kw_only=True):
    """Of what a description is made."""

    archive: Path | None
    library_dir: Path | None
    docs_dir: Path | None
    arch: str | None
    site_url: str
    source_url: str
    sections: tuple[Section, ...]


@click.command("describe", cls=Verb)
@click.argument("name", type=image, metavar="IMAGE")
@click.option(
    "--archive",
    type=FOLDER,
    metavar="DIR",
    envvar="REPO_INFO_ARCHIVE",
    show_envvar=True,
    help="The archive's folder: it has the tags.",
)
@click.option("--library-dir", type=FOLDER, metavar="DIR", help="Definition files, one for each image: they have them.")
@click.option("--docs-dir", type=FOLDER, metavar="DIR", help="The parts: a folder for each image.")
@click.option("--arch", metavar="ARCH", help="For the repository of one architecture: arm64v8, windows-amd64.")
@click.option(
    "--site-url",
    metavar="URL",
    default="",
    envvar="REPO_INFO_SITE_URL",
    show_envvar=True,
    help="Where the site is published, to be linked to.",
)
@click.option(
    "--source-url", metavar="URL", default="", help="Where the parts are published; relative links lead there."
)
@click.option(
    "--section",
    "sections",
    type=click.Choice(SECTIONS),
    multiple=True,
    help="Only this; may be given again, in order.",
)
@click.option("--fit", "is_fitted", is_flag=True, help="Within the limits of Docker Hub, and without HTML.")
@click.option("--short", "is_short", is_flag=True, help="Print the short description, of 100 bytes at most.")
def describe_command(*, name: Repository, is_fitted: bool, is_short: bool, **options: Any) -> None:
    """Print the description of an image, as Docker Hub shows it.

    With --archive its tags, their platforms, sizes and dates are those of the archive, and each links to its page on
    the site; what else there is to say comes from the folder of parts (DIR/NAME/content.md, license.md,
    README-short.txt and others). It fits Docker Hub.

    With --library-dir it has the form of the Docker Official Images, from a definition file (DIR/IMAGE, as those in
    docker-library/official-images) and a folder of parts as in docker-library/docs. It fits with --fit.

    Examples:
        repo-info describe acme/web --archive archive --docs-dir docs --site-url https://acme.example/images/
        repo-info describe python --library-dir official-images/library --docs-dir docs --arch arm64v8
    """
    from collector.describe.fitting import fit

    chosen = _Options(**options)
    description = _description(name, chosen)
    if chosen.library_dir and not is_fitted and not is_short:
        write_bytes(description.text.encode())
        return
    fitted = fit(description)
    notices(iter(fitted.notices), f"{name} does not fit Docker Hub as it is:")
    write_bytes(f"{fitted.short}\n".encode() if is_short else fitted.text.encode())


def _description(name: Repository, options: _Options) -> Description:
    if options.library_dir:
        return _official(name, options.library_dir, options)
    if options.archive:
        return _published(name, options.archive, options)
    hint = "--archive DIR has the tags, or --library-dir DIR, for a Docker Official Image"
    raise UsageError("of what is the description to be made?", hint=hint)


def _official(name: Repository, library: Path, options: _Options) -> Description:
    from collector.describe.official import describe_official
    from collector.describe.site import Site

    if name.registry != "docker.io" or not name.path.startswith("library/"):
        raise UsageError(f"{name} is no Docker Official Image", hint="name one as python")
    if not options.docs_dir:
        raise UsageError("--library-dir goes with --docs-dir", hint="as docker-library/docs")
    _refuse(source_url=options.source_url, section=options.sections)
    all_tags = Site(options.site_url).image(name) if options.site_url else ""
    return describe_official(
        name.familiar, library=library, docs=options.docs_dir, architecture=options.arch, all_tags=all_tags
    )


def _published(name: Repository, path: Path, options: _Options) -> Description:
    from collector.describe.publisher import describe_published
    from collector.describe.site import Site

    if not options.site_url:
        raise UsageError("--archive goes with --site-url", hint="the address of the site, which the tags link to")
    _refuse(arch=options.arch)
    archive = Archive(path)
    return describe_published(
        load(archive, name),
        Site(options.site_url, archive.repositories()),
        docs=options.docs_dir,
        source_url=options.source_url,
        sections=options.sections or SECTIONS,
    )


def _refuse(**options: object) -> None:
    """Options that mean nothing here would be an error that nobody sees."""
    for name, value in options.items():
        if value:
            raise UsageError(f"--{name.replace('_', '-')} does not go with these options", hint="see --help")
