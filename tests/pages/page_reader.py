"""A second reader of classic pages, only with regular expressions, that checks the first one and shares no code with
it.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any

import msgspec

_DIGEST = r"sha256:[0-9a-f]{64}"
_HEAD = re.compile(rf"\n\$ docker pull [^@\n]+@({_DIGEST})\n```\n\n(?:-\tManifest MIME: `([^`]+)`\n)?-\tPlatforms:")
_SECTION = re.compile(r"^### `[^`\n]+` - (.+)\n", re.MULTILINE)
_PULL = re.compile(rf"^\$ docker pull [^@\n]+@({_DIGEST})$", re.MULTILINE)
_BLOCK = re.compile(r"^```dockerfile\n(.*?)^```\n\n-\tLayers:\n", re.MULTILINE | re.DOTALL)
_HTTP_DATE = r"[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT"
_STEP = re.compile(rf"^# ({_HTTP_DATE})\n(.*?)(?=^# {_HTTP_DATE}\n|\Z)", re.MULTILINE | re.DOTALL)
_LAYER = re.compile(
    rf"^\t-\t`({_DIGEST})`  \n(?:\t\tLast Modified: ({_HTTP_DATE})  \n)?(?:\t\tSize: ([^\n]+?)  \n)?\t\tMIME: (\S+)$",
    re.MULTILINE,
)
_SIZE = re.compile(r"(?:[\d.]+ [KMGT]?B \((\d+) bytes\)|(\d+)\.0 B)")


class Layer(msgspec.Struct, frozen=True):
    """A layer on a page."""

    digest: str
    size: int
    media_type: str
    last_modified: str | None


class Section(msgspec.Struct, frozen=True):
    """A platform on a page."""

    platform: str
    manifest: str | None
    config: str | None
    size: int
    docker_version: str | None
    entrypoint: list[str] | None
    cmd: list[str] | None
    shell: list[str] | None
    steps: list[tuple[str, str]]
    layers: list[Layer]


class Page(msgspec.Struct, frozen=True):
    """A page: what its tag pointed at."""

    digest: str
    media_type: str | None
    platforms: list[str]
    sections: list[Section]


def read_page(text: str) -> Page | None:
    """The values of a page of 2018 or later; None if the tag does not exist."""
    if re.fullmatch(r"## `[^`\n]+`\n\n\*\*does not exist\*\* \(yet\?\)\n", text):
        return None
    head = _HEAD.search(text)
    assert head, text[:500]
    places = [*_SECTION.finditer(text)]
    ends = [*(found.start() for found in places[1:]), len(text)]
    listed = re.findall(r"^\t-\t(?!`)(.+)$", text[head.end() : places[0].start()], re.MULTILINE)
    return Page(
        digest=head[1],
        media_type=head[2],
        platforms=[_platform(line) for line in listed],
        sections=[_section(found[1], text[found.end() : end]) for found, end in zip(places, ends, strict=True)],
    )


def _section(platform: str, text: str) -> Section:
    block = _BLOCK.search(text)
    assert block, text[:500]
    pull = _PULL.search(text[: block.start()])
    layers = [
        Layer(found[1], _size(found[3]) if found[3] else 0, found[4], _time(found[2]) if found[2] else None)
        for found in _LAYER.finditer(text, block.end())
    ]
    total = _line(text, r"-\tTotal Size: \*\*(.+)\*\*  ")
    return Section(
        platform=_platform(platform),
        manifest=pull[1] if pull else None,
        config=_line(text, r"-\tImage ID: `(.+)`"),
        size=_size(total or ""),
        docker_version=_line(text, r"-\tDocker Version: (.+)"),
        entrypoint=_words(text, "Entrypoint"),
        cmd=_words(text, "Default Command"),
        shell=_words(text, "`SHELL`"),
        steps=[(_time(found[1]), found[2].removesuffix("\n")) for found in _STEP.finditer(block[1])],
        layers=layers,
    )


def _platform(text: str) -> str:
    """`linux; arm variant v7` as `linux/arm/v7`, `windows version 10.0.1; amd64` as `windows/amd64 10.0.1`."""
    found = re.fullmatch(r"([^; ]+)(?: version ([^; ]+))?(?: ft\. [^;]+)?; (\S+)(?: variant (\S+))?(?: ft\. .+)?", text)
    assert found, text
    name = "/".join(part for part in (found[1], found[3], found[4]) if part)
    return f"{name} {found[2]}" if found[2] else name


def _line(text: str, pattern: str) -> str | None:
    found = re.search(f"^{pattern}$", text, re.MULTILINE)
    return found[1] if found else None


def _words(text: str, name: str) -> Any:
    found = _line(text, f"-\t{name}: `(.+)`")
    return json.loads(found) if found else None


def _size(text: str) -> int:
    found = _SIZE.fullmatch(text)
    assert found, text
    return int(found[1] or found[2])


def _time(text: str) -> str:
    return datetime.strptime(text, "%a, %d %b %Y %H:%M:%S %Z").replace(tzinfo=UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
