"""A push a day for a month: the bytes that git sends, beside the compressed lines that the day added."""

from __future__ import annotations

import os
import shutil
import subprocess
import zlib
from collections.abc import Iterator
from pathlib import Path

import msgspec

from benchmarks.bench import ARCHIVE, Bench
from benchmarks.rows import Row, judge, not_measured
from benchmarks.units import render_mb
from collector.archive.layout import month_in
from tests.equality.updates import journal_until

WHAT = "push of each day"

_AIM = 1.3
_FOLDER = "pushes"


class Pushes(msgspec.Struct, frozen=True, kw_only=True):
    """Some days, all numbers in bytes."""

    days: int
    added: int
    """The lines that journals got."""
    compressed: int
    """The same, those of a day at once, as git compresses them."""
    sent: int


def measure(bench: Bench) -> Iterator[Row]:
    """The days of the last whole month."""
    archive = bench.folder / ARCHIVE
    month = last_whole_month(archive)
    if not month:
        yield not_measured(WHAT, "the history is too short")
        return
    pushes = push_daily(archive, month, 31, bench.folder / _FOLDER)
    what = f"{WHAT}: {pushes.days} days of {month}, {render_mb(pushes.added)} added"
    yield judge(what, render_mb(pushes.sent), pushes.sent, pushes.compressed, of="what was added, compressed", aim=_AIM)


def last_whole_month(archive: Path) -> str:
    """The last month but one that has journals; empty without such."""
    return next(iter(sorted({month_in(path) for path in archive.rglob("*.jsonl")})[-2:-1]), "")


def push_daily(archive: Path, month: str, days: int, folder: Path) -> Pushes:
    """Commit an archive as of each of the first days of a month, and pack every commit as a push does."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    _git(folder, "init", "--quiet")
    texts = {}
    for path in sorted(archive.rglob("*.jsonl")):
        if month_in(path) < month:
            _write(folder / path.relative_to(archive), path.read_bytes())
        elif month_in(path) == month:
            texts[path.relative_to(archive)] = path.read_bytes()
    _commit(folder)
    _git(folder, "repack", "-adfq")
    added = compressed = sent = 0
    lengths = dict.fromkeys(texts, 0)
    for day in range(1, days + 1):
        lines = b""
        for path, text in texts.items():
            known = journal_until(text, f"{month}-{day:02}")
            if len(known) > lengths[path]:
                _write(folder / path, known)
                lines += known[lengths[path] :]
                lengths[path] = len(known)
        _commit(folder)
        added += len(lines)
        compressed += len(zlib.compress(lines))
        sent += len(_git(folder, "pack-objects", "--thin", "--revs", "--stdout", "--quiet", given=b"HEAD\n^HEAD~1\n"))
    return Pushes(days=days, added=added, compressed=compressed, sent=sent)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _commit(folder: Path) -> None:
    _git(folder, "add", "--all")
    _git(folder, "commit", "--quiet", "--allow-empty", "--message", "Collect")


def _git(folder: Path, *words: str, given: bytes = b"") -> bytes:
    settings = ("user.name=bench", "user.email=bench@example.org", "gc.auto=0")
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    command = ["git", "-C", str(folder), *(word for one in settings for word in ("-c", one)), *words]
    return subprocess.run(command, check=True, input=given, capture_output=True, env=environment).stdout
