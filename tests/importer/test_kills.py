"""A kill at any moment loses nothing that was reported as done, and the next run completes the import."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from collector.archive.store import Archive
from collector.archive.verify import verify
from tests.importer.conftest import Import
from tests.support.archives import digest
from tests.support.exports import exported, journals
from tests.support.histories import History
from tests.support.pages import page_with_packages

_CHILD = """
import os, signal, sys
from pathlib import Path
from collector.archive import journal, layout, writer
from collector.archive.store import Archive
from collector.importer.archive_import import import_source

source, archive, where, left, jobs = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5])

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
import_source(Path(source), Archive(Path(archive), create=True), jobs=jobs)
print("done")
"""

MOMENTS_OF_ONE = [
    ("before the header is in place", 1),
    ("after a folder", 1),
    ("after a folder", 3),
    *(("before a journal", count) for count in (1, 2, 5)),
    *(("within a journal", count) for count in (1, 2, 4, 6, 7, 8, 9)),
    *(("before a sync", count) for count in (1, 4)),
]
MOMENTS_OF_TWO = [
    ("after a folder", 2),
    *(("before a journal", count) for count in (1, 2)),
    *(("within a journal", count) for count in (1, 3, 4)),
    ("before a sync", 3),
]
"""Each counts for itself."""


@pytest.mark.parametrize(
    ("jobs", "where", "count"),
    [*((1, *moment) for moment in MOMENTS_OF_ONE), *((2, *moment) for moment in MOMENTS_OF_TWO)],
)
def test_after_a_kill_the_next_run_completes(
    grown: History, take: Import, tmp_path: Path, jobs: int, where: str, count: int
) -> None:
    """One of two processes is killed; the parent then fails."""
    grown.commit({"repos/tool/local/1.md": page_with_packages("a=1", "b=1", config=digest("config"))})
    take(grown.path, into="undisturbed")
    arguments = [str(grown.path), str(tmp_path / "archive"), where, str(count), str(jobs)]
    own = {**os.environ, "TMPDIR": str(tmp_path)}  # a kill leaves the folder of the source
    killed = subprocess.run([sys.executable, "-c", _CHILD, *arguments], check=False, capture_output=True, env=own)
    assert (killed.returncode, killed.stdout) == (-signal.SIGKILL if jobs == 1 else 1, b""), killed.stderr.decode()
    report = take(grown.path, jobs=jobs)
    left_over = journals(tmp_path / "archive")
    assert left_over == journals(tmp_path / "undisturbed")
    assert list(verify(Archive(tmp_path / "archive"))) == []
    if where == "within a journal":
        # Of two processes the other may have been stopped within a journal as well.
        assert len(report.notices) in range(1, jobs + 1)
        assert all(notice.endswith("cut off by a crash; left out") for notice in report.notices)
    assert take(grown.path, jobs=jobs).added == 0


def test_facts_that_a_fault_removed_are_added_again(grown: History, take: Import, tmp_path: Path) -> None:
    """Whichever single line is lost, the next import adds it again."""
    grown.commit({"repos/tool/local/1.md": page_with_packages("a=1", config=digest("config"))})
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


def test_the_fact_of_a_damaged_line_is_added_again(grown: History, take: Import, tmp_path: Path) -> None:
    """One bit of its sum is enough. The line stays where it is: a writer removes none, and `verify` names it."""
    take(grown.path)
    archive = Archive(tmp_path / "archive")
    tree = exported(archive)
    for path in sorted((tmp_path / "archive").rglob("*.jsonl")):
        whole = path.read_bytes()
        lines = whole.splitlines(keepends=True)
        for number in range(0, len(lines), 9):
            damaged = lines[number][:-4] + bytes([lines[number][-4] ^ 1]) + lines[number][-3:]
            path.write_bytes(b"".join([*lines[:number], damaged, *lines[number + 1 :]]))
            take(grown.path)
            assert [(fault.path, fault.line) for fault in verify(archive)] == [(path, number + 1)]
            assert sorted([damaged, *lines]) == sorted(path.read_bytes().splitlines(keepends=True))
            assert exported(archive) == tree
        path.write_bytes(whole)
