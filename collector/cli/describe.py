"""`repo-info describe`: the description of an image for Docker Hub."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from collector.cli.common import FOLDER, image, json_option, notices, print_json
from collector.cli.describe_check import check, render_checked
from collector.cli.describe_push import push, render_pushed
from collector.cli.description_sources import Sources, report_on
from collector.cli.program import DONE, PROBLEM, Verb
from collector.cli.terminal import write_bytes
from collector.describe.descriptions import SECTIONS
from collector.errors import UsageError
from collector.model.references import Repository


@click.command("describe", cls=Verb)
@click.argument("name", type=image, metavar="IMAGE", required=False)
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
    help="Where the site is published.",
)
@click.option(
    "--source-url", metavar="URL", default="", help="Where the parts are published; relative links lead there."
)
@click.option(
    "--section", "sections", type=click.Choice(SECTIONS), multiple=True, help="Only this; may be given again, in order."
)
@click.option("--fit", "is_fitted", is_flag=True, help="Within the limits of Docker Hub, and without HTML.")
@click.option("--short", "is_short", is_flag=True, help="Print the short description, of 100 bytes at most.")
@click.option("--check", "is_check", is_flag=True, help="Only say which links into the site lead nowhere.")
@click.option("--site", type=FOLDER, metavar="DIR", help="The built site, for --check.")
@click.option(
    "--text", type=FOLDER, metavar="FILE", help="For --check: a description that is there; - for standard input."
)
@click.option("--push", "is_push", is_flag=True, help="Write it to Docker Hub, where it differs from what is there.")
@click.option("--dry-run", is_flag=True, help="With --push: show the difference, and write nothing.")
@click.option("--yes", "is_sure", is_flag=True, help="With --push: replace also what repo-info did not write.")
@click.option("--hub-url", default="https://hub.docker.com", hidden=True, help="Docker Hub's own API.")
@json_option
@click.pass_context
def describe_command(
    context: click.Context,
    /,
    *,
    name: Repository | None,
    is_fitted: bool,
    is_short: bool,
    is_check: bool,
    site: Path | None,
    text: Path | None,
    is_push: bool,
    dry_run: bool,
    is_sure: bool,
    hub_url: str,
    as_json: bool,
    **sources: Any,
) -> None:
    """Print the description of an image, as Docker Hub shows it.

    With --archive its tags, their platforms, sizes and dates are those of the archive, and each links to its page on
    the site; what else there is to say comes from the folder of parts (DIR/NAME/content.md, license.md,
    README-short.txt and others). It fits Docker Hub.

    With --library-dir it has the form of the Docker Official Images, from a definition file (DIR/IMAGE, as those in
    docker-library/official-images) and a folder of parts as in docker-library/docs. It fits with --fit.

    Examples:
        repo-info describe acme/web --archive archive --docs-dir docs --site-url https://acme.example/images/
        repo-info describe python --library-dir official-images/library --docs-dir docs --arch arm64v8
        repo-info describe acme/web --archive archive --site-url https://acme.example/images/ --push --dry-run
        repo-info describe --check --text web.md --site site --site-url https://acme.example/images/
    """
    made = Sources(**sources)
    if is_check:
        checked = check(name, made, site=site, text=text)
        print_json(checked) if as_json else render_checked(checked)
        context.exit(PROBLEM if checked.dead else DONE)
    if name is None or text or site:
        hint = "give the name of an image" if name is None else "--site and --text go with --check"
        raise UsageError("what is to be described?", hint=hint)
    if is_push:
        pushed = push(name, made, hub_url=hub_url, is_dry=dry_run, is_sure=is_sure, quiet=as_json)
        print_json(pushed) if as_json else render_pushed(pushed)
        return
    if dry_run or is_sure:
        raise UsageError("--dry-run and --yes go with --push")
    report = report_on(name, made, is_fitted=is_fitted)
    notices(iter(report.notices), f"{name} does not fit Docker Hub as it is:")
    if as_json:
        print_json(report)
    else:
        write_bytes(f"{report.short}\n".encode() if is_short else report.text.encode())
