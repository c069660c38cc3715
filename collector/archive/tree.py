"""Exports the archive as a classic tree: `repos/<image>/remote/<tag>.md`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from collector.archive.export import ClassicExporter, observation_at
from collector.archive.holdings import Holdings
from collector.archive.name_case import SAME_FILE, SpelledNames
from collector.archive.replacement import replace_file
from collector.errors import ArchiveError, UsageError
from collector.model.times import Time

_FOLDER = "repos"
_KIND = "remote"


class TreeReport(msgspec.Struct, kw_only=True):
    """The result of an export, in numbers of pages."""

    pages: int = 0
    """Pages that the tree now has for the exported images."""
    written: int = 0
    """Pages among these that were written, because they differed from the existing file."""
    removed: int = 0
    failed: list[str] = []
    """Pages that could not be exported, and why; their existing files are left unchanged."""


class ClassicTree:
    """A folder to export to. A page is first written to a temporary file, so that no page is ever incomplete."""

    def __init__(self, target: Path, *, as_of: Time | None = None) -> None:
        """Export to `target`, as of a moment (None: the newest).

        Raises:
            UsageError: `target` is not a folder.
        """
        if target.exists() and not target.is_dir():
            raise UsageError(f"{target}: not a folder", hint="name a folder, which need not exist yet")
        self._target = target
        self._as_of = as_of
        self.report = TreeReport()

    def export(self, holdings: Holdings) -> None:
        """Write the pages of one image, and remove pages that it no longer has. Its other files stay.

        Raises:
            ArchiveError: a symbolic link makes the image's folder lead out of the target.
        """
        folder = self._target / _FOLDER / holdings.repository.familiar / _KIND
        if not folder.resolve().is_relative_to(self._target.resolve()):
            raise ArchiveError(f"{folder}: a symbolic link leads out of {self._target}", hint="remove the link")
        names = SpelledNames(folder)
        for tag in self._iter_exported(holdings, folder, names):
            names.add(f"{tag}.md")
        self._remove_others(folder, names)

    def _iter_exported(self, holdings: Holdings, folder: Path, names: SpelledNames) -> Iterator[str]:
        """Write the page of each tag; yields the tags whose file is to stay."""
        exporter = ClassicExporter(holdings)
        for tag in holdings.tags:
            seen = observation_at(holdings, tag, self._as_of)
            try:
                page = exporter.page(seen) if seen else None
                if page is not None and (other := names.same_file(f"{tag}.md")):
                    raise ArchiveError(f"{folder / tag}.md: {SAME_FILE} {other}")
            except ArchiveError as error:
                self.report.failed.append(str(error))
                yield tag
                continue
            if page is not None:
                self.report.pages += 1
                self.report.written += write_where_different(folder / f"{tag}.md", page)
                yield tag

    def _remove_others(self, folder: Path, names: SpelledNames) -> None:
        if not folder.is_dir():
            return
        for path in sorted(folder.glob("*.md")):
            is_kept = path.name in names or names.same_file(path.name)
            if not is_kept and path.is_file() and not path.is_symlink():
                path.unlink()
                self.report.removed += 1
        if not any(folder.iterdir()):
            folder.rmdir()


def write_where_different(path: Path, content: bytes) -> bool:
    """Replace a file atomically; returns False if it is unchanged."""
    if path.is_file() and not path.is_symlink() and path.read_bytes() == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_file(path, content)
    return True
