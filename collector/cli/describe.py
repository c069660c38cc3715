"""`repo-info describe`: the description of an image for Docker Hub."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from collector.cli.common import FOLDER, image, notices
from collector.cli.program import Verb
from collector.cli.terminal import write_bytes
from collector.errors import UsageError
from collector.model.references import Repository

if TYPE_CHECKING:
    from collector.describe.descriptions import Description


@click.command("describe", cls=Verb)
@click.argument("name", type=image, metavar="IMAGE")
@click.option("--library-dir", type=FOLDER, required=True, metavar="DIR", help="Definition files, one for each image.")
@click.option("--docs-dir", type=FOLDER, required=True, metavar="DIR", help="The parts: a folder for each image.")
@click.option("--arch", metavar="ARCH", help="For the repository of one architecture: arm64v8, windows-amd64.")
@click.option("--site-url", metavar="URL", default="", help="Where the site is published, to be linked to.")
@click.option("--fit", "is_fitted", is_flag=True, help="Within the limits of Docker Hub, and without HTML.")
@click.option("--short", "is_short", is_flag=True, help="Print the short description, of 100 bytes at most.")
def describe_command(
    *,
    name: Repository,
    library_dir: Path,
    docs_dir: Path,
    arch: str | None,
    site_url: str,
    is_fitted: bool,
    is_short: bool,
) -> None:
    """Print the description of an image, as Docker Hub shows it.

    It has the form of the Docker Official Images, from a definition file (DIR/IMAGE, as those in
    docker-library/official-images) and a folder of parts (DIR/IMAGE/content.md and others, as in docker-library/docs).

    Example:
        repo-info describe python --library-dir official-images/library --docs-dir docs --arch arm64v8
    """
    from collector.describe.fitting import fit

    description = _official(name, library_dir, docs_dir, arch, site_url)
    if not is_fitted and not is_short:
        write_bytes(description.text.encode())
        return
    fitted = fit(description)
    notices(iter(fitted.notices), f"{name} does not fit Docker Hub as it is:")
    write_bytes(f"{fitted.short}\n".encode() if is_short else fitted.text.encode())


def _official(name: Repository, library_dir: Path, docs_dir: Path, arch: str | None, site_url: str) -> Description:
    from collector.describe.official import describe_official
    from collector.describe.site import Site

    if name.registry != "docker.io" or not name.path.startswith("library/"):
        raise UsageError(f"{name} is no Docker Official Image", hint="name one as python")
    all_tags = Site(site_url).image(name) if site_url else ""
    return describe_official(name.familiar, library=library_dir, docs=docs_dir, architecture=arch, all_tags=all_tags)
