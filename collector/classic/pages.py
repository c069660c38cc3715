"""A whole classic page: its heading, what the tag points at, and its sections as text."""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

from collector.errors import InvalidValue
from collector.model.digests import Digest, parse_digest
from collector.model.images import MediaType

_HEAD = re.compile(
    r"## `(?P<name>[^`\n]+)`\n\n"
    r"(?:(?P<missing>\*\*does not exist\*\* \(yet\?\)\n)|"
    r"```console\n\$ docker pull (?P<pull>[^\s@`]+)@(?P<digest>[^\s`]+)\n```\n\n"
    r"(?:-\tManifest MIME: `(?P<media_type>[^`\n]*)`\n)?"
    r"-\tPlatforms:(?P<count> [0-9]{1,6})?\n"
    r"(?P<platforms>(?:\t-\t[^\n]*\n)*))\Z"
)
_SECTION = "\n### "


class Head(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The text before the first section."""

    digest: Digest | None
    """None if the page states that the tag does not exist."""
    media_type: MediaType | None = None
    """The media type of the index; None if the digest is that of a single manifest."""
    platforms: tuple[str, ...] = ()
    """The lines of platforms as written: `linux; arm64 variant v8`."""
    counted: bool = False
    """Whether the page states the number of platforms (since 2024)."""


def split_page(name: str, tag: str, page: bytes) -> tuple[bytes, list[bytes]]:
    """The head of the page of `name:tag`, and its sections, each beginning with its platform.

    Only complete headings of this tag begin a section: a step may contain lines that begin with `###`.
    """
    head, *sections = page.split((_SECTION + render_section_heading(name, tag, "")).encode())
    return head, sections


def parse_head(name: str, tag: str, text: str) -> Head:
    """Read the head of the page of `name:tag`.

    Raises:
        InvalidValue: the form is unknown, or the page belongs to another tag.
    """
    match = _HEAD.match(text)
    if not match:
        raise InvalidValue("head: unknown form" if text.strip() else "the page is empty")
    if match["name"] != f"{name}:{tag}" or match["pull"] not in (None, name):
        raise InvalidValue(f"head: the page belongs to {match['name'][:200]!r}")
    if match["missing"]:
        return Head(digest=None)
    platforms = tuple(line[3:] for line in match["platforms"].splitlines())
    if match["count"] and int(match["count"]) != len(platforms):
        raise InvalidValue(f"head: {match['count'].strip()} platforms announced, {len(platforms)} listed")
    return Head(
        digest=parse_digest(match["digest"]),
        media_type=match["media_type"],
        platforms=platforms,
        counted=bool(match["count"]),
    )


def render_head(name: str, tag: str, head: Head) -> str:
    """Write the head of the page of `name:tag`."""
    if head.digest is None:
        return f"## `{name}:{tag}`\n\n**does not exist** (yet?)\n"
    media_type = f"-\tManifest MIME: `{head.media_type}`\n" if head.media_type else ""
    count = f" {len(head.platforms)}" if head.counted else ""
    lines = "".join(f"\t-\t{platform}\n" for platform in head.platforms)
    pull = f"```console\n$ docker pull {name}@{head.digest}\n```\n\n"
    return f"## `{name}:{tag}`\n\n{pull}{media_type}-\tPlatforms:{count}\n{lines}"


def render_section_heading(name: str, tag: str, platform: str) -> str:
    """The heading line of a section, without its marks."""
    return f"`{name}:{tag}` - {platform}"


def render_page(name: str, tag: str, head: Head, sections: Iterable[str]) -> str:
    """Write a whole page; `sections` are the texts below the heading lines, one per platform."""
    parts = [render_head(name, tag, head)]
    for platform, section in zip(head.platforms, sections, strict=True):
        parts.append(f"{render_section_heading(name, tag, platform)}\n{section}")
    return _SECTION.join(parts)
