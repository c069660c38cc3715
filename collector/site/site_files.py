"""The files of a built site, with their hashes."""

from __future__ import annotations

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
    with open_build_folder(site) as folder:
        state = read_state(folder.state, folder.site / MARK)
        if state is None:
            raise BuildError(f"{site}: changed since it was built", hint="build it again")
        files = (file for entry in state.entries for file in folder.records.must_read(entry.record, Record).files)
        return sorted(files, key=attrgetter("path"))
