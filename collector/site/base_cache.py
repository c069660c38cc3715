"""The folder of the build folder in which outlines and bases are kept from one build to the next."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from hashlib import sha256
from pathlib import Path

import msgspec

from collector.site.garbage_collection import without_garbage_collection
from collector.site.plain_files import read_plain, write_new
from collector.site.worker_processes import work_through

_MAX_BYTES = 2**30
_HASH_BYTES = 32

_Job = tuple[str, str]
"""A name, and the subject that its content is made of."""


class BaseCache(msgspec.Struct, frozen=True, kw_only=True):
    """A `collector.bases.cache.Cache` in files. Each begins with the hash of its content and of the program."""

    folder: Path
    program: str
    """The key of the program: another one may outline repositories in another way."""
    processes: int = 1
    """The number of processes for `fill`."""

    def read(self, name: str) -> bytes | None:
        """The content with a name; None if it is missing, damaged or from another program."""
        found = read_plain(self.folder, name, _MAX_BYTES)
        if found is None or found[:_HASH_BYTES] != self._hash(found[_HASH_BYTES:]):
            return None
        return found[_HASH_BYTES:]

    def write(self, name: str, content: bytes) -> None:
        """Store a content under a name."""
        self.folder.mkdir(exist_ok=True)
        beside = self.folder / f"{name}.new"
        beside.unlink(missing_ok=True)  # left by a build that was killed
        write_new(str(beside), self._hash(content) + content)
        beside.replace(self.folder / name)

    def fill(self, subjects: Mapping[str, str], make: Callable[[str], bytes]) -> None:
        """Store what `make` returns for each subject under the subject's name."""
        jobs, run = list(subjects.items()), _Maker(cache=self, make=make)
        # Even a single job runs in a process of its own, which returns its memory when it ends.
        processes = min(self.processes, len(jobs))
        for _ in work_through(run, jobs, processes=processes) if self.processes > 1 else map(run, jobs):
            pass

    def retain(self, names: Collection[str]) -> None:
        """Remove all files but these."""
        for path in self.folder.iterdir() if self.folder.is_dir() else ():
            if path.name not in names:
                path.unlink()

    def _hash(self, content: bytes) -> bytes:
        return sha256(self.program.encode() + content).digest()


class _Maker(msgspec.Struct, frozen=True, kw_only=True):
    """Makes contents, and keeps them. Travels to the worker processes by pickle."""

    cache: BaseCache
    make: Callable[[str], bytes]

    def __call__(self, job: _Job) -> None:
        name, subject = job
        with without_garbage_collection():
            content = self.make(subject)
        self.cache.write(name, content)
