"""`repo-info describe --push`: writes the description to Docker Hub if it differs."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from collector.cli.common import notices
from collector.cli.description_sources import PushReport, Sources, describe
from collector.cli.terminal import Part, Styled, write
from collector.errors import RepoInfoError
from collector.model.references import Repository

if TYPE_CHECKING:
    from collector.describe.push_plan import Plan


def push(name: Repository, sources: Sources, *, hub_url: str, is_dry: bool, is_sure: bool, quiet: bool) -> PushReport:
    """Write the texts that differ; print the difference unless quiet.

    Raises:
        RepoInfoError: the text of another author would be replaced, and nobody agreed to that.
        RegistryError: Docker Hub cannot be reached, or refuses.
    """
    from collector.describe.push_plan import Texts, plan, texts_to_push
    from collector.describe.site import Site
    from collector.registry.client import RegistryClient
    from collector.registry.hub.descriptions import HubDescriptions, credential_from

    description = describe(name, sources)
    target = _target(name, sources)
    page = Site(sources.site_url).image(name) if sources.site_url else description.full_url
    wanted, fitted = texts_to_push(description, page)
    notices(iter(fitted.notices), f"{name} is over Docker Hub's limits:")
    with RegistryClient(environment=os.environ, home=Path.home(), run=Path("/run")) as client:
        hub = HubDescriptions(client, address=hub_url, credential=credential_from(os.environ))
        if not is_dry:
            hub.check_may_write(target)
        there = hub.read(target)
        planned = plan(Texts(short=there.short, full=there.full), wanted)
        if not quiet:
            _show(planned)
        changed = tuple(field for field, text in (("short", planned.short), ("full", planned.full)) if text is not None)
        if changed and not is_dry:
            if planned.loses and not is_sure:
                _ask(target, planned)
            hub.write(target, short=planned.short, full=planned.full)
    return PushReport(image=target.familiar, changed=changed, loses=planned.loses, written=bool(changed) and not is_dry)


def render_pushed(report: PushReport) -> None:
    """Print one line on what was done."""
    what = " and ".join(
        {"short": "the short description", "full": "the description"}[field] for field in report.changed
    )
    if report.written:
        write(f"{report.image}: {what} written")
    elif report.changed:
        lost = " It would replace a text that repo-info did not write." if report.loses else ""
        write(f"{report.image}: {what} to be written.{lost} Nothing was written.")
    else:
        write(f"{report.image}: nothing to write, Docker Hub is up to date")


def _target(name: Repository, sources: Sources) -> Repository:
    """The repository on Docker Hub; the builds for one architecture have their own."""
    from collector.describe.official import namespace_of

    if not sources.arch:
        return name
    return Repository(registry=name.registry, path=f"{namespace_of(sources.arch)}/{name.familiar}")


def _show(planned: Plan) -> None:
    for line in planned.difference:
        part: Part = line
        if line.startswith("+"):
            part = Styled(line, "added")
        elif line.startswith("-"):
            part = Styled(line, "removed")
        write(part)


def _ask(target: Repository, planned: Plan) -> None:
    what = " and the ".join(planned.loses)
    if sys.stdin.isatty():
        try:
            may = click.confirm(f"repo-info did not write the {what} of {target} on Docker Hub. Replace it?", err=True)
        except click.Abort:
            raise KeyboardInterrupt from None
        if may:
            return
        raise RepoInfoError(f"{target}: nothing was written", hint="answer yes, or give --yes, to replace the text")
    hint = "look at the difference; --yes replaces it"
    raise RepoInfoError(f"{target}: repo-info did not write the {what} on Docker Hub; nothing was written", hint=hint)
