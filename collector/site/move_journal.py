"""What is still to be done to make the new site of the old one: a list on disk, as long as it may be."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Literal

import msgspec

from collector.errors import BuildError
from collector.site.destination import checked

Verb = Literal["move", "remove"]


class Draft:
    """A journal that is being written: one line of JSON for each file, its path relative to the site's root."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def add(self, verb: Verb, path: str) -> None:
        self._file.write(msgspec.json.encode((verb, checked(path))) + b"\n")

    def close(self) -> None:
        self._file.close()


def iter_journal(journal: Path, verb: Verb) -> Iterator[str]:
    """The paths of the files to which this is to be done.

    Raises:
        BuildError: it is not as it was written.
    """
    decoder = msgspec.json.Decoder(tuple[Verb, str])
    try:
        with journal.open("rb") as lines:
            for line in lines:
                said, path = decoder.decode(line)
                if said == verb:
                    yield checked(path)
    except msgspec.MsgspecError as error:
        raise BuildError(f"{journal} is damaged: {error}", hint="delete it, and build with --full") from error
