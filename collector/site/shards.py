"""Assigns images to shards: evenly by size, and nearly all to the same shard every day.

Each image has its own order of shards, by hashes (rendezvous hashing). Beginning with the largest, each image goes to
the first shard of its order that has room, which is a tenth more than an even share (consistent hashing with bounded
loads). Sizes are rounded up to powers of two, so that the growth of a day moves nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from hashlib import sha256

import msgspec

from collector.errors import InvalidValue, UsageError
from collector.model.references import parse_repository

_SHARD = re.compile(r"([0-9]{1,5})/([0-9]{1,5})")
_LINE = re.compile(r"([0-9]{1,5}) (\S+)")
_ROOM = 1.1
"""The limit of a shard, in even shares."""


class Shard(msgspec.Struct, frozen=True, kw_only=True):
    """One of the shards of an archive's images."""

    number: int
    """From 1."""
    of: int
    """The number of shards."""
    images: dict[str, int]
    """The shard of each image of the archive, by full name."""

    @property
    def own(self) -> list[str]:
        return [name for name, number in self.images.items() if number == self.number]


def assign(sizes: Mapping[str, int], shards: int) -> dict[str, int]:
    """The shard of each image, counted from 1. `sizes`: bytes, by full name."""
    weights = {name: 1 << size.bit_length() for name, size in sizes.items()}
    room = _ROOM * sum(weights.values()) / shards
    loads = dict.fromkeys(range(1, shards + 1), 0)
    shard_of: dict[str, int] = {}
    for name in sorted(weights, key=lambda name: (-weights[name], name)):
        order = sorted(loads, key=lambda shard: sha256(f"{name} {shard}".encode()).digest())
        fitting = (shard for shard in order if loads[shard] + weights[name] <= room)
        shard = next(fitting, None) or min(order, key=loads.__getitem__)
        loads[shard] += weights[name]
        shard_of[name] = shard
    return dict(sorted(shard_of.items()))


def parse_assignment(text: str, of: int) -> dict[str, int]:
    """Parse the output of `repo-info shards`: for each image a line with its shard and its full name.

    Raises:
        UsageError: it is invalid, or for another number of shards.
    """
    images: dict[str, int] = {}
    for count, line in enumerate(text.splitlines(), 1):
        found = _LINE.fullmatch(line)
        try:
            name = parse_repository(found[2]).name if found else ""
        except InvalidValue:
            name = ""
        if not found or not 1 <= int(found[1]) <= of or name != found[2] or name in images:
            hint = f"write it with `repo-info shards {of}`"
            raise UsageError(f"line {count} is not a shard up to {of} and an image: {line[:60]!r}", hint=hint)
        images[name] = int(found[1])
    return images


def parse_shard(text: str) -> tuple[int, int]:
    """Parse `3/16`: the shard, and the number of shards.

    Raises:
        UsageError: it is invalid.
    """
    found = _SHARD.fullmatch(text)
    if not found or not 1 <= int(found[1]) <= int(found[2]):
        raise UsageError(f"not a shard: {text[:40]!r}", hint="write the shard and the number of shards, such as 3/16")
    return int(found[1]), int(found[2])
