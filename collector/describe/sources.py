"""The web address of an entry's Dockerfile: one file at one commit."""

from __future__ import annotations

import re
from urllib.parse import quote

import msgspec

from collector.errors import InvalidValue
from collector.model.library import LibraryEntry

_REPOSITORY = re.compile(r"https?://[A-Za-z0-9.-]+(?::\d{1,5})?(?:/[A-Za-z0-9._~+%-]+)+/?\Z")
_SAFE = "/~+:@,="
"""Characters that are not escaped in an address, beside letters, digits, `_`, `.` and `-`."""


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """The source of an entry for one architecture."""

    repository: str
    """Address of the git repository."""
    commit: str
    ref: str
    """What to fetch to get the commit: `refs/tags/…`; empty if the default branch has it."""
    path: str
    """The path of the file in the repository."""


def source_of(entry: LibraryEntry, architecture: str) -> Source:
    """The source for an architecture: `arm64v8-Directory` takes precedence over `Directory`.

    Raises:
        InvalidValue: the entry has no commit, or its repository is not a web address.
    """

    def field(name: str, default: str = "") -> str:
        return entry.fields.get(f"{architecture}-{name}") or entry.fields.get(name) or default

    repository, commit = field("GitRepo"), field("GitCommit")
    if not commit:
        raise InvalidValue(f"{entry.where}: no GitCommit", hint="add one to the entry or to the global stanza")
    if not _REPOSITORY.match(repository):
        raise InvalidValue(
            f"{entry.where}: {repository[:100]!r} is not a GitRepo", hint="write it as https://host/path"
        )
    path = f"{field('Directory')}/{field('File', 'Dockerfile')}"
    parts = [part for part in path.split("/") if part not in {"", "."}]
    return Source(repository=repository, commit=commit, ref=field("GitFetch"), path="/".join(parts))


def link_to(source: Source) -> str:
    """The address at which the repository's host shows the file, in the form of its kind of host."""
    base = source.repository.removesuffix("/").removesuffix(".git")
    commit, path, ref = (quote(value, safe=_SAFE) for value in (source.commit, source.path, source.ref))
    match base.partition("://")[2].split("."):
        case ["gitlab", *_]:
            return f"{base}/-/blob/{commit}/{path}"
        case ["git", *_]:  # cgit, as Launchpad has it
            return f"{base}/tree/{path}?h={ref}&id={commit}"
        case _:
            return f"{base}/blob/{commit}/{path}"
