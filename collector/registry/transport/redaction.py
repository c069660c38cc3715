"""Redacts addresses and texts from outside by an allow-list, so that unknown kinds of secrets are removed, too.

A signed address has its secret in its query or its path. Any text may repeat a token or a password.
"""

from __future__ import annotations

import logging
import re
from urllib.parse import urlsplit

from collector.model.invisible import replace_unprintable

_SHOWN_PATH = re.compile(r"/v2/(?:[a-z0-9._/-]+/(?:manifests|blobs|referrers|tags)/[A-Za-z0-9._:-]+)?\Z")
_PROTOCOL = re.compile(r"HTTP/[0-9.]+\Z")
_LONG = re.compile(r"[^\s,;'\"()<>]{40,}")
_DIGEST = re.compile(r"(?:[a-z0-9._/:-]{1,80}@)?sha(?:256|512):[0-9a-f]{64,128}\Z")
_QUERY = re.compile(r"\?\S*")
_SECRET_WORD = re.compile(r"(?i)\b(bearer|basic|password|secret|token|authorization|signature)(\s*[=:]\s*|\s+)\S+")
_LOGGERS = ("connectionpool", "connection", "poolmanager", "response", "util.retry", "util.url")


class Secret:
    """A text that is only visible through `reveal`."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself, only for sending."""
        return self._text

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._text == self._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __repr__(self) -> str:
        return "Secret(…)"

    __str__ = __repr__


def shown_url(url: str) -> str:
    """An address without possible secrets: the host, and the path if it has the form of the distribution API."""
    try:
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
    except ValueError:
        return "…"
    return host + (parts.path if _SHOWN_PATH.match(parts.path) else "/…")


def shown_text(text: str) -> str:
    """A text from outside as one short line without control characters, queries, or words long enough to be tokens."""
    line = replace_unprintable(text[:2000], lambda _: " ")
    line = _SECRET_WORD.sub(r"\1 …", _QUERY.sub("?…", line))
    line = _LONG.sub(lambda word: word[0] if _DIGEST.match(word[0]) else "…", line)
    line = " ".join(line.split())
    return line if len(line) <= 200 else line[:199] + "…"


class _OnlyWhatMayBeShown(logging.Filter):
    """Redacts urllib3's log, which contains whole addresses at DEBUG, and the texts of failures."""

    def filter(self, record: logging.LogRecord) -> bool:
        arguments = record.args if isinstance(record.args, tuple) else ()
        record.args = tuple(_shown_argument(argument) for argument in arguments)
        record.exc_info = record.exc_text = None
        return True


def _shown_argument(argument: object) -> object:
    if argument is None or isinstance(argument, int | float):
        return argument
    if not isinstance(argument, str):
        return type(argument).__name__
    if _PROTOCOL.match(argument):
        return argument
    return shown_url(argument) if "/" in argument or "?" in argument else shown_text(argument)


_FILTER = _OnlyWhatMayBeShown()


def redact_logs() -> None:
    """Redact addresses in urllib3's log with `shown_url`. Another call changes nothing."""
    for name in _LOGGERS:
        logging.getLogger(f"urllib3.{name}").addFilter(_FILTER)
