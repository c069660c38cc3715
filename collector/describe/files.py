"""Files of a folder that may hold anything, read with bounds."""

from __future__ import annotations

import re
from pathlib import Path

from collector.errors import InvalidValue, UsageError
from collector.model.invisible import CONTROLS, DIRECTIONS

_FORBIDDEN = re.compile(f"[{CONTROLS}{DIRECTIONS}]")
"""Controls, which act on terminals, and marks that turn the direction of text."""

MAX_FILE = 2**20
"""Bytes of one file; the largest real part has 33,000."""


def read_text(path: Path, folder: Path, *, largest: int = MAX_FILE) -> str | None:
    """The text of a file below `folder`; None where there is none.

    Raises:
        UsageError: it is a link that leads out of the folder, or no regular file.
        InvalidValue: it is too large, or no UTF-8 text; the message has the number of the line.
    """
    try:
        if not path.resolve(strict=True).is_relative_to(folder.resolve()):
            # What lies elsewhere on this machine is not meant to be published.
            raise UsageError(f"{path}: leads out of {folder}", hint="copy the file into the folder")
        if not path.is_file():
            raise UsageError(f"{path}: is no file", hint="a part is a file of text")
        with path.open("rb") as file:
            raw = file.read(largest + 1)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, RuntimeError) as error:  # a circle of links is the latter until Python 3.13
        raise UsageError(f"{path}: {getattr(error, 'strerror', None) or error}") from None
    if len(raw) > largest:
        raise InvalidValue(f"{path}: larger than {largest} bytes")
    return decode(raw, str(path))


def decode(raw: bytes, name: str) -> str:
    """Bytes as text, with line feeds for line ends; `name` is for messages.

    Raises:
        InvalidValue: it is no UTF-8, or has characters in it that nobody sees and that act.
    """
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise InvalidValue(f"{name}:{line}: not UTF-8", hint="save it as UTF-8") from None
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if unseen := _FORBIDDEN.search(text):
        line = text.count("\n", 0, unseen.start()) + 1
        raise InvalidValue(f"{name}:{line}: has a U+{ord(unseen[0]):04X} in it, which acts unseen", hint="remove it")
    return text
