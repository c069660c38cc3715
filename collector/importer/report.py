"""What an import reports, of one image and of all."""

from __future__ import annotations

import msgspec

from collector.archive.import_marks import ImportMark


class PageProblem(msgspec.Struct, frozen=True, kw_only=True):
    """A problem with one version of a page."""

    image: str
    tag: str
    commit: str
    reason: str


class LocalReport(msgspec.Struct, kw_only=True):
    """The result for `local/` pages. Deletions do not count: images stay as they are."""

    known: int = 0
    """Versions that an earlier import has read."""
    left_out: int = 0
    """Versions that have no place in the archive; a notice has the reason."""
    read: int = 0
    """Versions that were read."""
    without_packages: int = 0
    """Versions that were read and name no package: what their images contain is unknown."""
    images: int = 0
    """Images whose packages were added to the archive."""
    cut_short: int = 0
    """Lists of packages left out, because another page of the same image has all of them, and more."""
    garbage: int = 0
    """Lines in the place of a package that name none, in all that was read."""
    not_understood: list[PageProblem] = []
    """Versions that could not be read; nothing of them is kept."""

    def add(self, other: LocalReport) -> None:
        """Add the numbers of an image."""
        for name in self.__struct_fields__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


class PageCounts(msgspec.Struct, kw_only=True):
    """The result for all pages of one image, or of all images."""

    versions: int = 0
    """Page versions in the source, without deletions."""
    deletions: int = 0
    added: int = 0
    """Observations that were added to the archive."""
    kept_pages: int = 0
    """New pages of which a text was kept, because the facts alone do not reproduce their bytes."""
    not_understood: list[PageProblem] = []
    """Pages that were kept unchanged."""
    not_files: list[PageProblem] = []
    """Pages that are links or submodules: what the tag pointed at is unknown."""
    lost: list[PageProblem] = []
    """Pages that are too large. The archive has nothing of them, and the next import tries again."""
    notices: list[str] = []
    local_pages: int = 0
    """Versions of `local/` pages in the source, without deletions: those that are known, left out or read."""
    packages: LocalReport = msgspec.field(default_factory=LocalReport)
    """The report on `local/` pages."""


class ImageReport(PageCounts, kw_only=True):
    """The result for one image."""

    mark: ImportMark | None = None
    """How far `local/` pages are in the archive now."""
