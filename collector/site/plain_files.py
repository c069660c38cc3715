"""Reads and writes files below a folder: no path leads out of it, no link is followed, and reads are bounded."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from io import FileIO
from pathlib import Path

from collector.errors import BuildError, naming
from collector.site.folder_tree import FolderTree, open_tree

_OUTSIDE = re.compile(r"[\0\\]|(?:^|/)\.{0,2}(?:/|\Z)")
"""A NUL, a backslash, or a part that is empty, `.` or `..`."""


def checked(path: str) -> str:
    """Check that a path stays inside the site, whatever names an archive contains; returns it.

    Raises:
        BuildError: it leads out of the site.
    """
    if _OUTSIDE.search(path):
        raise BuildError(f"not a path inside the site: {path!r}", hint="correct the name in the archive or the part")
    return path


def write_new(target: str, content: bytes) -> None:
    """Write a new file, with its folders. Uses no Path, which would be slow for 50,000 files.

    Raises:
        FileExistsError: the file exists.
    """
    try:
        file = _open_new(target)
    except FileNotFoundError:
        os.makedirs(target.rpartition("/")[0], exist_ok=True)  # noqa: PTH103 -- uses no Path
        file = _open_new(target)
    with naming(target), file:
        written = file.write(content)
        while written < len(content):
            written += file.write(memoryview(content)[written:])


def _open_new(target: str) -> FileIO:
    """Open without a buffer, because each file is one write."""
    return FileIO(target, "xb")


def read_plain(root: Path, path: str, longest: int) -> bytes | None:
    """The content of a regular file; None if it is missing, longer than `longest`, or behind a link.

    Raises:
        BuildError: the path leads out of the folder.
    """
    try:
        with open_tree(root) as tree:
            return tree.read(checked(path), longest)
    except OSError:
        return None


def has_content(tree: FolderTree, path: str, content: bytes) -> bool:
    """Whether a regular file has this content and is not behind a link."""
    try:
        return tree.size(path) == len(content) and tree.read(path, len(content)) == content
    except OSError:
        return False


def has_sizes(tree: FolderTree, files: Iterable[tuple[str, int]]) -> bool:
    """Whether all these files exist in these sizes, and none is behind a link."""
    try:
        # Sorted by name, so that each folder is opened once.
        return all(tree.size(path) == size for path, size in sorted(files))
    except (OSError, ValueError):
        return False


def iter_paths(folder: Path) -> Iterator[str]:
    """Every file and every link below a folder; links are not followed."""
    for name, folders, files in os.walk(folder):
        inner = Path(name).relative_to(folder)
        links = [one for one in folders if Path(name, one).is_symlink()]
        yield from ((inner / one).as_posix() for one in (*files, *links))
