"""`repo-info.toml`: what to collect and from where, and what the site is called. Every verb reads it here.

    [site]
    name = "Our images"
    url = "https://images.example.org/"
    badges = true
    markdown = true                       # the Markdown of each page beside it
    plain_data = true                     # what only programs read, uncompressed as well
    packages = "ever"                     # or "now" (what live tags have), or false
    editions = ["2016-12-31", "2017-12-31"]
    limit_bytes = 1_000_000_000           # what the host takes
    limit_files = 250_000

    [[images]]
    name = "python"                       # as in `docker pull`
    tags = ["3.6-slim", "3.*"]            # names and patterns; all tags where left out
    exclude = ["*-rc*"]

    [[libraries]]
    path = "library"                      # Docker Official Images' definition files: a folder, or one file

    [registries."registry.corp:5000"]
    ca_file = "corp.pem"

    [collect]
    threads = 16

    [init]                                # what `repo-info init` writes
    ci = "github"

Secrets do not belong in it: they come from the environment, Docker's config.json and credential helpers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Literal, Self

import msgspec

from collector.errors import UsageError

CONFIGURATION = Path("repo-info.toml")
"""The file that is read where no other is named."""

_MAX_BYTES = 2**20
SCHEDULE = r"\A(?:([0-9*,/-]+ ){4}[0-9*,/-]+)?\Z"
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")


PackagePages = Literal["ever", "now", ""]
"""The packages that can be found: all that a tag ever had, those of live tags, or none."""
PACKAGES_EVER: PackagePages = "ever"
PACKAGES_NOW: PackagePages = "now"


CI = Literal["github", "gitlab", "none"]
"""The service that runs the daily collection."""
Publish = Literal["pages", "s3", "none"]
"""The host to which the site is published."""


class SiteSettings(msgspec.Struct, frozen=True, kw_only=True):
    """The settings of a site, resolved once when a build begins: option, else repo-info.toml, else mkdocs.yml."""

    url: str = ""
    """The site's own address, with a slash at its end; empty if unknown: then links in feeds are relative."""
    name: str = ""
    badges: bool = False
    """Whether every live tag has badges, which are eight files."""
    markdown: bool = False
    """Whether the Markdown of each page is published beside it."""
    plain_data: bool = False
    """Whether the files that only programs read are published uncompressed too, beside their compressed form."""
    packages: PackagePages = PACKAGES_EVER
    """Which pages and indexes of packages the site has."""
    editions: tuple[str, ...] = ()
    """Days, newest first. The site as of the end of each is published too."""
    limit_bytes: int | None = None
    """The largest size of the site in bytes; a larger one leaves out some pages."""
    limit_files: int | None = None

    @property
    def has_limits(self) -> bool:
        return self.limit_bytes is not None or self.limit_files is not None


class _Table(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


def _check_address(url: str) -> None:
    if "@" in re.split(r"[/?#]", url.partition("//")[2])[0]:
        hint = "the address is published: write it without them"
        raise UsageError("the site's address contains a user name or a password", hint=hint)


Limit = Annotated[int, msgspec.Meta(ge=1, le=2**62)]


class SiteTable(_Table, frozen=True, kw_only=True):
    """The settings of a site from one source: the options, or repo-info.toml. None if the source does not set it."""

    name: str | None = None
    url: str | None = None
    badges: bool | None = None
    markdown: bool | None = None
    plain_data: bool | None = None
    packages: Literal["ever", "now"] | bool | None = None
    """`ever`: all packages that a tag ever had can be found; `now`: those of live tags; false: none."""
    editions: tuple[str, ...] | None = None
    """Days in the past."""
    limit_bytes: Limit | None = None
    """The largest size that the host accepts; a larger site leaves out some pages."""
    limit_files: Limit | None = None

    def __post_init__(self) -> None:
        _check_address(self.url or "")

    def or_else(self, other: Self) -> Self:
        """These settings, and those of `other` that are not set here."""
        given = {name: value for name, value in msgspec.structs.asdict(self).items() if value is not None}
        return msgspec.structs.replace(other, **given)

    def limit(self, settings: SiteSettings) -> SiteSettings:
        """The same settings with these limits."""
        return msgspec.structs.replace(settings, limit_bytes=self.limit_bytes, limit_files=self.limit_files)

    def resolve(self, defaults: SiteSettings) -> SiteSettings:
        """The settings of the site: these, and those of `defaults` that are not set here.

        Raises:
            UsageError: an edition is not a day in the past, or the site's address contains a user name or a password.
        """
        given = {name: value for name, value in msgspec.structs.asdict(self).items() if value is not None}
        if isinstance(self.packages, bool):
            given["packages"] = PACKAGES_EVER if self.packages else ""
        settings = msgspec.structs.replace(defaults, **given)
        _check_address(settings.url)
        return msgspec.structs.replace(settings, editions=parse_editions(settings.editions))


class ImageTable(_Table, frozen=True, kw_only=True):
    """One image."""

    name: str
    tags: tuple[str, ...] = ("*",)
    """Names, and patterns with `*`, `?` and `[…]`."""
    exclude: tuple[str, ...] = ()


class LibraryTable(_Table, frozen=True, kw_only=True):
    """Tags that the definition files of Docker's Official Images name."""

    path: str
    """A folder or one file, from the folder of `repo-info.toml`."""
    images: tuple[str, ...] = ("*",)
    """Names and patterns of the files to read."""
    exclude: tuple[str, ...] = ()
    """Tags to leave out."""
    namespace: str = "docker.io/library"


class RegistryTable(_Table, frozen=True, kw_only=True):
    """How to reach one registry."""

    insecure: bool = False
    ca_file: str | None = None
    concurrency: Annotated[int, msgspec.Meta(ge=1, le=256)] = 8
    trusted_hosts: tuple[str, ...] = ()


class CollectTable(_Table, frozen=True, kw_only=True):
    """How to collect."""

    threads: Annotated[int, msgspec.Meta(ge=1, le=256)] = 16
    vanish_share: Annotated[float, msgspec.Meta(ge=0, le=1)] = 0.3
    """If more than this share of an image's tags is gone at once, nothing is recorded."""
    layer_dates: bool = True
    """Whether to make a HEAD for every new layer, for its "Last Modified"."""
    referrers: bool = False
    """Whether to ask for the SBOMs that refer to a new image, at one request for each."""
    hub: bool = True
    """Whether to ask Docker Hub's own API for dates and sizes of tags."""


class InitTable(_Table, frozen=True, kw_only=True):
    """What `repo-info init` wrote, for the next time."""

    ci: CI = "github"
    publish: Publish = "pages"
    shards: Annotated[int, msgspec.Meta(ge=1, le=256)] = 1
    publish_archive: bool = False
    """Whether the site has the archive as one file."""
    schedule: Annotated[str, msgspec.Meta(pattern=SCHEDULE)] = ""
    """Five fields of cron. Empty: derived from the site's name."""


class Configuration(_Table, frozen=True, kw_only=True):
    """All of `repo-info.toml`."""

    site: SiteTable = SiteTable()
    images: tuple[ImageTable, ...] = ()
    libraries: tuple[LibraryTable, ...] = ()
    registries: dict[str, RegistryTable] = {}
    collect: CollectTable = CollectTable()
    init: InitTable = InitTable()


def read_configuration(path: Path) -> Configuration:
    """Read the file.

    Raises:
        UsageError: the file is missing or invalid; the message contains the path to the field.
    """
    try:
        with path.open("rb") as file:
            content = file.read(_MAX_BYTES + 1)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}", hint="name a file with --config, or create one") from None
    if len(content) > _MAX_BYTES:
        raise UsageError(f"{path}: larger than {_MAX_BYTES} bytes", hint="check that it is the right file")
    try:
        configuration = msgspec.toml.decode(content, type=Configuration)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        hint = "`repo-info collect --help` and `repo-info build --help` show what the file may contain"
        raise UsageError(f"{path}: {error}", hint=hint) from None
    try:
        parse_editions(configuration.site.editions or ())
    except UsageError as error:
        raise UsageError(f"{path}: site.editions: {error}", hint=error.hint) from None
    return configuration


def find_configuration(path: Path | None) -> Configuration:
    """Read the named file, else repo-info.toml if it exists; without either, every setting has its default.

    Raises:
        UsageError: the file is missing or invalid.
    """
    return read_configuration(path or CONFIGURATION) if path or CONFIGURATION.is_file() else Configuration()


def parse_editions(days: Iterable[object]) -> tuple[str, ...]:
    """Parse days as written by a person; returns each once, the newest first.

    Raises:
        UsageError: a text is not a day in the past.
    """
    found = {str(day) for day in days}
    for day in found:
        hint = "write days in the past, as 2017-12-31"
        if not _is_day(day):
            raise UsageError(f"not the day of an edition: {day[:60]!r}", hint=hint)
        if date.fromisoformat(day) >= datetime.now(tz=UTC).date():
            raise UsageError(f"{day} is not past yet: an edition of it would change", hint=hint)
    return tuple(sorted(found, reverse=True))


def _is_day(text: str) -> bool:
    try:
        return bool(_DAY.match(text)) and date.fromisoformat(text) > date.min
    except ValueError:
        return False
