"""The real pages of 2018 to 2026 (`pages-later` in the real data), as a git repository with one commit a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from tests.support.histories import Files, History

_TREE = "repos/*/*/*.md"
_NOON = 12 * 3600


def iter_days(data: Path) -> Iterator[tuple[str, Files]]:
    """Each day, as `2018-06-02`, with the pages that changed on it: path in the repository → content."""
    for day in sorted((data / "pages-later").iterdir()):
        yield day.name, {path.relative_to(day).as_posix(): path.read_bytes() for path in sorted(day.glob(_TREE))}


def commit_day(history: History, day: str, files: Files) -> None:
    """Commit the files of a day, at noon."""
    midnight = datetime.fromisoformat(day).replace(tzinfo=UTC)
    history.commit(files, at=int(midnight.timestamp()) + _NOON)


def later_pages(data: Path, path: Path) -> History:
    """Create a repository with the commits of all days."""
    history = History(path)
    for day, files in iter_days(data):
        commit_day(history, day, files)
    return history
