"""repo-info: what container image tags contained over time, kept and published."""

from __future__ import annotations

from os import PathLike
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collector.api import ArchiveReader

__all__ = ["__version__", "open_archive"]

__version__ = "0.1.0"


def open_archive(path: str | PathLike[str]) -> ArchiveReader:
    """Opens an archive for questions: `find`, `resolve`, `history`, `diff`, `packages`, `licences`.

    Raises:
        ArchiveError: there is no archive, or it cannot be read; NewerArchive if its format is newer.
    """
    # Imported late: `import collector` stays as cheap as reading the version.
    from collector.api import ArchiveReader

    return ArchiveReader(path)
