"""Upgrades an archive from format 1 to format 2: every line gets its sum, and every journal the mark in its name.

The header is changed first, so that no older program reads what follows. Then each journal is renamed, and its content
replaced as a whole. After a kill the archive is of format 2, and some of its journals have their old name, or lines
without sums; the next upgrade continues with those.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO
from itertools import groupby
from pathlib import Path

import msgspec

from collector.archive.facts import decode_fact, is_canonical
from collector.archive.facts.shared_values import SharedValues
from collector.archive.header import raise_format
from collector.archive.journal import MAX_LINE, replace_journal, sync
from collector.archive.layout import folder_of, journal_of, journals_of, mark_of, month_in
from collector.archive.line_sums import ADDED, add_sum, has_sum
from collector.archive.store import Archive
from collector.errors import ArchiveError
from collector.model.json_text import NOT_DECODABLE
from collector.model.progress import Progress, no_progress
from collector.model.references import Repository


class UpgradeReport(msgspec.Struct, kw_only=True):
    """The result of an upgrade."""

    images: int = 0
    journals: int = 0
    """The number of journals that were rewritten or renamed."""
    left: list[str] = []
    """The files with lines that are not facts and so have no sum, with the number of these lines."""


def upgrade(archive: Archive, progress: Progress = no_progress) -> UpgradeReport:
    """Bring an archive to the newest format.

    Raises:
        ArchiveError: another process writes to it, or a file cannot be written.
    """
    report = UpgradeReport()
    with archive.writing():
        repositories = archive.repositories()
        raise_format(archive.root)
        for done, repository in enumerate(repositories, 1):
            _upgrade_repository(archive.root, repository, report)
            progress(done, len(repositories))
    return report


def _upgrade_repository(root: Path, repository: Repository, report: UpgradeReport) -> None:
    report.images += 1
    folder, mark = folder_of(root, repository), mark_of(repository)
    for month, paths in groupby(journals_of(root, repository), month_in):
        journal = journal_of(folder, month, mark)
        found = list(paths)
        shared = SharedValues()
        lines = list(dict.fromkeys(_with_sum(line, shared) for path in found for line in _iter_whole_lines(path)))
        report.left += _iter_left(journal, lines)
        content = b"".join(lines)
        if found != [journal] or content != journal.read_bytes():
            _put(journal, content, found)
            report.journals += 1


def _put(journal: Path, content: bytes, found: Sequence[Path]) -> None:
    """Write a month's journal from those found. It is renamed first, so that no fact ever exists twice."""
    try:
        if journal not in found:
            found[0].rename(journal)
            sync(journal.parent)
        replace_journal(journal, content)
        for path in found:
            if path != journal:
                path.unlink(missing_ok=True)
    except OSError as error:
        raise ArchiveError(f"{journal}: cannot be written: {error.strerror}", hint="run the upgrade again") from None


def _iter_whole_lines(path: Path) -> Iterator[bytes]:
    """All lines but a last one that a crash cut off."""
    return (line for line in BytesIO(path.read_bytes()) if line.endswith(b"\n"))


def _with_sum(line: bytes, shared: SharedValues) -> bytes:
    """The line with its sum; unchanged if it has one, is not a fact, or would be too long to be read."""
    if has_sum(line) or len(line) + ADDED > MAX_LINE:
        return line
    try:
        decode_fact(line, shared)
        return add_sum(line) if is_canonical(line) else line
    except NOT_DECODABLE:
        return line


def _iter_left(journal: Path, lines: Sequence[bytes]) -> Iterator[str]:
    return (f"{journal}:{number}" for number, line in enumerate(lines, 1) if not has_sum(line))
