"""`repo-info resolve --dockerfile`: pins the images of a Dockerfile."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, partial
from pathlib import Path
from stat import S_IMODE

import msgspec

from collector.archive.replacement import replace_file
from collector.cli.common import load, print_json
from collector.cli.terminal import write
from collector.dockerfiles import parse_dockerfile, write_pins
from collector.errors import InvalidValue, RepoInfoError
from collector.lookup.pins import PinnedImage, iter_pins
from collector.lookup.repository_facts import Source
from collector.model.digests import Digest, short
from collector.model.times import Time
from collector.pages.reason_text import summary_text

_MAX_BYTES = 2**22


class PinLine(msgspec.Struct, frozen=True, kw_only=True):
    """An image of the file, as `--json` prints it."""

    line: int
    written: str
    reference: str
    """With the defaults of its variables."""
    pin: str | None
    """`python:3.6@sha256:…`."""
    old: Digest | None
    """The digest to which the file pins it now."""
    brings: str
    """What the new digest brings, in words; empty if there was no other."""
    problem: str
    """Why the file cannot have the pin; empty if it can."""


def pin_dockerfile(path: Path, source: Source, as_of: Time | None, *, writes: bool, as_json: bool) -> bool:
    """Print the pins of a Dockerfile, and write them if asked to. Whether every image has one.

    Raises:
        RepoInfoError: the file cannot be read or written.
    """
    text = _read(path)
    try:
        images = parse_dockerfile(text)
    except InvalidValue as error:
        raise InvalidValue(f"{path}: {error}", hint=error.hint) from None
    pinned = list(iter_pins(images, cache(partial(load, source)), as_of))
    lines = [_line_of(one) for one in pinned]
    if as_json:
        print_json(lines)
    else:
        _print(lines)
    if writes:
        _write(path, text, write_pins(text, (one.pin for one in pinned if one.pin)))
    return not any(line.problem for line in lines)


def _line_of(pinned: PinnedImage) -> PinLine:
    return PinLine(
        line=pinned.image.line,
        written=pinned.image.written,
        reference=pinned.image.reference,
        pin=pinned.pin.reference if pinned.pin else None,
        old=pinned.old,
        brings=summary_text(pinned.change.reasons) if pinned.change else "",
        problem=pinned.problem,
    )


def _print(lines: Sequence[PinLine]) -> None:
    for line in lines:
        write(f"{line.line}: {line.pin or line.written}")
        if line.problem:
            write(f"   not pinned: {line.problem}")
        elif line.old and line.pin and not line.pin.endswith(line.old):
            write(f"   was {short(line.old)}{f': {line.brings}' if line.brings else ''}")


def _read(path: Path) -> str:
    """The file's text; bytes that are not UTF-8 come back as they were."""
    with path.open("rb") as file:
        content = file.read(_MAX_BYTES + 1)
    if len(content) > _MAX_BYTES:
        raise InvalidValue(f"{path}: larger than 4 MiB", hint="name a Dockerfile")
    return content.decode("utf-8", "surrogateescape")


def _write(path: Path, old: str, new: str) -> None:
    """Replace the file at once, with its permissions, if it still has the old text."""
    if new == old:
        return
    path = path.resolve()
    if _read(path) != old:
        raise RepoInfoError(f"{path}: not written: it changed meanwhile", hint="run the same command again")
    content = new.encode("utf-8", "surrogateescape")
    try:
        replace_file(path, content, is_synced=True, mode=S_IMODE(path.stat().st_mode))
    except OSError as error:
        raise RepoInfoError(f"{path}: not written: {error.strerror}", hint="the file is unchanged") from None
