"""One platform's section of a classic page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from collector.classic.sizes import parse_size, render_size
from collector.errors import InvalidValue
from collector.model.digests import NO_IMAGE_ID, Digest, parse_digest, unnamed_config
from collector.model.images import Config, Layer, MediaType, Step
from collector.model.json_text import NOT_DECODABLE
from collector.model.platforms import Platform
from collector.model.times import parse_http_date, render_http_date

_HEAD = re.compile(
    r"\n"
    r"(?:```console\n\$ docker pull (?P<name>[^\s@`]+)@(?P<digest>[^\s`]+)\n```\n\n)?"
    r"(?:-\tDocker Version: (?P<docker_version>[^\n]*)\n)?"
    r"-\tManifest MIME: `(?P<media_type>[^`\n]*)`\n"
    r"-\tTotal Size: \*\*[^*\n]*\*\*  \n\t\(compressed transfer size, not on-disk size\)\n"
    r"(?:-\tImage ID: `(?P<image_id>[^`\n]*)`\n)?"
    r"(?:-\tEntrypoint: `(?P<entrypoint>[^\n]*)`\n)?"
    r"(?:-\tDefault Command: `(?P<cmd>[^\n]*)`\n)?"
    r"(?:-\t`SHELL`: `(?P<shell>[^\n]*)`\n)?"
    r"\n```dockerfile\n"
)
_LAYERS = "```\n\n-\tLayers:\n"
_STEP_MARK = "# "
_LAYER_MARK = "\t-\t`"
_LAYER = re.compile(
    r"(?P<digest>[^`\n]*)`  \n"
    r"(?:\t\tLast Modified: (?P<modified>[^\n]*?)  \n)?"
    r"(?:\t\tSize: (?P<size>[^\n]*?)  \n)?"
    r"\t\tMIME: (?P<media_type>[^\n]*)\n\Z"
)
_DATE = r"[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT"
_DATE_LENGTH = len("Tue, 12 Dec 2017 01:41:34 GMT")
_STEP_END = re.compile(rf"\n{_STEP_MARK}(?={_DATE}(?:\n|\Z))")
"""The place before the next step's date; a step may contain lines that look like a date."""
_BARE_ID = re.compile(r"[0-9a-f]{64}\Z")
_SCHEMA_1 = "v1:"
_PLATFORM = re.compile(
    r"(?P<os>[^\s;]+)(?: version (?P<version>[^\s;]+))?(?: ft\. (?P<os_features>[^\n;]+))?; "
    r"(?P<architecture>[^\s;]+)(?: variant (?P<variant>[^\s;]+))?(?: ft\. (?P<features>[^\n;]+))?\Z"
)
_FEATURES = ", "


class Section(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The values of one section."""

    platform: Platform
    digest: Digest | None
    """The digest of the manifest; pages before mid-2017 do not contain it."""
    media_type: MediaType
    config: Config
    layers: tuple[Layer, ...]


class SectionText(NamedTuple):
    """A section below its heading line, divided into parts that together contain the whole text."""

    head: re.Match[str]
    """The text up to the first step."""
    steps: list[str]
    """Each begins with its date, and has no line feed at the end."""
    layers: list[str]
    """Each begins with its digest."""


def parse_platform_line(text: str) -> Platform:
    """Read `linux; arm64 variant v8` or `windows version 10.0.14393.1770 ft. win32k; amd64 ft. sse4, aes`."""
    match = _PLATFORM.match(text)
    if not match:
        raise InvalidValue(f"not a platform: {text[:100]!r}")
    return Platform(
        os=match["os"],
        architecture=match["architecture"],
        variant=match["variant"] or "",
        os_version=match["version"] or "",
        os_features=_parse_features(match["os_features"]),
        features=_parse_features(match["features"]),
    )


def render_platform_line(platform: Platform) -> str:
    version = f" version {platform.os_version}" if platform.os_version else ""
    variant = f" variant {platform.variant}" if platform.variant else ""
    os = f"{platform.os}{version}{_render_features(platform.os_features)}"
    return f"{os}; {platform.architecture}{variant}{_render_features(platform.features)}"


def split_section(body: str) -> SectionText:
    """Divide a section below its heading line.

    Raises:
        InvalidValue: the form is unknown.
    """
    head = _HEAD.match(body)
    code_end = body.rfind(_LAYERS)
    if not head or code_end < head.end():
        raise InvalidValue("section: unknown form")
    code = body[head.end() : code_end]
    if code and not (code.startswith(_STEP_MARK) and code.endswith("\n")):
        raise InvalidValue(f"history: unknown form: {code[:60]!r}")
    first, *layers = body[code_end + len(_LAYERS) :].split(_LAYER_MARK)
    if first:
        raise InvalidValue(f"layers: unknown form: {first[:60]!r}")
    return SectionText(head, _STEP_END.split(code[len(_STEP_MARK) : -1]) if code else [], layers)


def assemble_section(
    platform: Platform, head: re.Match[str], steps: Iterable[Step], layers: Iterable[Layer]
) -> Section:
    """Build a section from its head, which is parsed here, and its steps and layers.

    Raises:
        InvalidValue: a digest is invalid, or a command is not a list of words.
    """
    config = Config(
        digest=Digest(NO_IMAGE_ID) if head["image_id"] is None else _parse_image_id(head["image_id"]),
        platform=platform,
        history=tuple(steps),
        docker_version=head["docker_version"],
        entrypoint=_parse_words(head["entrypoint"]),
        cmd=_parse_words(head["cmd"]),
        shell=_parse_words(head["shell"]),
    )
    if head["image_id"] is None:
        config = msgspec.structs.replace(config, digest=unnamed_config(msgspec.json.encode(config)))
    return Section(
        platform=platform,
        digest=parse_digest(head["digest"]) if head["digest"] else None,
        media_type=head["media_type"],
        config=config,
        layers=tuple(layers),
    )


def parse_step(text: str) -> Step:
    """Read a step; the text begins with its date.

    Raises:
        InvalidValue: the form is unknown.
    """
    date, end, instruction = text[:_DATE_LENGTH], text[_DATE_LENGTH : _DATE_LENGTH + 1], text[_DATE_LENGTH + 1 :]
    if end != "\n":
        raise InvalidValue(f"history: a step lacks its date or its end: {text[:60]!r}")
    return Step(created=parse_http_date(date), text=instruction)


def parse_layer(text: str) -> Layer:
    """Read a layer; the text begins with its digest.

    Raises:
        InvalidValue: the form is unknown.
    """
    match = _LAYER.match(text)
    if not match:
        raise InvalidValue(f"layers: unknown form: {text[:60]!r}")
    return Layer(
        digest=parse_digest(match["digest"]),
        size=parse_size(match["size"]) if match["size"] else 0,
        has_size=bool(match["size"]),
        media_type=match["media_type"],
        last_modified=parse_http_date(match["modified"]) if match["modified"] else None,
    )


def render_section(name: str, section: Section) -> str:
    """Write a section below its heading line; `name` is the name of the repository, as in `docker pull name@…`."""
    parts = [render_section_head(name, section)]
    # A step without a date stands alone; no real page has one.
    parts.extend(f"{_STEP_MARK if step.created else ''}{render_step(step)}\n" for step in section.config.history)
    parts.append(_LAYERS)
    parts.extend(f"{_LAYER_MARK}{render_layer(layer)}" for layer in section.layers)
    return "".join(parts)


def render_section_head(name: str, section: Section) -> str:
    """Write the part of a section before its first step."""
    config = section.config
    parts = ["\n"]
    if section.digest:
        parts.append(f"```console\n$ docker pull {name}@{section.digest}\n```\n\n")
    if config.docker_version is not None:
        parts.append(f"-\tDocker Version: {config.docker_version}\n")
    total = render_size(sum(layer.size for layer in section.layers))
    parts.append(f"-\tManifest MIME: `{section.media_type}`\n-\tTotal Size: **{total}**  \n")
    parts.append("\t(compressed transfer size, not on-disk size)\n")
    if not config.digest.startswith(NO_IMAGE_ID):
        parts.append(f"-\tImage ID: `{config.digest.removeprefix(_SCHEMA_1)}`\n")
    for label, words in (("Entrypoint", config.entrypoint), ("Default Command", config.cmd), ("`SHELL`", config.shell)):
        if words is not None:
            parts.append(f"-\t{label}: `{_render_words(words)}`\n")
    parts.append("\n```dockerfile\n")
    return "".join(parts)


def render_step(step: Step) -> str:
    """Write a step, beginning with its date."""
    return f"{render_http_date(step.created)}\n{step.text}" if step.created else step.text


def render_layer(layer: Layer) -> str:
    """Write a layer, beginning with its digest."""
    modified = f"\t\tLast Modified: {render_http_date(layer.last_modified)}  \n" if layer.last_modified else ""
    size = f"\t\tSize: {render_size(layer.size)}  \n" if layer.has_size else ""
    return f"{layer.digest}`  \n{modified}{size}\t\tMIME: {layer.media_type}\n"


def _parse_features(text: str | None) -> tuple[str, ...]:
    return tuple(text.split(_FEATURES)) if text else ()


def _render_features(features: tuple[str, ...]) -> str:
    return f" ft. {_FEATURES.join(features)}" if features else ""


def _parse_image_id(text: str) -> Digest:
    """The digest of a config, or the bare id that a schema 1 image has instead."""
    return parse_digest(_SCHEMA_1 + text if _BARE_ID.match(text) else text)


def _parse_words(text: str | None) -> tuple[str, ...] | None:
    """Read a command in the JSON form of a Dockerfile: `["python3"]`."""
    if text is None:
        return None
    try:
        return msgspec.json.decode(text, type=tuple[str, ...])
    except NOT_DECODABLE as error:
        raise InvalidValue(f"not a list of words: {text[:60]!r}: {error}") from None


def _render_words(words: tuple[str, ...]) -> str:
    """Write a command as Perl's Mojo::JSON does: without spaces, and with every slash escaped."""
    return json.dumps(words, ensure_ascii=False, separators=(",", ":")).replace("/", "\\/")
