"""`repo-info describe`: the description of an image for Docker Hub."""

from __future__ import annotations

from pathlib import Path

import click

from collector.cli.common import FOLDER, image
from collector.cli.program import Verb
from collector.cli.terminal import write_bytes
from collector.errors import UsageError
from collector.model.references import Repository


@click.command("describe", cls=Verb)
@click.argument("name", type=image, metavar="IMAGE")
@click.option("--library-dir", type=FOLDER, required=True, metavar="DIR", help="Definition files, one for each image.")
@click.option("--docs-dir", type=FOLDER, required=True, metavar="DIR", help="The parts: a folder for each image.")
@click.option("--arch", metavar="ARCH", help="For the repository of one architecture: arm64v8, windows-amd64.")
def describe_command(name: Repository, library_dir: Path, docs_dir: Path, arch: str | None) -> None:
    """Print the description of an image, as Docker Hub shows it.

    It has the form of the Docker Official Images, from a definition file (DIR/IMAGE, as those in
    docker-library/official-images) and a folder of parts (DIR/IMAGE/content.md and others, as in docker-library/docs).

    Example:
        repo-info describe python --library-dir official-images/library --docs-dir docs --arch arm64v8
    """
    from collector.describe.official import describe_official

    if name.registry != "docker.io" or not name.path.startswith("library/"):
        raise UsageError(f"{name} is no Docker Official Image", hint="name one as python")
    official = describe_official(name.familiar, library=library_dir, docs=docs_dir, architecture=arch)
    write_bytes(official.text.encode())
