"""The moves and removals from an old site to a new one: a list on disk, of any length."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Literal

import msgspec

from collector.errors import BuildError
from collector.model.json_text import NOT_DECODABLE
from collector.site.plain_files import checked

Verb = Literal["move", "remove"]


class MoveJournal:
    """A journal while it is written: one line of JSON for each file, its path relative to the site's root."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def add(self, verb: Verb, path: str) -> None:
        self._file.write(msgspec.json.encode((verb, checked(path))) + b"\n")

    def close(self) -> None:
        self._file.close()


def iter_journal(journal: Path, verb: Verb) -> Iterator[str]:
    """The paths of the files to be moved, or to be removed.

    Raises:
        BuildError: the journal is damaged.
    """
    decoder = msgspec.json.Decoder(tuple[Verb, str])
    try:
        with journal.open("rb") as lines:
            for line in lines:
                found, path = decoder.decode(line)
                if found == verb:
                    yield checked(path)
    except NOT_DECODABLE as error:
        raise BuildError(f"{journal} is damaged: {error}", hint="delete it, and build with --full") from error
