"""`repo-info collect`: registries are asked what tags point at now."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from collector.archive.store import Archive
from collector.cli.common import FOLDER, archive_option, json_option, notices, print_json, progress
from collector.cli.program import PROBLEM, Verb
from collector.cli.terminal import write
from collector.cli.wording import render_count
from collector.errors import UsageError
from collector.model.times import Time, time_of

if TYPE_CHECKING:
    from collector.collect.report import CollectReport
    from collector.collect.settings import Configuration
    from collector.collect.tags import Wanted
    from collector.registry.settings import Settings

_CONFIG = Path("repo-info.toml")


@click.command("collect", cls=Verb)
@click.argument("images", nargs=-1, metavar="[IMAGE[:TAG]]...")
@archive_option
@click.option("--config", type=FOLDER, metavar="FILE", help="What to collect, and how. [default: repo-info.toml]")
@click.option("--dry-run", is_flag=True, help="Ask only what is no pull, write nothing, and say what it would cost.")
@click.option("--insecure", multiple=True, metavar="REGISTRY", help="Speak plain http to this registry.")
@click.option("--allow-vanishing", is_flag=True, help="Record it even where many tags of an image are gone at once.")
@json_option
@click.pass_context
def collect_command(
    context: click.Context,
    *,
    images: tuple[str, ...],
    archive: Path,
    config: Path | None,
    dry_run: bool,
    insecure: tuple[str, ...],
    allow_vanishing: bool,
    as_json: bool,
) -> None:
    """Ask registries what tags point at now, and keep what is new.

    IMAGE stands for all its tags, IMAGE:TAG for one; without any, repo-info.toml says what to collect. A tag that has
    not changed costs one HEAD request, which no registry counts as a pull. Credentials come from the environment,
    Docker's config.json and credential helpers. Ends with 1 where a tag could not be looked at; the next run tries it
    again.

    The configuration, with all that it may say:

    \b
        [[images]]
        name = "python"
        tags = ["3.6-slim", "3.*"]         # names and patterns; all where left out
        exclude = ["*-rc*"]
        [[libraries]]
        path = "library"                   # Docker Official Images' definition files
        [registries."registry.corp:5000"]
        ca_file = "corp.pem"               # also: insecure, concurrency, trusted_hosts
        [collect]
        threads = 16                       # also: vanish_share = 0.3, hub = true

    Example:
        repo-info collect python:3.6-slim alpine --archive archive
    """  # noqa: D301 - click's mark for lines that stay
    from collector.collect.hub import HubReader
    from collector.collect.run import CollectOptions, collect
    from collector.registry.client import RegistryClient
    from collector.registry.hub import HubClient

    configuration, folder = _configuration(config, needed=not images)
    options = CollectOptions(
        threads=configuration.collect.threads,
        is_dry=dry_run,
        vanish_share=configuration.collect.vanish_share,
        allow_vanishing=allow_vanishing,
    )
    wanted = _wanted(images, configuration, folder)
    opened = Archive(archive, create=not dry_run)
    settings = _settings(configuration, folder, insecure)
    with (
        RegistryClient(environment=os.environ, home=Path.home(), settings=settings) as client,
        progress("Collecting") as done,
    ):
        hub = HubReader(HubClient(client)) if configuration.collect.hub and not dry_run else None
        report = collect(client, opened, wanted, now=_now, options=options, hub=hub, progress=done)
    if as_json:
        print_json(report)
    else:
        _render(report, dry_run=dry_run)
    _tell_problems(report)
    if report.failed or report.left:
        context.exit(PROBLEM)


def _now() -> Time:
    return time_of(datetime.now(UTC))


def _configuration(path: Path | None, *, needed: bool) -> tuple[Configuration, Path]:
    """The configuration and the folder that its paths are taken from."""
    from collector.collect.settings import Configuration, read_configuration

    if path is None and not _CONFIG.exists():
        if needed:
            hint = "name images (`repo-info collect python:3.6-slim --archive DIR`), or write a repo-info.toml"
            raise UsageError("nothing to collect", hint=hint)
        return Configuration(), Path()
    path = path or _CONFIG
    return read_configuration(path), path.parent


def _wanted(images: tuple[str, ...], configuration: Configuration, folder: Path) -> list[Wanted]:
    from collector.collect.tags import from_arguments, from_configuration

    wanted = from_arguments(images) if images else from_configuration(configuration, folder)
    if not wanted:
        raise UsageError("nothing to collect", hint="the configuration names no images and no libraries")
    return wanted


def _settings(configuration: Configuration, folder: Path, insecure: tuple[str, ...]) -> Settings:
    from collector.registry.settings import HostSettings, Settings

    hosts = {
        name: HostSettings(
            insecure=table.insecure,
            ca_file=folder / table.ca_file if table.ca_file else None,
            concurrency=table.concurrency,
            trusted_hosts=frozenset(table.trusted_hosts),
        )
        for name, table in configuration.registries.items()
    }
    for name in insecure:
        hosts[name] = HostSettings(insecure=True)
    return Settings(hosts=hosts)


def _render(report: CollectReport, *, dry_run: bool) -> None:
    pulls = sum(image.pulls for image in report.images)
    looked_at = f"{render_count(len(report.images), 'image')}, {render_count(report.looked_at, 'tag')} looked at"
    if dry_run:
        write(f"{looked_at}: {report.changed:,} changed, {report.gone:,} gone; to collect them would cost about")
        write(f"{render_count(pulls, 'pull')}. Nothing was written.")
        return
    write(f"{looked_at}: {report.changed:,} changed, {report.gone:,} gone; {render_count(pulls, 'pull')}")


def _tell_problems(report: CollectReport) -> None:
    notices(iter(report.notices), "notices on this run:")
    notices(
        (f"{one.image}{':' + one.tag if one.tag else ''}: {one.reason}" for one in report.failed),
        f"{render_count(len(report.failed), 'failure')}; the next run tries again:",
    )
    if report.limit_reached:
        when = f"come back at {report.come_back}" if report.come_back else "come back in some hours"
        write(f"repo-info: the limit of pulls is reached, {report.left:,} changed tags are left: {when}", err=True)
