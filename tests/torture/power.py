"""What a disk may lose in a power failure: everything since the last fsync, in any order.

The log is kept beside each operation, with the real functions of `os`. `lose` then makes the folder what a disk could
contain: files without what was written to them, and folders without the names that were made, moved or removed.
"""

from __future__ import annotations

import os
import random
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Literal

Loss = Literal["lost writes", "lost names", "reordered"]

REAL = SimpleNamespace(**{name: getattr(os, name) for name in dir(os) if callable(getattr(os, name))})
"""`os` as it was before anything was replaced."""


class PowerLog:
    """The writes and names that no fsync has brought to the disk yet."""

    def __init__(self) -> None:
        self._spare = ""
        self._count = 0
        self._files: dict[tuple[int, int], tuple[int, int]] = {}
        """Device and inode → a descriptor of our own, and the length that is safe."""
        self._names: list[tuple[str, Callable[[], object]]] = []
        """The folder whose fsync makes a change safe, and what undoes the change."""

    def start(self, folder: str) -> None:
        """Begin the log, with a folder on the same file system for removed files."""
        self._spare = tempfile.mkdtemp(prefix=".spare-", dir=folder)

    def opening(self, path: Any, flags: int, folder: int | None) -> Callable[[int], None]:
        """Before an `open` that writes: returns what receives the descriptor."""
        whole = resolve(path, folder)
        is_new = not os.path.lexists(whole)
        length = 0 if is_new or flags & os.O_TRUNC else REAL.stat(whole).st_size

        def opened(descriptor: int) -> None:
            if is_new:
                self._change(whole, lambda: REAL.unlink(whole))
            key = _key(descriptor)
            if key not in self._files:
                self._files[key] = REAL.open(f"/proc/self/fd/{descriptor}", os.O_WRONLY), length

        return opened

    def renaming(self, source: str, target: str) -> None:
        """Before a rename."""
        undo = self._removal(target)

        def back() -> None:
            REAL.rename(target, source)
            undo()

        self._change(target, back)

    def removing(self, path: str) -> None:
        """Before a file, a link or a folder is removed."""
        self._change(path, self._removal(path))

    def making(self, path: str) -> None:
        """Before a folder or a link is made: with its name, all below it is lost."""
        self._change(path, lambda: shutil.rmtree(path) if Path(path).is_dir() else REAL.unlink(path))

    def synced(self, descriptor: int) -> None:
        """After an fsync."""
        key = _key(descriptor)
        if key in self._files:
            self._files[key] = self._files[key][0], REAL.fstat(descriptor).st_size
        folder = REAL.readlink(f"/proc/self/fd/{descriptor}")
        self._names = [(where, undo) for where, undo in self._names if where != folder]

    def lose(self, loss: Loss, seed: int) -> None:
        """Set the files and folders to what the disk has."""
        chance = random.Random(seed)
        for descriptor, safe in self._files.values():
            if loss == "lost writes" or (loss == "reordered" and chance.random() < 0.5):
                REAL.ftruncate(descriptor, min(safe, REAL.fstat(descriptor).st_size))
        kept = len(self._names) if loss == "lost writes" else 0 if loss == "lost names" else chance.randrange(99)
        for _, undo in reversed(self._names[kept:]):
            with suppress(OSError):  # the name above it is lost already
                undo()

    def _change(self, path: str, undo: Callable[[], object]) -> None:
        self._names.append((str(Path(path).parent), undo))

    def _removal(self, path: str) -> Callable[[], object]:
        """A function that restores the file, the link or the empty folder at a path; None if there is none."""
        if Path(path).is_dir() and not Path(path).is_symlink():
            return lambda: REAL.mkdir(path)
        self._count += 1
        spare = f"{self._spare}/{self._count}"
        try:
            REAL.link(path, spare, follow_symlinks=False)
        except (FileNotFoundError, NotADirectoryError):
            return lambda: None
        return lambda: REAL.rename(spare, path)


def _key(descriptor: int) -> tuple[int, int]:
    found = REAL.fstat(descriptor)
    return found.st_dev, found.st_ino


def resolve(path: Any, folder: int | None) -> str:
    """The absolute path of an operation's argument, which may be relative to an open folder."""
    base = REAL.readlink(f"/proc/self/fd/{folder}") if folder is not None else os.getcwd()  # noqa: PTH109
    return os.path.normpath(os.path.join(base, os.fsdecode(path)))  # noqa: PTH118
