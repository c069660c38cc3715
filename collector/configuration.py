"""`repo-info.toml`: which images, which of their tags, and how their registries are spoken to.

    [site]
    name = "Our images"
    url = "https://images.example.org/"
    badges = true
    editions = ["2016-12-31", "2017-12-31"]

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

Secrets do not belong here: they come from the environment, Docker's config.json and credential helpers.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec

from collector.errors import UsageError

CONFIGURATION = Path("repo-info.toml")
"""Where it is looked for."""

_LARGEST = 2**20


class _Table(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class SiteTable(_Table, frozen=True, kw_only=True):
    """What is published; None: as mkdocs.yml says."""

    name: str | None = None
    url: str | None = None
    badges: bool | None = None
    editions: tuple[str, ...] | None = None
    """Days that are past."""


class ImageTable(_Table, frozen=True, kw_only=True):
    """One image."""

    name: str
    tags: tuple[str, ...] = ("*",)
    """Names, and patterns with `*`, `?` and `[…]`."""
    exclude: tuple[str, ...] = ()


class LibraryTable(_Table, frozen=True, kw_only=True):
    """Tags as the definition files of Docker's Official Images name them."""

    path: str
    """A folder or one file, from the folder of `repo-info.toml`."""
    images: tuple[str, ...] = ("*",)
    """Names and patterns of the files that count."""
    exclude: tuple[str, ...] = ()
    """Tags that are not wanted."""
    namespace: str = "docker.io/library"


class RegistryTable(_Table, frozen=True, kw_only=True):
    """How one registry is spoken to."""

    insecure: bool = False
    ca_file: str | None = None
    concurrency: Annotated[int, msgspec.Meta(ge=1, le=256)] = 8
    trusted_hosts: tuple[str, ...] = ()


class CollectTable(_Table, frozen=True, kw_only=True):
    threads: Annotated[int, msgspec.Meta(ge=1, le=256)] = 16
    vanish_share: Annotated[float, msgspec.Meta(ge=0, le=1)] = 0.3
    """When more than this share of an image's tags are gone at once, nothing is recorded."""
    layer_dates: bool = True
    """Whether a HEAD is made for every new layer, for its "Last Modified"."""
    hub: bool = True
    """Whether Docker Hub's own API is asked for dates and sizes of tags."""


class Configuration(_Table, frozen=True, kw_only=True):
    """All of `repo-info.toml`."""

    site: SiteTable = SiteTable()
    images: tuple[ImageTable, ...] = ()
    libraries: tuple[LibraryTable, ...] = ()
    registries: dict[str, RegistryTable] = {}
    collect: CollectTable = CollectTable()


def read_configuration(path: Path) -> Configuration:
    """Read the file.

    Raises:
        UsageError: it is not there, or says something that makes no sense; the message has the path to the field.
    """
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST + 1)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}", hint="name a file with --config, or make one") from None
    if len(content) > _LARGEST:
        raise UsageError(f"{path}: larger than {_LARGEST} bytes", hint="is it the right file?")
    try:
        return msgspec.toml.decode(content, type=Configuration)
    except (msgspec.MsgspecError, ValueError) as error:
        hint = "`repo-info collect --help` and `repo-info build --help` show what the file may say"
        raise UsageError(f"{path}: {error}", hint=hint) from None
