"""Where a site's files go: into a new folder, or beside a site that is there, where they differ from it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from hashlib import sha256
from io import FileIO
from pathlib import Path
from stat import S_ISREG
from typing import Protocol

import msgspec

from collector.errors import BuildError

MARK = ".repo-info-site"
"""A file in the root of every site we built; a folder without it is not ours to change."""


_OUTSIDE = re.compile(r"[\0\\]|(?:^|/)\.{0,2}(?:/|\Z)")
"""A NUL, a backslash, or a part that is empty, `.` or `..`."""


class Output(Protocol):
    """Takes files. It travels to the worker processes by pickle."""

    def put(self, path: str, content: bytes) -> bool:
        """Take one file; whether it now waits to be moved into place, because it is new or differs.

        Raises:
            BuildError: the path leads out of the site, or through another page.
        """

    def keeps(self, files: Iterable[tuple[str, int]]) -> bool:
        """Whether files of these paths and sizes are all there, to stay as they are."""


class Fresh(msgspec.Struct, frozen=True, kw_only=True):
    """A folder that nobody sees yet."""

    folder: Path

    def put(self, path: str, content: bytes) -> bool:
        try:
            write_new(f"{self.folder}/{checked(path)}", content)
        except (FileExistsError, IsADirectoryError, NotADirectoryError):
            raise claimed_twice(path) from None
        return False

    def keeps(self, files: Iterable[tuple[str, int]]) -> bool:  # there is nothing yet
        return False


class Update(msgspec.Struct, frozen=True, kw_only=True):
    """A site that people see, and a stage beside it for what is to change. Folders cost more than files, so that
    building the whole tree again beside it would take longer than all the pages that a day changes.
    """

    site: Path
    stage: Path

    def put(self, path: str, content: bytes) -> bool:
        if _holds(self.site / checked(path), content):
            return False
        try:
            write_new(staged(self.stage, path), content)
        except FileExistsError:
            raise claimed_twice(path) from None
        return True

    def keeps(self, files: Iterable[tuple[str, int]]) -> bool:
        site = str(self.site)
        try:
            for path, size in files:
                # Not by Path, which takes three times as long, 60,000 times.
                found = os.stat(f"{site}/{path}", follow_symlinks=False)  # noqa: PTH116
                if found.st_size != size or not S_ISREG(found.st_mode):
                    return False
        except (OSError, ValueError):
            return False
        return True


def claimed_twice(path: str) -> BuildError:
    """What to raise where two pages, or a page and the folder of another, would lie at one place."""
    return BuildError(f"two pages claim one address: {path!r}")


def staged(stage: Path, path: str) -> str:
    """Where a file of the site waits. All wait in one folder, so that none has to be made for them."""
    return f"{stage}/{sha256(path.encode()).hexdigest()}"


def write_new(target: str, content: bytes) -> None:
    """Write a file that must not be there yet, with its folders. Not by Path: there are 50,000 of them.

    Raises:
        FileExistsError: it is there.
    """
    try:
        file = _open_new(target)
    except FileNotFoundError:
        Path(target).parent.mkdir(parents=True, exist_ok=True)
        file = _open_new(target)
    with file:
        written = file.write(content)
        while written < len(content):
            written += file.write(memoryview(content)[written:])


def _open_new(target: str) -> FileIO:
    """Unbuffered: each file is one write."""
    return FileIO(target, "xb")


def checked(path: str) -> str:
    """A path that stays inside the site, whatever an archive calls its images.

    Raises:
        BuildError: it does not.
    """
    if _OUTSIDE.search(path):
        raise BuildError(f"not a path inside the site: {path!r}")
    return path


def _holds(file: Path, content: bytes) -> bool:
    try:
        found = file.lstat()
        return S_ISREG(found.st_mode) and found.st_size == len(content) and file.read_bytes() == content
    except OSError:
        return False
