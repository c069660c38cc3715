"""The folder of the build folder in which outlines and bases are kept from one build to the next."""

from __future__ import annotations

from collections.abc import Collection
from hashlib import sha256
from pathlib import Path

import msgspec

from collector.site.plain_files import read_plain, write_new

_MAX_BYTES = 2**30
_HASH_BYTES = 32


class BaseCache(msgspec.Struct, frozen=True, kw_only=True):
    """A `collector.bases.cache.Cache` in files. Each begins with the hash of its content and of the program."""

    folder: Path
    program: str
    """The key of the program: another one may outline repositories in another way."""

    def read(self, name: str) -> bytes | None:
        """A content; None if it is missing, damaged or another program's."""
        found = read_plain(self.folder, name, _MAX_BYTES)
        if found is None or found[:_HASH_BYTES] != self._hash(found[_HASH_BYTES:]):
            return None
        return found[_HASH_BYTES:]

    def write(self, name: str, content: bytes) -> None:
        """Keep a content."""
        self.folder.mkdir(exist_ok=True)
        beside = self.folder / f"{name}.new"
        beside.unlink(missing_ok=True)  # left by a build that was killed
        write_new(str(beside), self._hash(content) + content)
        beside.replace(self.folder / name)

    def retain(self, names: Collection[str]) -> None:
        """Remove all files but these."""
        for path in self.folder.iterdir() if self.folder.is_dir() else ():
            if path.name not in names:
                path.unlink()

    def _hash(self, content: bytes) -> bytes:
        return sha256(self.program.encode() + content).digest()
