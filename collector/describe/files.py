"""Bounded reads of untrusted files."""

from __future__ import annotations

import re
from pathlib import Path

from collector.errors import InvalidValue, UsageError
from collector.model.invisible import CONTROLS, DIRECTIONS

_FORBIDDEN = re.compile(f"[{CONTROLS}{DIRECTIONS}]")
"""Control characters, which affect terminals, and marks that change the direction of text."""

MAX_FILE = 2**20
"""Bytes of a file; the largest real part has 33,000."""


def read_text(path: Path, folder: Path, *, largest: int = MAX_FILE) -> str | None:
    """The text of a file below `folder`; None if it does not exist.

    Raises:
        UsageError: it is a link that leads out of the folder, or not a regular file.
        InvalidValue: it is too large, or not UTF-8; the message contains the number of the line.
    """
    try:
        if not path.resolve(strict=True).is_relative_to(folder.resolve()):
            # Files outside the folder must not be published.
            raise UsageError(f"{path}: leads out of {folder}", hint="copy the file into the folder")
        if not path.is_file():
            raise UsageError(f"{path}: not a file", hint="replace it with a text file")
        with path.open("rb") as file:
            raw = file.read(largest + 1)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, RuntimeError) as error:  # a circle of links is the latter until Python 3.13
        reason = getattr(error, "strerror", None) or error
        raise UsageError(f"{path}: cannot be read: {reason}", hint="check the file and its permissions") from None
    if len(raw) > largest:
        raise InvalidValue(f"{path}: larger than {largest} bytes", hint="check that it is the right file")
    return decode(raw, str(path))


def decode(raw: bytes, name: str) -> str:
    """Bytes as text, with line feeds for line ends; `name` is for messages.

    Raises:
        InvalidValue: it is not UTF-8, or contains invisible characters that have an effect.
    """
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise InvalidValue(f"{name}:{line}: not UTF-8", hint="save it as UTF-8") from None
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if unseen := _FORBIDDEN.search(text):
        line = text.count("\n", 0, unseen.start()) + 1
        raise InvalidValue(f"{name}:{line}: contains the invisible character U+{ord(unseen[0]):04X}", hint="remove it")
    return text
