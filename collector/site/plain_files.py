"""Files below a folder: no path leads out of it, and none is read through a link or without a bound."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from io import FileIO
from pathlib import Path
from stat import S_ISREG

from collector.errors import BuildError

_OUTSIDE = re.compile(r"[\0\\]|(?:^|/)\.{0,2}(?:/|\Z)")
"""A NUL, a backslash, or a part that is empty, `.` or `..`."""


def checked(path: str) -> str:
    """Return the path; it stays inside the site, whatever an archive calls its images.

    Raises:
        BuildError: it does not.
    """
    if _OUTSIDE.search(path):
        raise BuildError(f"not a path inside the site: {path!r}")
    return path


def write_new(target: str, content: bytes) -> None:
    """Write a new file, with its folders. Not by Path: there are 50,000 of them.

    Raises:
        FileExistsError: there is one already.
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


def read_plain(root: Path, path: str, longest: int) -> bytes | None:
    """The content of a regular file. None: there is none, it is longer than `longest`, or a link leads to it.

    Raises:
        BuildError: the path leads out of the folder.
    """
    place = root / checked(path)
    try:
        if place.parent.resolve() != root.resolve() / Path(path).parent:
            return None
        # Without O_NONBLOCK it would wait for whoever writes into a pipe.
        with os.fdopen(os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
            if not S_ISREG(os.fstat(file.fileno()).st_mode):
                return None
            content = file.read(longest + 1)
    except OSError:
        return None
    return content if len(content) <= longest else None


def has_content(file: Path, content: bytes) -> bool:
    """Whether this is a regular file of this content."""
    try:
        found = file.lstat()
        return S_ISREG(found.st_mode) and found.st_size == len(content) and file.read_bytes() == content
    except OSError:
        return False


def iter_paths(folder: Path) -> Iterator[str]:
    """Every file below a folder, and every link, wherever it leads."""
    for name, folders, files in os.walk(folder):
        inner = Path(name).relative_to(folder)
        links = [one for one in folders if Path(name, one).is_symlink()]
        yield from ((inner / one).as_posix() for one in (*files, *links))
