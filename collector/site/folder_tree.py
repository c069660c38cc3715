"""Access to the files below a folder without following links."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import FileIO
from pathlib import Path
from stat import S_ISLNK, S_ISREG

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
"""Without O_NONBLOCK, opening a pipe would wait for its writer."""


class FolderTree:
    """Opens each folder on the way to a file separately, and keeps the folders of the last file open.

    Paths are relative to the root, with slashes, and `checked`. A file behind a link counts as missing.
    """

    def __init__(self, root: int) -> None:
        self._folders = [root]
        self._paths = [""]
        """The path of each open folder, with a slash at the end."""

    def size(self, path: str) -> int:
        """The size of a regular file.

        Raises:
            OSError: it is missing, or not a regular file.
        """
        folder, name = self._enter(path)
        found = os.stat(name, dir_fd=folder, follow_symlinks=False)
        if not S_ISREG(found.st_mode):
            raise FileNotFoundError(path)
        return found.st_size

    def read(self, path: str, longest: int) -> bytes:
        """The content of a regular file.

        Raises:
            OSError: it is missing, not a regular file, or longer than `longest`.
        """
        folder, name = self._enter(path)
        with FileIO(os.open(name, _FILE, dir_fd=folder)) as file:
            found = os.fstat(file.fileno())
            if not S_ISREG(found.st_mode) or found.st_size > longest:
                raise FileNotFoundError(path)
            return file.read(found.st_size)

    def replace(self, source: str, path: str) -> None:
        """Move a file here, with its folders; a link on the way is replaced by a folder.

        Raises:
            FileNotFoundError: the source is missing.
            OSError: the file cannot be moved.
        """
        folder, name = self._enter(path, makes=True)
        os.replace(source, name, dst_dir_fd=folder)

    def remove(self, path: str) -> None:
        """Remove a file or a link, if it exists, and the folders that it leaves empty."""
        # After a killed build, a folder may have replaced the file already, or a file its folder.
        with suppress(FileNotFoundError, IsADirectoryError, NotADirectoryError):
            folder, name = self._enter(path)
            os.unlink(name, dir_fd=folder)
        with suppress(OSError):
            while len(self._folders) > 1:
                name = self._leave()
                os.rmdir(name, dir_fd=self._folders[-1])

    def close(self) -> None:
        while len(self._folders) > 1:
            self._leave()

    def _enter(self, path: str, *, makes: bool = False) -> tuple[int, str]:
        """The folder of a path, and the name of the file in it."""
        end = path.rfind("/") + 1
        folder = path[:end]
        if folder != self._paths[-1]:
            while not folder.startswith(self._paths[-1]):
                self._leave()
            for name in folder[len(self._paths[-1]) :].split("/")[:-1]:
                self._folders.append(self._make(name) if makes else self._open(name))
                self._paths.append(f"{self._paths[-1]}{name}/")
        return self._folders[-1], path[end:]

    def _open(self, name: str) -> int:
        return os.open(name, _FOLDER, dir_fd=self._folders[-1])

    def _make(self, name: str) -> int:
        above = self._folders[-1]
        try:
            return self._open(name)
        except NotADirectoryError:
            if not S_ISLNK(os.stat(name, dir_fd=above, follow_symlinks=False).st_mode):
                raise
            os.unlink(name, dir_fd=above)
        except FileNotFoundError:
            pass
        os.mkdir(name, dir_fd=above)
        return self._open(name)

    def _leave(self) -> str:
        """Close the innermost folder; returns its name."""
        os.close(self._folders.pop())
        path = self._paths.pop()
        return path[len(self._paths[-1]) : -1]


@contextmanager
def open_tree(root: Path) -> Iterator[FolderTree]:
    """The files below a folder, which may itself be reached through links.

    Raises:
        OSError: the folder does not exist.
    """
    folder = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    tree = FolderTree(folder)
    try:
        yield tree
    finally:
        tree.close()
        os.close(folder)
