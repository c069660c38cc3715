"""An archive as of any day. Journals only grow, so the archive of a day is the beginnings of its journals."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import msgspec

from collector.archive.layout import month_in

_OBSERVATION = b'"fact":"observation"'


class _Observation(msgspec.Struct):
    time: str


def count_by_day(archive: Path) -> dict[str, int]:
    """Observations on each day that had any, in the order of the days."""
    days: Counter[str] = Counter()
    for journal in archive.rglob("*.jsonl"):
        with journal.open("rb") as lines:
            days.update(_day_of(line) for line in lines if _OBSERVATION in line)
    return dict(sorted(days.items()))


def bring_to(archive: Path, day: str, target: Path) -> None:
    """Copy to `target` the archive as of the end of a day. A target of an earlier day only grows."""
    for journal in sorted([archive / "archive.json", *archive.rglob("*.jsonl")]):
        content = journal.read_bytes() if month_in(journal) <= day[:7] else b""
        if month_in(journal) == day[:7]:
            content = journal_until(content, day)
        elif journal.name == "archive.json":
            content = journal.read_bytes()
        if content:
            place = target / journal.relative_to(archive)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)


def journal_until(content: bytes, day: str) -> bytes:
    """A journal up to the first observation of a later day. The facts that an observation needs stand before it."""
    kept = length = 0
    for line in content.splitlines(keepends=True):
        length += len(line)
        if _OBSERVATION in line:
            if _day_of(line) > day:
                return content[:kept]
            kept = length
    return content


def _day_of(line: bytes) -> str:
    return msgspec.json.decode(line, type=_Observation).time[:10]
