"""All output to terminals. Text is data: nothing in it can control the terminal."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal, NamedTuple

import click

from collector.model.invisible import replace_unprintable

_STYLES = {
    "bold": {"bold": True},
    "dim": {"dim": True},
    "added": {"fg": "green"},
    "removed": {"fg": "red"},
}


class Styled(NamedTuple):
    """Text that is coloured if the output is a terminal."""

    text: str
    style: Literal["bold", "dim", "added", "removed"]


Part = str | Styled

_IN_ADDRESS = re.compile(r"(://?)[^\s'\"]*@")
_CUT_ADDRESS = re.compile(r"(://?)[^\s'\"@/:]*:(?!\d{1,5}(?:[/\s'\",;?#]|\Z))[^\s'\"]*")
_BEFORE_HOST = re.compile(r"(?<![^\s'\"])[^\s'\"/@:]+:[^\s'\"@]+@(?=[\w.:-]+/)")


class OutputClosed(Exception):
    """The reader of the output, such as `head`, has closed it."""


def visible(text: str) -> str:
    r"""The text with escapes for characters that control a terminal or are invisible: `\x1b`, `\u202e`, `\udc80`.

    These are control characters, format characters (also bidirectional ones), line separators and lone surrogates. A
    tab, which is frequent in steps, becomes a space.
    """
    return replace_unprintable(text.replace("\t", " "), _escaped)


def without_user_information(text: str) -> str:
    """The text with `…` for user names and passwords before a host, as in `https://user:token@host/`.

    A user may give such an address by mistake, and the message about it would be in the log of a job.
    """
    text = _CUT_ADDRESS.sub(r"\1…", _IN_ADDRESS.sub(r"\1…@", text))
    return _BEFORE_HOST.sub("…@", text)


def write(*parts: Part, err: bool = False) -> None:
    """Write one line.

    Raises:
        OutputClosed: the reader has closed it.
    """
    line = "".join(
        click.style(visible(part.text), **_STYLES[part.style]) if isinstance(part, Styled) else visible(part)  # type: ignore[arg-type]  # one value type per style
        for part in parts
    )
    with named_stream("standard error" if err else "standard output"):
        # click leaves colours out without a terminal; NO_COLOR (no-color.org) leaves them out everywhere.
        click.echo(line, err=err, color=False if os.environ.get("NO_COLOR") else None)


def write_bytes(content: bytes) -> None:
    """Write exact bytes to standard output.

    Raises:
        OutputClosed: the reader has closed it.
    """
    with named_stream("standard output"):
        click.echo(content, nl=False)


def flush() -> None:
    """Flush standard output, if there is one.

    Raises:
        OutputClosed: the reader has closed it.
    """
    with named_stream("standard output"):
        if sys.stdout:
            sys.stdout.flush()


@contextmanager
def named_stream(name: str) -> Iterator[None]:
    """A context in which errors name the stream as if it were a file, because its disk may be full."""
    try:
        yield
    except BrokenPipeError:
        raise OutputClosed from None
    except OSError as error:
        raise OSError(error.errno, error.strerror, error.filename or name) from None


def _escaped(char: str) -> str:
    code = ord(char)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
