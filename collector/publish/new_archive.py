"""The files of a new archive's repository: settings, workflow, files for git, and a README."""

from __future__ import annotations

from hashlib import sha256
from typing import Annotated

import msgspec

from collector import __version__
from collector.configuration import CI, ImageTable, Publish
from collector.publish.templates import render


class NewArchive(msgspec.Struct, frozen=True, kw_only=True):
    """The options of a new archive."""

    name: str
    """The name of the site."""
    images: tuple[ImageTable, ...] = ()
    ci: CI = "github"
    publish: Publish = "pages"
    shards: Annotated[int, msgspec.Meta(ge=1)] = 1
    """The number of jobs that build the site."""
    publish_archive: bool = False
    """Whether the archive is published with the site, as one file."""
    schedule: str
    """The times of collections: five fields of cron, in UTC."""


def schedule_of(name: str) -> str:
    """A time of the day, different for every name: CI services delay or drop what runs at full hours."""
    number = int.from_bytes(sha256(name.encode()).digest()[:4], "big")
    hour, minute = divmod(number % (24 * 30), 30)
    return f"{2 * minute + 1} {hour} * * *"


def files_of(new: NewArchive) -> dict[str, str]:
    """The texts of the files, by path; without `archive/`."""
    values = {**msgspec.structs.asdict(new), "version": __version__}
    templates = {
        "repo-info.toml": "repo-info.toml",
        "README.md": "README.md",
        "requirements.txt": "requirements.txt",
        ".gitattributes": "gitattributes",
        ".gitignore": "gitignore",
    }
    if new.ci == "github":
        templates |= {".github/workflows/archive.yml": "github/archive.yml", ".github/dependabot.yml": "dependabot.yml"}
    elif new.ci == "gitlab":
        templates |= {".gitlab-ci.yml": "gitlab/archive.yml"}
    return {path: render(template, **values) for path, template in templates.items()}
