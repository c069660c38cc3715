"""The destination of a site's files: a new folder, or an existing site, in which only differences are written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from hashlib import sha256
from pathlib import Path
from typing import Protocol

import msgspec

from collector.errors import BuildError
from collector.site.folder_tree import FolderTree, open_tree
from collector.site.move_journal import iter_journal
from collector.site.plain_files import checked, has_content, has_sizes, iter_paths, write_new

MARK = ".repo-info-site"
"""A file in the root of every built site. A folder without it is never changed."""


class Destination(Protocol):
    """Receives the files of the next site. Worker processes receive it by pickle."""

    def open(self) -> AbstractContextManager[Destination]:
        """The same destination with open folders, which is faster for many calls. It cannot be pickled."""

    def put(self, path: str, content: bytes) -> bool:
        """Receive one file; returns whether it is staged, to be moved into place by `publish`.

        Raises:
            BuildError: the path leads out of the site, or through another page.
        """

    def drop(self, path: str) -> None:
        """Forget a file that was received."""

    def keeps(self, files: Iterable[tuple[str, int]]) -> bool:
        """Whether the site has all these files in these sizes, so that they can stay."""

    def paths(self) -> Iterator[str]:
        """Every path that the site has now."""

    def publish(self) -> None:
        """Make the received files the site.

        Raises:
            OSError: the site's folder cannot be changed.
        """


class NewFolder(msgspec.Struct, frozen=True, kw_only=True):
    """A new folder, renamed to the site when it is complete."""

    folder: Path
    site: Path

    def open(self) -> AbstractContextManager[Destination]:
        return nullcontext(self)

    def put(self, path: str, content: bytes) -> bool:
        try:
            write_new(f"{self.folder}/{checked(path)}", content)
        except (FileExistsError, IsADirectoryError, NotADirectoryError):
            raise path_conflict(path) from None
        return False

    def drop(self, path: str) -> None:
        with open_tree(self.folder) as tree:
            tree.remove(checked(path))

    def keeps(self, files: Iterable[tuple[str, int]]) -> bool:  # the folder is empty
        return False

    def paths(self) -> Iterator[str]:
        return iter(())

    def publish(self) -> None:
        # A rename onto an empty folder is allowed; `open_build_folder` refuses any other.
        self.folder.rename(self.site)


class UpdateInPlace(msgspec.Struct, frozen=True, kw_only=True):
    """An existing site, and a stage beside it for the files that differ.

    Folders cost more than files: another whole tree beside the site would take longer than all pages that change on a
    day.
    """

    site: Path
    stage: Path
    draft: Path
    """The moves and removals from the old site to the new one, while they are written."""
    journal: Path
    """The complete journal. Once it exists the new site counts, and the next build finishes a killed one."""
    tree: FolderTree | None = None
    """The site's folder, if it is open."""

    @contextmanager
    def open(self) -> Iterator[Destination]:
        with open_tree(self.site) as tree:
            yield msgspec.structs.replace(self, tree=tree)

    def put(self, path: str, content: bytes) -> bool:
        checked(path)
        with self._opened() as tree:
            if has_content(tree, path, content):
                return False
        staged = _staged(self.stage, path)
        try:
            write_new(staged, content)
        except FileExistsError:
            # A task that runs twice stages its files twice.
            if Path(staged).read_bytes() != content:
                raise path_conflict(path) from None
        return True

    def drop(self, path: str) -> None:
        Path(_staged(self.stage, path)).unlink(missing_ok=True)

    def keeps(self, files: Iterable[tuple[str, int]]) -> bool:
        with self._opened() as tree:
            return has_sizes(tree, files)

    def paths(self) -> Iterator[str]:
        return iter_paths(self.site)

    def publish(self) -> None:
        self.draft.rename(self.journal)
        self.apply()

    def apply(self) -> None:
        """Apply the moves and removals of the journal, except those that a killed build has already applied."""
        with open_tree(self.site) as tree:
            # Removals come first: a removed file may be at the destination of another.
            for path in iter_journal(self.journal, "remove"):
                tree.remove(path)
            for path in iter_journal(self.journal, "move"):
                with suppress(FileNotFoundError):  # a killed build has moved it already
                    tree.replace(_staged(self.stage, path), path)

    def _opened(self) -> AbstractContextManager[FolderTree]:
        return nullcontext(self.tree) if self.tree else open_tree(self.site)


def path_conflict(path: str) -> BuildError:
    """The error for two pages with one path, or for a page with the path of another's folder."""
    hint = "if two tags differ in upper and lower case only, build the site on a file system that tells them apart"
    return BuildError(f"two pages claim one address: {path!r}", hint=hint)


def _staged(stage: Path, path: str) -> str:
    """The path of a staged file. All are in one folder, so that no folder has to be made."""
    return f"{stage}/{sha256(path.encode()).hexdigest()}"
