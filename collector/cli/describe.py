"""`repo-info describe`: the description of an image for Docker Hub."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from collector.cli.common import FOLDER, image, json_option, notices, print_json
from collector.cli.describe_check import check, render_link_report
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
    help="The archive with the tags.",
)
@click.option("--library-dir", type=FOLDER, metavar="DIR", help="A folder of definition files with the tags.")
@click.option("--docs-dir", type=FOLDER, metavar="DIR", help="The folder of parts, with a folder for each image.")
@click.option(
    "--arch", metavar="ARCH", help="Describe the builds for one architecture, such as arm64v8 or windows-amd64."
)
@click.option(
    "--site-url",
    metavar="URL",
    default="",
    envvar="REPO_INFO_SITE_URL",
    show_envvar=True,
    help="The address of the published site.",
)
@click.option(
    "--source-url", metavar="URL", default="", help="The address of the parts, from which relative links start."
)
@click.option(
    "--section",
    "sections",
    type=click.Choice(SECTIONS),
    multiple=True,
    help="Only this section; may be repeated, in the wanted order.",
)
@click.option(
    "--fit", "is_fitted", is_flag=True, help="With --library-dir: keep within Docker Hub's limits, without HTML."
)
@click.option("--short", "is_short", is_flag=True, help="Print the short description, of at most 100 bytes.")
@click.option("--check", "is_check", is_flag=True, help="Print the links that lead to no page of the site.")
@click.option("--site", type=FOLDER, metavar="DIR", help="For --check: the built site.")
@click.option("--text", type=FOLDER, metavar="FILE", help="For --check: an existing description; - for standard input.")
@click.option("--push", "is_push", is_flag=True, help="Write it to Docker Hub if it differs from the text there.")
@click.option("--dry-run", is_flag=True, help="With --push: show the difference and write nothing.")
@click.option(
    "--yes",
    "is_sure",
    is_flag=True,
    help="With --push: replace texts that repo-info did not write.",
)
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
    """Print the description of an image for Docker Hub.

    With --archive, the description lists the tags with their platforms, sizes and dates. Each tag links to its page on
    the site. The other texts come from the folder of parts (DIR/NAME/content.md, license.md, README-short.txt and
    others). The description keeps within the limits of Docker Hub.

    With --library-dir, the description has the form of the Docker Official Images. It is made from a definition file
    (DIR/IMAGE, as in docker-library/official-images) and a folder of parts (as in docker-library/docs).

    Examples:
        repo-info describe hello-world --archive examples/archive --site-url https://acme.example/images/
        repo-info describe acme/web --archive archive --docs-dir docs --site-url https://acme.example/images/
        repo-info describe python --library-dir official-images/library --docs-dir docs --arch arm64v8
        repo-info describe acme/web --archive archive --site-url https://acme.example/images/ --push --dry-run
        repo-info describe --check --text web.md --site site --site-url https://acme.example/images/
    """
    made = Sources(**sources)
    if is_check:
        checked = check(name, made, site=site, text=text)
        print_json(checked) if as_json else render_link_report(checked)
        context.exit(PROBLEM if checked.dead else DONE)
    if name is None or text or site:
        hint = "give the name of an image" if name is None else "use --site and --text only with --check"
        raise UsageError("no image to describe" if name is None else "--site or --text without --check", hint=hint)
    if is_push:
        pushed = push(name, made, hub_url=hub_url, is_dry=dry_run, is_sure=is_sure, quiet=as_json)
        print_json(pushed) if as_json else render_pushed(pushed)
        return
    if dry_run or is_sure:
        raise UsageError("--dry-run or --yes without --push", hint="add --push")
    report = report_on(name, made, is_fitted=is_fitted)
    notices(iter(report.notices), f"{name} is over Docker Hub's limits:")
    if as_json:
        print_json(report)
    else:
        write_bytes(f"{report.short}\n".encode() if is_short else report.text.encode())
