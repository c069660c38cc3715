"""The files of a built site, with their hashes."""

from __future__ import annotations

from collections.abc import Iterator
from operator import attrgetter
from pathlib import Path

from collector.errors import BuildError
from collector.site.build_folder import open_build_folder
from collector.site.destination import MARK
from collector.site.record_store import Record, SiteFile
from collector.site.state import read_state


def read_site_files(site: Path) -> list[SiteFile]:
    """All files of a site, sorted by path, as the last build or merge recorded them.

    The site's mark is not among them: it is for the next build, not for readers.

    Raises:
        BuildError: no build of this site is known, or another one is running.
    """
    return sorted((file for record in _iter_records(site) for file in record.files), key=attrgetter("path"))


def read_left_out(site: Path) -> set[str]:
    """The paths of the pages that a site leaves out to stay within its limits.

    Raises:
        BuildError: no build of this site is known, or another one is running.
    """
    rows = (row for record in _iter_records(site) for row in record.left_out)
    return {file.path for row in rows for file in row.files if file.path.endswith(".html")}


def _iter_records(site: Path) -> Iterator[Record]:
    with open_build_folder(site) as folder:
        state = read_state(folder.state, folder.site / MARK)
        if state is None:
            raise BuildError(f"{site}: changed since it was built", hint="build it again")
        for entry in state.entries:
            yield folder.records.must_read(entry.record, Record)
