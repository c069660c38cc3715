"""What to send to the host of a site, so that it has the new one: lists of paths, in the order of sending.

- `sending.txt` is sent first, under the name `files.txt`: the manifest, with `-` for all that is about to change. After
  an interruption, the next run sends or removes all of that again, whatever the host has of it by then.
- `data.txt` has the paths of new and changed files that pages use.
- `pages.txt` has those of new and changed pages and feeds, which come after their data.
- `gone.txt` has those to remove at the host, after the pages that led there.
- `files.txt` is the manifest of the new site, and is sent last.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping
from contextlib import ExitStack
from heapq import merge
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import BinaryIO, NamedTuple

import msgspec

from collector.archive.replacement import draft_file
from collector.errors import BuildError
from collector.publish.manifest import HEADER, UNKNOWN, Line
from collector.site.reports import BuildReport

SENDING, DATA, PAGES, GONE, FILES = "sending.txt", "data.txt", "pages.txt", "gone.txt", "files.txt"
_LISTS = (SENDING, DATA, PAGES, GONE, FILES)
_PAGES = (".html", ".xml")
_MAX_LOSS = 0.5


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


def write_changes(
    folder: Path,
    *,
    old: Iterable[Line],
    new: Iterable[Line],
    left_out: Container[str] = (),
    max_loss: float = _MAX_LOSS,
) -> ChangeReport:
    """Write the lists into a folder.

    Args:
        folder: made if necessary; its lists from before are replaced.
        old: the files that were sent last, sorted by path.
        new: those of the site, sorted by path.
        left_out: pages that the site leaves out to stay within its limits, so that they are not lost.
        max_loss: the share of the pages that were sent last that may be gone.

    Raises:
        InvalidValue: while `old` is read.
        BuildError: many pages are gone, because the site of an incomplete archive would replace a complete one.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name in _LISTS:
        (folder / name).unlink(missing_ok=True)
    # Named at the end: a list that was cut short would leave files behind at the host.
    with ExitStack() as drafts:
        opened = {name: drafts.enter_context(draft_file(folder / name)) for name in _LISTS}
        with ExitStack() as stack:
            files = {name: stack.enter_context(draft.path.open("wb")) for name, draft in opened.items()}
            report, pages = _write(files, old, new, left_out)
        if pages.gone > max_loss * pages.old:
            hint = "check that the archive is complete; to send this site all the same, empty the host first"
            raise BuildError(f"{pages.gone:,} of the {pages.old:,} pages that were sent last are gone", hint=hint)
    return report


class _Pages(NamedTuple):
    """Counts of pages."""

    old: int
    gone: int


def _write(
    files: Mapping[str, BinaryIO], old: Iterable[Line], new: Iterable[Line], left_out: Container[str]
) -> tuple[ChangeReport, _Pages]:
    counts, pages = Counter[str](), Counter[str]()
    for name in (SENDING, FILES):
        files[name].write(HEADER)
    for before, after in _iter_pairs(old, new):
        known = after or before
        assert known
        if before and before.path.endswith(".html") and before.path not in left_out:
            pages["old" if after else "gone"] += 1
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
    return ChangeReport(**counts), _Pages(old=pages["old"] + pages["gone"], gone=pages["gone"])


def _iter_pairs(old: Iterable[Line], new: Iterable[Line]) -> Iterator[tuple[Line | None, Line | None]]:
    """The line before and after of each path; None where there is none."""
    both = merge(((line.path, 0, line) for line in old), ((line.path, 1, line) for line in new))
    for _, group in groupby(both, key=itemgetter(0)):
        lines = {side: line for _, side, line in group}
        yield lines.get(0), lines.get(1)
