"""The `library/` files that define the Docker Official Images' tags (docker-library/official-images, README, "Library
definition files").

A file consists of stanzas of `Name: value` lines, with blank lines between them and comments after `#`. A first stanza
without `Tags` applies to all others; `arm64v8-GitCommit` applies to one architecture.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from collector.errors import InvalidValue
from collector.model.references import Tag, parse_tag

MAX_CHARACTERS = 4 * 2**20
"""Characters; the largest real file has 60,000."""

_ARCHITECTURE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")
_FIELD = re.compile(r"([A-Za-z0-9][A-Za-z0-9-]*):[ \t]*(.*)\Z")


class LibraryEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One stanza with tags, completed by the global one."""

    tags: tuple[Tag, ...]
    """In the order of the file, the most specific first."""
    shared_tags: tuple[Tag, ...] = ()
    """Tags that several entries share, one for each platform."""
    architectures: tuple[str, ...] = ("amd64",)
    """As bashbrew names them: `amd64`, `arm64v8`, `windows-amd64`."""
    fields: dict[str, str] = {}
    """All other values, by name: `GitCommit`, `Directory`, `arm64v8-GitCommit`."""
    where: str = ""
    """File and line of the stanza, for messages: `library/python:12`."""


def parse_library(text: str, name: str) -> tuple[LibraryEntry, ...]:
    """Read a file; `name` is for messages.

    Raises:
        InvalidValue: a line or a tag is invalid; the message has the number of the line.
    """
    if len(text) > MAX_CHARACTERS:
        raise InvalidValue(f"{name}: {len(text)} characters, more than {MAX_CHARACTERS}")
    entries: list[LibraryEntry] = []
    # Editors on Windows begin a file with a byte order mark.
    stanzas = list(_iter_stanzas(text.removeprefix("\ufeff"), name))
    common = stanzas.pop(0)[1] if stanzas and "Tags" not in stanzas[0][1] else {}
    for line, stanza in stanzas:
        fields = {**common, **stanza}
        if "Tags" not in fields and "SharedTags" not in fields:
            raise InvalidValue(f"{name}:{line}: a stanza without Tags")
        try:
            entries.append(_entry(fields, f"{name}:{line}"))
        except InvalidValue as error:
            raise InvalidValue(f"{name}:{line}: {error}") from None
    return tuple(entries)


def _entry(fields: dict[str, str], where: str) -> LibraryEntry:
    tags = tuple(parse_tag(tag) for tag in _words(fields.pop("Tags", "")))
    shared_tags = tuple(parse_tag(tag) for tag in _words(fields.pop("SharedTags", "")))
    architectures = tuple(_words(fields.pop("Architectures", ""))) or ("amd64",)
    for architecture in architectures:
        if not _ARCHITECTURE.match(architecture):
            raise InvalidValue(f"not an architecture: {architecture[:60]!r}")
    return LibraryEntry(tags=tags, shared_tags=shared_tags, architectures=architectures, fields=fields, where=where)


def _words(value: str) -> list[str]:
    return [word for word in re.split(r"[,\s]+", value) if word]


def _iter_stanzas(text: str, name: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Each stanza with the number of its first line. A line that begins with a space continues the previous line."""
    stanza: dict[str, str] = {}
    start = 0
    last = ""
    for number, line in enumerate([*text.splitlines(), ""], 1):
        if line.lstrip().startswith("#"):
            continue
        if not line.strip():
            if stanza:
                yield start, stanza
            stanza, last = {}, ""
        elif line[0] in " \t" and last:
            stanza[last] += f" {line.strip()}"
        elif match := _FIELD.match(line):
            start = start if stanza else number
            last = match[1]
            stanza[last] = match[2].strip()
        else:
            raise InvalidValue(f"{name}:{number}: expected `Name: value`, found {line[:60]!r}")
