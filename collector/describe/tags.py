"""The tags of a `library/` file as a description lists them: simple tags, and tags that several entries share."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from collector.describe.sources import link_to, source_of
from collector.model.library import LibraryEntry
from collector.model.references import Tag

_FIRST = "amd64"
"""The architecture whose source is shown, if an entry has it."""


class TagLine(msgspec.Struct, frozen=True, kw_only=True):
    """The tags of one entry, and the address of its Dockerfile."""

    tags: tuple[Tag, ...]
    link: str


class SharedLine(msgspec.Struct, frozen=True, kw_only=True):
    """Tags that several entries share, one entry for each platform."""

    tags: tuple[Tag, ...]
    entries: tuple[TagLine, ...]


def of_architecture(entries: Sequence[LibraryEntry], architecture: str | None) -> list[LibraryEntry]:
    """The entries that are built for an architecture; all for None."""
    return [entry for entry in entries if architecture is None or architecture in entry.architectures]


def architectures_of(entries: Sequence[LibraryEntry]) -> list[str]:
    """Every architecture of all entries, sorted by name."""
    return sorted({architecture for entry in entries for architecture in entry.architectures})


def simple_tags(entries: Sequence[LibraryEntry], architecture: str | None) -> list[TagLine]:
    """One line for each entry of the architecture."""
    return [_line(entry, architecture) for entry in of_architecture(entries, architecture) if entry.tags]


def shared_tags(entries: Sequence[LibraryEntry], architecture: str | None) -> list[SharedLine]:
    """One line for the tags that the same entries share, in the order of the file.

    All entries decide which tags are on one line, whatever the architecture: `latest` and `nanoserver` are different
    tags, even if they have the same images on Windows.
    """
    members: dict[Tag, list[int]] = {}
    for place, entry in enumerate(entries):
        for tag in dict.fromkeys(entry.shared_tags):
            members.setdefault(tag, []).append(place)
    together: dict[tuple[int, ...], list[Tag]] = {}
    for tag, of_tag in members.items():
        together.setdefault(tuple(of_tag), []).append(tag)
    lines = []
    for places, tags in together.items():
        shown = of_architecture([entries[place] for place in places], architecture)
        if shown:
            rows = tuple(_line(entry, architecture, most=1) for entry in shown)
            lines.append(SharedLine(tags=tuple(tags), entries=rows))
    return lines


def _line(entry: LibraryEntry, architecture: str | None, *, most: int | None = None) -> TagLine:
    shown = architecture or (_FIRST if _FIRST in entry.architectures else entry.architectures[0])
    # An entry may have only shared tags.
    return TagLine(tags=(entry.tags or entry.shared_tags)[:most], link=link_to(source_of(entry, shown)))
