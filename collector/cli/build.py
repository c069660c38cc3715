"""`repo-info build`: the archive as a static site."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from collector.cli.common import EXISTING_FILE, FOLDER, archive_option, json_option
from collector.cli.program import Verb
from collector.cli.shards import assign_archive
from collector.cli.site_build import build, jobs_option, print_report
from collector.cli.site_changes import SiteChanges, changes_options
from collector.errors import UsageError

if TYPE_CHECKING:
    from collector.site.shards import Shard

_MAX_ASSIGNMENT = 64 * 2**20
"""Bytes of the output of `repo-info shards`."""


@click.command("build", cls=Verb)
@archive_option
@click.option("--site", type=FOLDER, required=True, metavar="DIR", help="The folder of the site.")
@jobs_option
@click.option("--full", is_flag=True, help="Render every page again, even unchanged ones.")
@click.option("--site-url", metavar="URL", help="The site's address, for its sitemap and absolute links.")
@click.option("--site-name", metavar="NAME", help="The site's name.")
@click.option(
    "--badges/--no-badges",
    default=None,
    help="Badges for every tag, eight files each. [default: as set in repo-info.toml or mkdocs.yml]",
)
@click.option(
    "--editions",
    metavar="DAYS",
    help="Days such as 2016-12-31,2017-12-31: also publish the site as of the end of each. "
    "`none` for no editions. [default: as set in repo-info.toml or mkdocs.yml]",
)
@click.option(
    "--config",
    type=EXISTING_FILE,
    metavar="FILE",
    help="The settings. [default: repo-info.toml, if it exists]",
)
@click.option("--shard", metavar="K/N", help="Build only part K of N, for `repo-info merge`.")
@click.option(
    "--dealt",
    type=EXISTING_FILE,
    metavar="FILE",
    help="For --shard: the output of `repo-info shards N`, if the archive has only the images of this part.",
)
@click.option(
    "--bases",
    type=EXISTING_FILE,
    metavar="FILE",
    help="For --shard: the file of `repo-info shards N --bases FILE`, in the same case.",
)
@changes_options
@json_option
def build_command(
    *,
    archive: Path,
    site: Path,
    jobs: int,
    full: bool,
    site_url: str | None,
    site_name: str | None,
    badges: bool | None,
    editions: str | None,
    config: Path | None,
    shard: str | None,
    dealt: Path | None,
    bases: Path | None,
    changes: Path | None,
    since: str | None,
    as_json: bool,
) -> None:
    """Build the static site of an archive.

    Only pages that changed since the last build are rendered. The old site stays unchanged until the new one is
    complete. An edition, the site as of a day, is not affected by later changes of the archive.

    repo-info.toml may contain these settings. Options take precedence:

    \b
        [site]
        name = "Our images"
        url = "https://images.example.org/"
        badges = true
        editions = ["2016-12-31", "2017-12-31"]
        markdown = true     # also the Markdown of each page
        plain_data = true   # also the compressed files uncompressed
        packages = "now"    # only packages of present images; false: none
        limit_bytes = 1_000_000_000    # leave out pages that a script replaces
        limit_files = 250_000

    Examples:
        repo-info build --archive examples/archive --site site
        repo-info build --archive examples/archive --site site --editions 2016-12-31
        repo-info build --archive examples/archive --site site --changes changes --since last/files.txt
    """  # noqa: D301 - click's mark for lines that stay
    from collector.configuration import SiteTable, find_configuration

    if (dealt or bases) and not shard:
        option = "--dealt" if dealt else "--bases"
        raise UsageError(f"{option} without --shard", hint="name the shard: --shard K/N")
    if changes and shard:
        raise UsageError("--changes with --shard", hint="name the folder for the lists when you merge")
    asked = SiteChanges(site, changes, since)
    given = SiteTable(url=site_url or None, name=site_name or None, badges=badges, editions=_editions(editions))
    report = build(
        archive,
        site,
        jobs=jobs,
        full=full,
        settings=given.or_else(find_configuration(config).site),
        shard=_shard(archive, shard, dealt) if shard else None,
        bases=bases,
    )
    print_report(report, site, asked.write(), as_json=as_json)


def _editions(option: str | None) -> tuple[str, ...] | None:
    """The days of `--editions`; None if the option is not given.

    Raises:
        UsageError: they are not days in the past.
    """
    from collector.configuration import parse_editions

    if option is None:
        return None
    return parse_editions(day.strip() for day in option.split(",")) if option != "none" else ()


def _shard(archive: Path, text: str, dealt: Path | None) -> Shard:
    """The shard of `--shard`.

    Raises:
        UsageError: it is invalid, or the file is not the output of `repo-info shards`.
    """
    from collector.site.shards import Shard, parse_shard

    number, of = parse_shard(text)
    images = _read_assignment(dealt, of) if dealt else assign_archive(archive, of)
    return Shard(number=number, of=of, images=images)


def _read_assignment(path: Path, of: int) -> dict[str, int]:
    from collector.site.shards import parse_assignment

    with path.open("rb") as file:
        content = file.read(_MAX_ASSIGNMENT + 1)
    if len(content) > _MAX_ASSIGNMENT:
        raise UsageError(f"{path}: larger than {_MAX_ASSIGNMENT} bytes", hint="check that it is the right file")
    try:
        return parse_assignment(content.decode(errors="replace"), of)
    except UsageError as error:
        raise UsageError(f"{path}: {error}", hint=error.hint) from None
