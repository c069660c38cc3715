"""Files below a folder: no path leads out of it, and none is read through a link or without a bound."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from io import FileIO
from pathlib import Path

from collector.errors import BuildError
from collector.site.folder_tree import FolderTree, open_tree

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
    try:
        with open_tree(root) as tree:
            return tree.read(checked(path), longest)
    except OSError:
        return None


def has_content(tree: FolderTree, path: str, content: bytes) -> bool:
    """Whether this is a regular file of this content, and no link leads to it."""
    try:
        return tree.size(path) == len(content) and tree.read(path, len(content)) == content
    except OSError:
        return False


def has_sizes(tree: FolderTree, files: Iterable[tuple[str, int]]) -> bool:
    """Whether all these files are there in these sizes, and no link leads to any."""
    try:
        # In the order of their names, so that each folder is opened once.
        return all(tree.size(path) == size for path, size in sorted(files))
    except (OSError, ValueError):
        return False


def iter_paths(folder: Path) -> Iterator[str]:
    """Every file below a folder, and every link, wherever it leads."""
    for name, folders, files in os.walk(folder):
        inner = Path(name).relative_to(folder)
        links = [one for one in folders if Path(name, one).is_symlink()]
        yield from ((inner / one).as_posix() for one in (*files, *links))
