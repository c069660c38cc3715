"""A kill at any moment loses nothing that was reported done, and the next run completes."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from collector.archive.store import Archive
from collector.archive.verify import verify
from tests.importer.conftest import Import
from tests.support.exports import journals
from tests.support.histories import History

_CHILD = """
import os, signal, sys
from pathlib import Path
from collector.archive import journal, layout, writer
from collector.archive.store import Archive
from collector.importer.run import import_source

source, archive, where, left = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])

def die_at(place):
    global left
    if place == where:
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

def append_lines(path, lines):
    die_at("before a journal")
    if where == "within a journal":
        os.makedirs(path.parent, exist_ok=True)
        with open(path, "ab") as file:
            file.write(lines[: len(lines) // 2])
            file.flush()
            die_at("within a journal")
            file.truncate(file.tell() - len(lines) // 2)
    real_append(path, lines)

def make_folder(path):
    real_make(path)
    die_at("after a folder")

def sync(path):
    die_at("before a sync")
    real_sync(path)

def replace(self, target):
    die_at("before the header is in place")
    return real_replace(self, target)

real_append, real_make, real_sync, real_replace = writer.append_lines, writer.make_folder, writer.sync, Path.replace
writer.append_lines, writer.make_folder, writer.sync, Path.replace = append_lines, make_folder, sync, replace
import_source(Path(source), Archive(Path(archive), create=True))
print("done")
"""

MOMENTS = [
    ("before the header is in place", 1),
    ("after a folder", 1),
    ("after a folder", 3),
    *(("before a journal", count) for count in (1, 2, 5)),
    *(("within a journal", count) for count in (1, 2, 4, 6, 7, 8, 9)),
    *(("before a sync", count) for count in (1, 4)),
]


@pytest.mark.parametrize(("where", "count"), MOMENTS)
def test_after_a_kill_the_next_run_completes(
    grown: History, take: Import, tmp_path: Path, where: str, count: int
) -> None:
    take(grown.path, into="undisturbed")
    command = [sys.executable, "-c", _CHILD, str(grown.path), str(tmp_path / "archive"), where, str(count)]
    killed = subprocess.run(command, check=False, capture_output=True)
    assert (killed.returncode, killed.stdout) == (-signal.SIGKILL, b""), killed.stderr.decode()
    report = take(grown.path)
    left_over = journals(tmp_path / "archive")
    assert left_over == journals(tmp_path / "undisturbed")
    assert list(verify(Archive(tmp_path / "archive"))) == []
    if where == "within a journal":
        (notice,) = report.notices
        assert notice.endswith("cut off by a crash; left out")
    assert take(grown.path).added == 0


def test_a_fault_that_took_facts_away_is_repaired(grown: History, take: Import, tmp_path: Path) -> None:
    """Whichever single line is lost, the next import brings back what it said."""
    take(grown.path)
    folder = tmp_path / "archive" / "docker.io" / "library" / "tool"
    for path in sorted(folder.glob("*.jsonl")):
        whole = path.read_bytes()
        lines = whole.splitlines(keepends=True)
        for number in range(0, len(lines), 3):
            path.write_bytes(b"".join(lines[:number] + lines[number + 1 :]))
            take(grown.path)
            assert list(verify(Archive(tmp_path / "archive"))) == []
            assert sorted(path.read_bytes().splitlines()) == sorted(whole.splitlines())
