"""`repo-info packages`: the packages of a tag, also as an SBOM."""

from __future__ import annotations

from collections.abc import Sequence

import click

from collector import __version__
from collector.cli.common import json_option, load, print_json, source_options
from collector.cli.program import Verb
from collector.cli.renderers import render_count
from collector.cli.terminal import Styled, write
from collector.errors import NotFound, UsageError
from collector.lookup.repository_facts import RepositoryFacts, Source
from collector.lookup.tag_packages import UNKNOWN, PlatformPackages, only_scanned, read_packages, scanned_images
from collector.model.packages import BY_PAGE
from collector.model.references import Asked, parse_asked
from collector.model.times import render_day
from collector.sbom.cyclonedx_document import cyclonedx_document
from collector.sbom.spdx_document import spdx_document
from collector.sbom.subject import Subject


@click.command("packages", cls=Verb)
@click.argument("asked", type=parse_asked, metavar="IMAGE:TAG")
@click.option("--platform", metavar="P", help="Only this platform, such as linux/arm64.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["spdx", "cyclonedx", "purl"]),
    help="Print one platform as SPDX 2.3, as CycloneDX 1.6, or as one package URL per line.",
)
@source_options
@json_option
def packages_command(*, asked: Asked, platform: str | None, form: str | None, source: Source, as_json: bool) -> None:
    """Print the packages of a tag, now or at a date.

    The date follows the tag: IMAGE:TAG@DATE. The archive has packages from the SBOM of an image, or from a page in
    repo-info's local/ folder; the answer names the source. A platform without a list is "not known".

    Examples:
        repo-info packages app:1 --archive archive
        repo-info packages app:1@2025-10-01 --platform linux/amd64 --format spdx --archive archive
    """
    if form and as_json:
        raise UsageError("--format and --json", hint="give only one of them")
    facts = load(source, asked.repository)
    if form:
        _write_document(facts, asked, platform, form)
        return
    found = read_packages(facts, asked, platform)
    if as_json:
        print_json(found)
    else:
        _render(found.platforms)
    if not any(one.by for one in found.platforms):
        raise NotFound(f"{asked.repository.familiar}: the packages are not known", hint=UNKNOWN)


def _write_document(facts: RepositoryFacts, asked: Asked, platform: str | None, form: str) -> None:
    name = f"{asked.repository.familiar}:{asked.tag}" if asked.tag else asked.repository.familiar
    image, known = only_scanned(scanned_images(facts, asked, platform), name)
    subject = Subject(asked.repository, asked.tag, image.manifest, known)
    match form:
        case "spdx":
            print_json(spdx_document(subject, f"repo-info-{__version__}"))
        case "cyclonedx":
            print_json(cyclonedx_document(subject, __version__))
        case _:
            for package in known.packages.packages:
                write(subject.package_purl(package))


def _render(platforms: Sequence[PlatformPackages]) -> None:
    """A table for each list; platforms with equal lists share one."""
    shared: dict[tuple[object, ...], list[PlatformPackages]] = {}
    for one in platforms:
        shared.setdefault((one.by, one.packages), []).append(one)
    for group in shared.values():
        _render_list(group[0], ", ".join(one.platform for one in group))


def _render_list(found: PlatformPackages, platforms: str) -> None:
    if found.by is None or found.time is None:
        write(Styled(platforms, "bold"), "  not known")
        return
    who = "a page of repo-info" if found.by == BY_PAGE else found.by
    left_out = f"; entries left out: {found.left_out:,}" if found.left_out else ""
    count = render_count(len(found.packages), "package")
    write(Styled(platforms, "bold"), f"  {count}, as named by {who}, read {render_day(found.time)}{left_out}")
    for row in found.packages:
        source = f"  from {row.source} {row.source_version}".rstrip() if row.source else ""
        licence = f"  {row.licence}" if row.licence else ""
        write(f"  {row.type}  {row.name} {row.version}{source}", Styled(licence, "dim"))
