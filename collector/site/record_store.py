"""The records of a site's tasks, in files of their own: a build holds but their names, however many pages there are."""

from __future__ import annotations

import re
from collections.abc import Collection
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

import msgspec

from collector.errors import BuildError
from collector.site.plain_files import read_plain
from collector.site.records import Record

T = TypeVar("T", bound=msgspec.Struct)

_NAME = re.compile("[0-9a-f]{64}")
_LONGEST = 2**30
"""Bytes of a record."""


class Shelf(msgspec.Struct, frozen=True, kw_only=True):
    """A folder of records. Each is named by the hash of its content, so that none is believed that was damaged."""

    folder: Path

    def write(self, record: Record) -> str:
        """Keep a record; gives its name."""
        content = msgspec.msgpack.encode(record)
        name = sha256(content).hexdigest()
        self.folder.mkdir(exist_ok=True)
        beside = self.folder / f"{name}.new"
        beside.write_bytes(content)
        beside.replace(self.folder / name)
        return name

    def read(self, name: str, part: type[T]) -> T | None:
        """A record, or a part of it; None where it is not there, or not as it was written."""
        try:
            content = self.content(name)
            return msgspec.msgpack.decode(content, type=part) if content is not None else None
        except msgspec.MsgspecError:
            return None

    def content(self, name: str) -> bytes | None:
        """A record as it was written; None where it is not there, or no longer so."""
        if not _NAME.fullmatch(name):
            return None
        content = read_plain(self.folder, name, _LONGEST)
        return content if content is not None and sha256(content).hexdigest() == name else None

    def must_read(self, name: str, part: type[T]) -> T:
        """A record, or a part of it, that this very build needs.

        Raises:
            BuildError: it is not there, or not as it was written.
        """
        return msgspec.msgpack.decode(self.must_have(name), type=part)

    def must_have(self, name: str) -> bytes:
        """A record as it was written by this very build.

        Raises:
            BuildError: it is not there, or no longer so.
        """
        content = self.content(name)
        if content is None:
            raise BuildError(f"{self.folder} was changed while the site was built", hint="build it again")
        return content

    def sweep(self, names: Collection[str]) -> None:
        """Remove all records but these."""
        for path in self.folder.iterdir() if self.folder.is_dir() else ():
            if path.name not in names:
                path.unlink()
