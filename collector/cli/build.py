"""`repo-info build`: the archive as a static site."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from collector.cli.common import FOLDER, archive_option, json_option, print_json
from collector.cli.program import Verb
from collector.cli.shards import deal_archive
from collector.cli.site_build import build, jobs_option, render_report
from collector.errors import UsageError

if TYPE_CHECKING:
    from collector.configuration import SiteTable
    from collector.site.shards import Shard

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command("build", cls=Verb)
@archive_option
@click.option("--site", type=FOLDER, required=True, metavar="DIR", help="Where the site is, or is to be.")
@jobs_option
@click.option("--full", is_flag=True, help="Make every page again, even where nothing changed.")
@click.option("--site-url", metavar="URL", help="The site's own address, for whole links and a sitemap.")
@click.option("--site-name", metavar="NAME", help="What the site is called.")
@click.option(
    "--badges/--no-badges",
    default=None,
    help="Badges of every tag, eight files each. [default: as mkdocs.yml says]",
)
@click.option(
    "--editions",
    metavar="DAYS",
    help="Days that are past, as 2016-12-31,2017-12-31: the site as it stood at the end of each, beside the current "
    "one. `none` for none. [default: as repo-info.toml or mkdocs.yml says]",
)
@click.option("--config", type=FILE, metavar="FILE", help="What the site is. [default: repo-info.toml, where it is]")
@click.option("--shard", metavar="K/N", help="Only part K of N; `repo-info merge` makes all parts a site.")
@click.option(
    "--dealt", type=FILE, metavar="FILE", help="What `repo-info shards N` printed, where the archive is not whole."
)
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
    as_json: bool,
) -> None:
    r"""Build the static site of an archive.

    Only what changed since the last build is made again. Until the new site is whole, the old one stays as it is.
    An edition is made once: what comes later does not change it. Its size is told with every build.

    What repo-info.toml may say, where an option does not:

    \b
        [site]
        name = "Our images"
        url = "https://images.example.org/"
        badges = true
        editions = ["2016-12-31", "2017-12-31"]

    Examples:
        repo-info build --archive examples/archive --site site
        repo-info build --archive examples/archive --site site --editions 2016-12-31
    """
    if dealt and not shard:
        raise UsageError("--dealt without --shard", hint="say which shard: --shard K/N")
    of = _shard(archive, shard, dealt) if shard else None
    said = _site_table(config)
    report = build(
        archive,
        site,
        jobs=jobs,
        full=full,
        site_url=site_url or said.url,
        site_name=site_name or said.name,
        badges=said.badges if badges is None else badges,
        editions=_editions(editions, said.editions),
        shard=of,
    )
    if as_json:
        print_json(report)
    else:
        render_report(report, site)


def _site_table(config: Path | None) -> SiteTable:
    """What repo-info.toml says of the site.

    Raises:
        UsageError: it makes no sense.
    """
    from collector.configuration import CONFIGURATION, SiteTable, read_configuration

    path = config or CONFIGURATION
    return read_configuration(path).site if config or path.is_file() else SiteTable()


def _editions(option: str | None, said: tuple[str, ...] | None) -> tuple[str, ...] | None:
    """The days of `--editions` or, where it is not given, those of repo-info.toml.

    Raises:
        UsageError: they are not days, or not past.
    """
    from collector.pages.options import parse_editions

    if option is None:
        return parse_editions(said) if said is not None else None
    return parse_editions(day.strip() for day in option.split(",")) if option != "none" else ()


def _shard(archive: Path, text: str, dealt: Path | None) -> Shard:
    """The shard that was asked for.

    Raises:
        UsageError: there is no such, or the file is not what `repo-info shards` printed.
    """
    from collector.site.shards import Shard, parse_dealt, parse_shard

    number, of = parse_shard(text)
    if dealt:
        images = parse_dealt(dealt.read_text(encoding="utf-8", errors="replace"), of)
    else:
        images = deal_archive(archive, of)
    return Shard(number=number, of=of, images=images)
