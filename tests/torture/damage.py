"""Single bits of an archive's journals turned over: `verify` finds the damage, or says that nothing is wrong."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import msgspec

from collector.archive.store import Archive
from collector.archive.verify import verify


class Flip(msgspec.Struct, frozen=True, kw_only=True):
    """One bit, and what `verify` said of it."""

    path: str
    at: int
    """The place of its byte in the file."""
    fact: str
    """The kind of the damaged fact."""
    is_found: bool
    error: str
    """The name of an error that `verify` did not expect; empty where there was none."""


def flip_bits(archive: Path, count: int, seed: int) -> Iterator[Flip]:
    """Turn over one bit after the other, each in an otherwise whole archive; every kind of fact gets its share."""
    places = _places_by_fact(archive)
    chance = random.Random(seed)
    for number in range(count):
        fact = sorted(places)[number % len(places)]
        path, start, length = chance.choice(places[fact])
        yield _flip(archive, path, start + chance.randrange(length), 1 << chance.randrange(8), fact)


def _flip(archive: Path, path: Path, at: int, bit: int, fact: str) -> Flip:
    whole = path.read_bytes()
    path.write_bytes(whole[:at] + bytes([whole[at] ^ bit]) + whole[at + 1 :])
    found, error = False, ""
    try:
        found = any(True for _ in verify(Archive(archive)))
    except Exception as unexpected:  # noqa: BLE001  # whatever it is, it is counted
        error = type(unexpected).__name__
    finally:
        path.write_bytes(whole)
    return Flip(path=path.relative_to(archive).as_posix(), at=at, fact=fact, is_found=found, error=error)


def _places_by_fact(archive: Path) -> dict[str, list[tuple[Path, int, int]]]:
    """File, first byte and length of every line, by the kind of its fact."""
    places: dict[str, list[tuple[Path, int, int]]] = {}
    for path in sorted(archive.rglob("*.jsonl")):
        start = 0
        for line in path.read_bytes().splitlines(keepends=True):
            fact = msgspec.json.decode(line).get("fact", "visit")
            places.setdefault(fact, []).append((path, start, len(line)))
            start += len(line)
    return places
