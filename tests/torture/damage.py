"""Flips single bits of an archive's journals: `verify` names the file, and readers accept no changed fact."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import msgspec

from collector.archive.facts import encode_fact
from collector.archive.journal import Fault, iter_journal
from collector.archive.store import Archive
from collector.archive.verify import verify


class Flip(msgspec.Struct, frozen=True, kw_only=True):
    """One flipped bit, and what `verify` reports."""

    path: str
    at: int
    """The place of its byte in the file."""
    fact: str
    """The kind of the damaged fact."""
    is_found: bool
    """Whether `verify` names a fault in the file."""
    is_believed: bool
    """Whether a reader accepts a fact that the file did not have before."""
    error: str
    """The name of an unexpected error; empty if there was none."""

    @property
    def problem(self) -> str:
        """The problem with the reading of the archive; empty if there is none."""
        if self.error:
            return self.error
        return "believed" if self.is_believed else "" if self.is_found else "not found"


def flip_bits(archive: Path, count: int, seed: int) -> Iterator[Flip]:
    """Flip one bit after the other, each in an otherwise intact archive; every kind of fact gets its share."""
    places = _places_by_fact(archive)
    chance = random.Random(seed)
    kinds = sorted(places)
    for number in range(count):
        fact = kinds[number % len(kinds)]
        path, start, length = chance.choice(places[fact])
        yield _flip(archive, path, start + chance.randrange(length), 1 << chance.randrange(8), fact)


def _flip(archive: Path, path: Path, at: int, bit: int, fact: str) -> Flip:
    whole, facts = path.read_bytes(), _facts_in(path)
    path.write_bytes(whole[:at] + bytes([whole[at] ^ bit]) + whole[at + 1 :])
    found, believed, error = False, False, ""
    try:
        found = any(fault.path == path for fault in verify(Archive(archive)))
        believed = not _facts_in(path) <= facts
    except Exception as unexpected:  # noqa: BLE001  # whatever it is, it is counted
        error = type(unexpected).__name__
    finally:
        path.write_bytes(whole)
    name = path.relative_to(archive).as_posix()
    return Flip(path=name, at=at, fact=fact, is_found=found, is_believed=believed, error=error)


def _facts_in(path: Path) -> set[bytes]:
    return {encode_fact(fact) for _, fact in iter_journal(path) if not isinstance(fact, Fault)}


def _places_by_fact(archive: Path) -> dict[str, list[tuple[Path, int, int]]]:
    """Kind of fact → file, first byte and length of every line."""
    places: dict[str, list[tuple[Path, int, int]]] = {}
    for path in sorted(archive.rglob("*.jsonl")):
        start = 0
        for line in path.read_bytes().splitlines(keepends=True):
            fact = msgspec.json.decode(line).get("fact", "visit")
            places.setdefault(fact, []).append((path, start, len(line)))
            start += len(line)
    return places
