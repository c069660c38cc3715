"""The order in which people read tags: versions as numbers, the newest first, then names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

_PIECE = re.compile(r"\d+|\D+")
_VERSION = re.compile(r"v?\d+(?:\.\d+)*")


@cache
def tag_key(tag: str) -> tuple[bool, tuple[tuple[int, int, str], ...], str]:
    """A key for ascending order: 3.9 before 3.10, and a version with an addition before the version (3.6-slim, 3.6rc1
    before 3.6).
    """
    pieces = tuple(_rank(piece) for piece in _PIECE.findall(tag))
    return bool(_VERSION.match(tag)), (*pieces, _END), tag


_END = (2, 0, "")


def _rank(piece: str) -> tuple[int, int, str]:
    """Numbers over a dot, a dot over the end, the end over other words."""
    if piece.isascii() and piece.isdigit():
        return (4, int(piece), "")  # a tag has 128 characters, so no number is long
    return (3, 0, piece) if piece.startswith(".") else (1, 0, piece)


def newest_first(tags: Iterable[str]) -> list[str]:
    """Versions first, the highest first; then names without a number at their start, from A to Z."""
    ordered = sorted(set(tags), key=tag_key, reverse=True)
    versions = [tag for tag in ordered if _VERSION.match(tag)]
    names = [tag for tag in reversed(ordered) if not _VERSION.match(tag)]
    return versions + names


def plainest_first(tags: Iterable[str]) -> list[str]:
    """Those with the fewest words first: `3.6`, `3`, `latest`, `3.6-slim`; else as `newest_first`."""
    return sorted(newest_first(tags), key=count_words)


def count_words(tag: str) -> int:
    """The parts of a tag that are no number: 1 of `3.6-slim`."""
    return sum(not part[:1].isdigit() for part in tag.split("-"))


def most_specific(tags: Iterable[str]) -> str:
    """The most specific of the tags: `3.6.4` among `3`, `3.6`, `3.6.4`, `latest`."""
    return min(tags, key=specific_key)


def specific_key(tag: str) -> tuple[int, int, str]:
    """A key that sorts the most specific tag first."""
    return (-_precision(tag), len(tag), tag)


def _precision(tag: str) -> int:
    match = _VERSION.match(tag)
    return match[0].count(".") + 1 if match else 0
