"""The records of a site's tasks, in files of their own: a build holds but their names, however many pages there are."""

from __future__ import annotations

from collections.abc import Collection
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

import msgspec

from collector.errors import BuildError
from collector.site.record import Record

T = TypeVar("T", bound=msgspec.Struct)


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
            content = (self.folder / name).read_bytes()
            if sha256(content).hexdigest() == name:
                return msgspec.msgpack.decode(content, type=part)
        except (OSError, ValueError, msgspec.MsgspecError):
            pass
        return None

    def must_read(self, name: str, part: type[T]) -> T:
        """A record, or a part of it, that this very build needs.

        Raises:
            BuildError: it is not there, or not as it was written.
        """
        found = self.read(name, part)
        if found is None:
            raise BuildError(f"{self.folder} was changed while the site was built", hint="build it again")
        return found

    def sweep(self, names: Collection[str]) -> None:
        """Remove all records but these."""
        for path in self.folder.iterdir() if self.folder.is_dir() else ():
            if path.name not in names:
                path.unlink()
