"""The sum at the end of a line: `,"sum":"01234567"}`, the first 8 hex digits of the SHA-256 of the line before it.

A line with a sum is a line of canonical JSON whose closing brace was replaced. It is data for those who check the
archive, and no member of the fact: whoever reads facts may ignore it.
"""

from __future__ import annotations

import hashlib
import re
from typing import NamedTuple

_END = re.compile(rb',"sum":"([0-9a-f]{8})"\}\n?\Z')
_END_LENGTH = len(b',"sum":"01234567"}\n')


class SummedLine(NamedTuple):
    """A line and its sum apart."""

    fact: bytes
    """The line without a sum and without its line feed."""
    has_sum: bool
    is_damaged: bool
    """The sum is not that of the line."""


def add_sum(line: bytes) -> bytes:
    """A line of canonical JSON, which ends with a brace and a line feed, with its sum."""
    content = line[:-2]
    return b'%b,"sum":"%b"}\n' % (content, _sum_of(content))


def split_sum(line: bytes) -> SummedLine:
    """Take the sum off a line, with or without its line feed, and check it."""
    end = _END.search(line, max(0, len(line) - _END_LENGTH))
    if end is None:
        return SummedLine(line.removesuffix(b"\n"), has_sum=False, is_damaged=False)
    content = line[: end.start()]
    return SummedLine(content + b"}", has_sum=True, is_damaged=_sum_of(content) != end[1])


def _sum_of(content: bytes) -> bytes:
    return hashlib.sha256(content).hexdigest()[:8].encode()
