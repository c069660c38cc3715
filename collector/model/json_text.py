r"""Errors of decoding JSON, and the repair of text that is not quite JSON but that Docker and other Go programs read.

A text that was cut inside a character may end in half of a surrogate pair (`\ud83d`). Go reads it as
U+FFFD, the replacement character (encoding/json, "Unmarshal"); decoders that keep to RFC 8259 refuse the document.
"""

from __future__ import annotations

import re

import msgspec

from collector.errors import InvalidValue

NOT_DECODABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
"""The errors of a msgspec decoder: another form, invalid UTF-8 in a text, or too many brackets."""

_MAYBE = re.compile(rb"\\u[dD][89a-fA-F]")
_ESCAPE = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"  # a whole pair
    rb"|(\\u[dD][89a-fA-F][0-9a-fA-F]{2})"  # half of one
    rb"|\\."  # any other escape, so that `\\\\ud83d` does not match
)


def check_count(raw: bytes, most: int) -> None:
    """Check before JSON is decoded that it has at most `most` values: `[]` has 2 bytes, and takes 70 in memory.

    Brackets and commas are counted, those in texts too: no value is missed, and some count twice.

    Raises:
        InvalidValue: it may have more.
    """
    if len(raw) > most and sum(map(raw.count, (b",", b"[", b"{"))) > most:
        raise InvalidValue(f"more than {most} values")


def repair_json(raw: bytes) -> bytes:
    """The same JSON with U+FFFD for each half of a surrogate pair; the same bytes if there is none."""
    if not _MAYBE.search(raw):
        return raw
    repaired = bytearray(raw)  # `sub` takes 16 times the size of a text with many escapes
    for escape in _ESCAPE.finditer(raw):
        if escape[1]:
            repaired[escape.start() : escape.end()] = rb"\ufffd"
    return bytes(repaired)
