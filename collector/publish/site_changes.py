"""What to send to the host of a site, so that it has the new one: lists of paths, in the order of sending.

sending.txt   sent first, as files.txt: the manifest with `-` for what is about to change. If the rest is interrupted,
the next run sends or removes all of that again, whatever the host has of it by then
data.txt      paths of new and changed files that pages use
pages.txt     paths of new and changed pages and feeds, which come after their data
gone.txt      paths to remove at the host, after the pages that led there
files.txt     the manifest of the new site, sent last
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from heapq import merge
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import BinaryIO

import msgspec

from collector.publish.manifest import HEADER, UNKNOWN, Line
from collector.site.reports import BuildReport

SENDING, DATA, PAGES, GONE, FILES = "sending.txt", "data.txt", "pages.txt", "gone.txt", "files.txt"
_LISTS = (SENDING, DATA, PAGES, GONE, FILES)
_PAGES = (".html", ".xml")


class ChangeReport(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be sent and removed."""

    changed: int = 0
    """Files that the host has with another content, or may have."""
    new: int = 0
    gone: int = 0
    size: int = 0
    """Bytes to send."""


class SiteReport(BuildReport, frozen=True, kw_only=True):
    """The result of a build or a merge, with what is to be sent."""

    changes: ChangeReport


def write_changes(folder: Path, *, old: Iterable[Line], new: Iterable[Line]) -> ChangeReport:
    """Write the lists into a folder.

    Args:
        folder: made if necessary; its lists from before are replaced.
        old: the files that were sent last, sorted by path.
        new: those of the site, sorted by path.

    Raises:
        InvalidValue: while `old` is read.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name in _LISTS:
        (folder / name).unlink(missing_ok=True)
    # Renamed at the end: a list that was cut short would leave files behind at the host.
    drafts = {name: folder / f"{name}.new" for name in _LISTS}
    try:
        with ExitStack() as stack:
            files = {name: stack.enter_context(path.open("wb")) for name, path in drafts.items()}
            report = _write(files, old, new)
        for name, draft in drafts.items():
            draft.rename(folder / name)
    finally:
        for draft in drafts.values():
            draft.unlink(missing_ok=True)
    return report


def _write(files: Mapping[str, BinaryIO], old: Iterable[Line], new: Iterable[Line]) -> ChangeReport:
    counts = Counter[str]()
    for name in (SENDING, FILES):
        files[name].write(HEADER)
    for before, after in _iter_pairs(old, new):
        known = after or before
        assert known
        if after:
            files[FILES].write(after.render())
        if before == after:
            files[SENDING].write(known.render())
            continue
        files[SENDING].write(known._replace(digest=UNKNOWN).render())
        if after:
            files[PAGES if after.path.endswith(_PAGES) else DATA].write(f"{after.path}\n".encode())
            counts["size"] += after.size
        else:
            files[GONE].write(f"{known.path}\n".encode())
        counts["gone" if not after else "changed" if before else "new"] += 1
    return ChangeReport(**counts)


def _iter_pairs(old: Iterable[Line], new: Iterable[Line]) -> Iterator[tuple[Line | None, Line | None]]:
    """The line before and after of each path; None where there is none."""
    both = merge(((line.path, 0, line) for line in old), ((line.path, 1, line) for line in new))
    for _, group in groupby(both, key=itemgetter(0)):
        lines = {side: line for _, side, line in group}
        yield lines.get(0), lines.get(1)
