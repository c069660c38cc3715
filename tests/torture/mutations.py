"""Bad inputs made from good ones: pieces cut out, repeated, replaced or put in, and other values in a JSON document."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from typing import Any

MOST = 300_000
"""The largest size of an input, in bytes."""

PIECES = (
    b"", b"\x00", b"\xff", b"\n", b"\r\n", b'"', b"\\", b"{", b"}", b"[", b"]", b",", b":", b"null", b"true", b"-1",
    b"1e999", b"0" * 30, b"9" * 400, b"[[[[[[[[[[", b'{"a":', b"\\ud800", b"\xed\xa0\x80", b"\xe2\x80\xae", b"sha256:",
    b"../", b"//", b"```", b"`", b"<", b"%00", b"9999-99-99T99:99:99Z", b"0000-00-00", b"\xd9\xa1", b"@", b"?", b"#",
    b"=", b";", b" ", b"\t", b"a" * 100, b"\x1b[2J", b"NaN", b"$", b"${", b"*a", b"&a", b"- ", b"FROM ", b"<<EOF",
)  # fmt: skip
_VALUES: tuple[object, ...] = (
    None, True, False, 0, -1, 1.5, 1e308, 2**53, 2**63, 2**64, 10**400, "", "\x00", "\ud800", "\n", "\u202e", "../",
    "sha256:", "sha256:" + "0" * 64, "9999-99-99T99:99:99Z", "2026-01-01T00:00:00Z", "pkg:deb/debian/x@1", "a" * 5000,
    [], {}, [None], [[]], [{}], {"": ""}, {"a": {"a": {"a": None}}}, ["x"] * 1000,
)  # fmt: skip

Change = tuple[float, float, bytes, int]
"""The start and the replaced length, as shares of the input; the piece, and its number of repetitions."""


def changed(raw: bytes, changes: Sequence[Change]) -> bytes:
    """The bytes with each change."""
    for place, share, piece, times in changes:
        start = round(place * len(raw))
        raw = raw[:start] + piece * times + raw[start + round(share * len(raw)) :]
    return raw[:MOST]


def changed_json(raw: bytes, chance: random.Random) -> bytes:
    """A JSON document with another value, without a value or with one twice; other bytes as they are."""
    try:
        document = json.loads(raw)
        places = list(_iter_places(document))
        for _ in range(chance.randint(1, 3)):
            holder, key = chance.choice(places)
            _change(holder, key, chance)
        return json.dumps(document, ensure_ascii=chance.random() < 0.5).encode("utf-8", "surrogatepass")[:MOST]
    except (ValueError, IndexError, KeyError, RecursionError):
        return raw


def _iter_places(value: Any) -> Iterator[tuple[Any, Any]]:
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in entries:
        yield value, key
        yield from _iter_places(inner)


def _change(holder: Any, key: Any, chance: random.Random) -> None:
    match chance.randrange(8):
        case 0:
            del holder[key]
        case 1 if isinstance(holder, list):
            holder.append(holder[key])
        case 2:
            holder[key] = [holder[key]]
        case _:
            holder[key] = json.loads(json.dumps(chance.choice(_VALUES)))
