"""The sum at the end of a line: `,"sum":"01234567"}`, the first 8 hex digits of the SHA-256 of the line before it.

A line with a sum is a line of canonical JSON whose closing brace was replaced. The sum is no member of the fact: a
reader that does not check it may ignore it.
"""

from __future__ import annotations

from binascii import hexlify
from hashlib import sha256

_KEY = b',"sum":"'
_END = b'"}\n'
_LENGTH = len(b',"sum":"01234567"}\n')
ADDED = _LENGTH - len(b"}\n")
"""Bytes that a sum adds to a line."""


def add_sum(line: bytes) -> bytes:
    """A line of canonical JSON, which ends with a brace and a line feed, with its sum."""
    content = line[:-2]
    return b'%b,"sum":"%b"}\n' % (content, _sum_of(content))


def has_sum(line: bytes) -> bool:
    """Whether a line, with its line feed, ends with a sum; right or wrong."""
    return line[-_LENGTH:-11] == _KEY and line[-3:] == _END


def is_damaged(line: bytes) -> bool:
    """Whether a line, with its line feed, ends with a sum that is not its own."""
    # `has_sum` and `_sum_of` are written out: every line of every journal that is read comes here.
    is_summed = line[-_LENGTH:-11] == _KEY and line[-3:] == _END
    return is_summed and line[-11:-3] != hexlify(sha256(line[:-_LENGTH]).digest()[:4])


def without_sum(line: bytes) -> bytes:
    """A line, with its line feed, as it was before its sum was added."""
    return line[:-_LENGTH] + b"}\n" if has_sum(line) else line


def _sum_of(content: bytes) -> bytes:
    return hexlify(sha256(content).digest()[:4])
