"""`repo-info collect`: asks registries what tags point at now, and records what is new."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from collector.archive.store import Archive
from collector.cli.common import FOLDER, archive_option, json_option, notices, print_json, progress
from collector.cli.logs import logs
from collector.cli.program import PROBLEM, Verb
from collector.cli.renderers import render_count
from collector.cli.terminal import write
from collector.errors import UsageError
from collector.model.times import Time, parse_as_of, time_of

if TYPE_CHECKING:
    from collector.collect.report import CollectReport, FailedTag
    from collector.collect.selection import Wanted
    from collector.configuration import Configuration
    from collector.registry.settings import Settings


@click.command("collect", cls=Verb)
@click.argument("images", nargs=-1, metavar="[IMAGE[:TAG]]...")
@archive_option
@click.option("--config", type=FOLDER, metavar="FILE", help="The settings. [default: repo-info.toml]")
@click.option(
    "--dry-run", is_flag=True, help="Write nothing, make no pulls, and print the pulls that a collection would cost."
)
@click.option("--insecure", multiple=True, metavar="REGISTRY", help="Use HTTP without TLS for this registry.")
@click.option("--allow-vanishing", is_flag=True, help="Record deletions even if many tags of an image vanish at once.")
@click.option(
    "--rehearse",
    type=parse_as_of,
    metavar="TIME",
    help="Record everything under this time, to try out a history.",
)
@click.option("--packages", is_flag=True, help="Also read SBOMs from runs of versions that recorded no packages.")
@click.option("--log", type=FOLDER, metavar="FILE", help="Append a line for every event to this file.")
@click.option("-v", "--verbose", is_flag=True, help="Print the same lines on standard error.")
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
    rehearse: Time | None,
    packages: bool,
    log: Path | None,
    verbose: bool,
    as_json: bool,
) -> None:
    """Ask registries what tags point at now, and record what is new.

    IMAGE stands for all its tags, IMAGE:TAG for one tag, 'IMAGE:3.*' for the tags that match. Without arguments, the
    command collects what repo-info.toml lists. It creates the archive if there is none. A tag that has not changed
    costs one HEAD request, which no registry counts as a pull. Credentials come from `docker login`. If a tag cannot be
    read, the exit code is 1, and the next run tries again.

    repo-info.toml may contain:

    \b
        [[images]]
        name = "python"
        tags = ["3.6-slim", "3.*"]         # names and patterns; all if left out
        exclude = ["*-rc*"]
        [[libraries]]
        path = "library"                   # Docker Official Images' definitions
        [registries."registry.corp:5000"]
        ca_file = "corp.pem"               # also: insecure, concurrency
        [collect]
        threads = 16     # also: vanish_share, hub, layer_dates, referrers

    Examples:
        repo-info collect python:3.6-slim alpine --archive archive
        repo-info collect localhost:5000/team/app --archive archive --dry-run
        repo-info collect localhost:5000/team/app --archive trial --rehearse 2026-11-01
    """  # noqa: D301 - click's mark for lines that stay
    from collector.collect.hub import HubReader
    from collector.collect.run import collect
    from collector.collect.run_context import CollectOptions
    from collector.configuration import find_configuration
    from collector.registry.client import RegistryClient
    from collector.registry.hub.client import HubClient

    configuration = find_configuration(config)
    folder = config.parent if config else Path()  # its paths are relative to it
    options = CollectOptions(
        threads=configuration.collect.threads,
        is_dry=dry_run,
        vanish_share=configuration.collect.vanish_share,
        allow_vanishing=allow_vanishing,
        packages=packages,
        layer_dates=configuration.collect.layer_dates,
        referrers=configuration.collect.referrers,
        rehearsal=rehearse,
    )
    wanted = _wanted(images, configuration, folder)
    settings = _settings(configuration, folder, insecure)
    with (
        logs(log, verbose=verbose),
        _opened(archive, is_dry=dry_run) as opened,
        RegistryClient(environment=os.environ, home=Path.home(), run=Path("/run"), settings=settings) as client,
        progress("Collecting", wanted=not verbose) as done,
    ):
        hub = HubReader(HubClient(client)) if configuration.collect.hub and not dry_run else None
        report = collect(client, opened, wanted, now=_now, options=options, hub=hub, progress=done)
    if as_json:
        print_json(report)
    else:
        _render(report, dry_run=dry_run)
    _print_problems(report)
    if report.failed or report.left:
        context.exit(PROBLEM)


def _now() -> Time:
    return time_of(datetime.now(UTC))


@contextmanager
def _opened(path: Path, *, is_dry: bool) -> Iterator[Archive]:
    """The archive; for a dry run without one, an empty temporary archive."""
    if is_dry and not (path / "archive.json").exists():
        with TemporaryDirectory() as folder:
            yield Archive(Path(folder) / "archive", create=True)
    else:
        yield Archive(path, create=not is_dry)


def _wanted(images: tuple[str, ...], configuration: Configuration, folder: Path) -> list[Wanted]:
    from collector.collect.selection import from_arguments, from_configuration

    wanted = from_arguments(images) if images else from_configuration(configuration, folder)
    if not wanted:
        hint = "name images (`repo-info collect python:3.6-slim --archive DIR`), or list them in repo-info.toml"
        raise UsageError("nothing to collect", hint=hint)
    return wanted


def _settings(configuration: Configuration, folder: Path, insecure: tuple[str, ...]) -> Settings:
    from collector.configuration import RegistryTable
    from collector.registry.settings import HostSettings, Settings

    tables = {**{name: RegistryTable(insecure=True) for name in insecure}, **configuration.registries}
    hosts = {
        name: HostSettings(
            insecure=table.insecure or name in insecure,
            ca_file=folder / table.ca_file if table.ca_file else None,
            concurrency=table.concurrency,
            trusted_hosts=frozenset(table.trusted_hosts),
        )
        for name, table in tables.items()
    }
    return Settings(hosts=hosts)


def _render(report: CollectReport, *, dry_run: bool) -> None:
    looked_at = f"{render_count(len(report.images), 'image')}, {render_count(report.looked_at, 'tag')} looked at"
    news = f"{report.changed:,} changed, {report.gone:,} gone"
    pulls = render_count(report.pulls, "pull")
    if report.sboms:
        pulls += f" and {render_count(report.sboms, 'SBOM')}"
    if dry_run:
        write(f"{looked_at}: {news}; a collection would cost about {pulls}. Nothing was written.")
    else:
        write(f"{looked_at}: {news}; {pulls}")


def _print_problems(report: CollectReport) -> None:
    notices(iter(report.notices), "notices about this run:")
    notices(
        (_problem(failed) for image in report.images for failed in image.failed),
        f"{render_count(report.failed, 'failure')}; the next run tries again:",
    )
    if report.limit_reached:
        when = f"try again at {report.come_back}" if report.come_back else "try again in some hours"
        left = render_count(report.left, "tag")
        write(f"repo-info: the limit of pulls is reached, with {left} left for the next run: {when}", err=True)


def _problem(failed: FailedTag) -> str:
    """A failure in one line. If its reason begins with the name of the tag, the name is not repeated."""
    subject = f"{failed.image}:{failed.tag}" if failed.tag else failed.image
    return failed.reason if failed.reason.startswith(f"{subject}: ") else f"{subject}: {failed.reason}"
