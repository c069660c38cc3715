"""Several processes give the result of one; the end of one ends all, and the next run completes the import."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from collector.archive.store import Archive
from collector.archive.verify import verify
from collector.errors import RepoInfoError, SourceError
from collector.importer.archive_import import import_source
from collector.model.references import Repository
from tests.importer.conftest import Import
from tests.support.exports import journals
from tests.support.histories import History, git, page
from tests.support.pages import missing_page

IMAGES = [*(f"image{number}" for number in range(12)), "ant", "zebra"]


@pytest.fixture
def wide(grown: History) -> History:
    """Many images of many sizes; some have pages that are not understood, and one has an impossible path."""
    for turn in range(4):
        names = IMAGES[turn * 3 :]
        grown.commit({page(name, "1"): missing_page(name, "1") if turn % 2 else f"odd {turn}\n" for name in names})
    grown.commit({"repos/UPPER/remote/1.md": "strange"})
    return grown


@pytest.mark.parametrize("jobs", [2, 3, 40])
def test_the_archive_and_the_report_are_the_same(wide: History, take: Import, tmp_path: Path, jobs: int) -> None:
    alone = take(wide.path, into="alone")
    assert take(wide.path, jobs=jobs) == alone
    assert journals(tmp_path / "archive") == journals(tmp_path / "alone")
    assert len({problem.image for problem in alone.not_understood}) > len(IMAGES)
    again = take(wide.path, jobs=jobs)
    assert (again.added, again.versions) == (0, alone.versions)


def test_notices_come_in_the_order_of_one_process(wide: History, take: Import, tmp_path: Path) -> None:
    reports = []
    for jobs in (1, 2):
        take(wide.path)
        for path in (tmp_path / "archive").rglob("*.jsonl"):
            path.write_bytes(path.read_bytes()[:-1])
        reports.append(take(wide.path, jobs=jobs))
    assert len(reports[0].notices) > len(IMAGES)
    assert reports[0] == reports[1]


def test_progress_never_goes_back_and_ends_at_the_end(wide: History, take: Import) -> None:
    told: list[tuple[int, int]] = []
    report = take(wide.path, jobs=3, progress=lambda done, total: told.append((done, total)))
    total = report.versions + report.deletions
    assert {of for _, of in told} == {total}
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert told[-1][0] == total


def test_a_real_sample_is_the_same_with_two_processes(
    bare_repo: Path, sampled: Archive, sample: tuple[Repository, ...], tmp_path: Path
) -> None:
    told: list[tuple[int, int]] = []
    archive = Archive(tmp_path / "archive", create=True)
    import_source(bare_repo, archive, images=sample, jobs=2, progress=lambda done, all_: told.append((done, all_)))
    assert journals(archive.root) == journals(sampled.root)
    assert len(told) > len(sample) * 2
    assert told == sorted(told)
    assert told[-1][0] == told[-1][1]


def test_an_error_in_one_process_is_reported_unchanged(wide: History, take: Import, tmp_path: Path) -> None:
    take(wide.path, into="alone")
    blob = git(wide.path, "rev-parse", f"main:{page('zebra', '1')}")
    path = wide.path / "objects" / blob[:2] / blob[2:]
    content = path.read_bytes()
    path.unlink()
    with pytest.raises(SourceError, match=f"object {blob} is missing") as caught:
        take(wide.path, jobs=2)
    assert "git fsck" in caught.value.hint
    path.write_bytes(content)
    take(wide.path, jobs=2)
    assert journals(tmp_path / "archive") == journals(tmp_path / "alone")


def test_a_folder_that_cannot_be_written(wide: History, take: Import, tmp_path: Path) -> None:
    Archive(tmp_path / "archive", create=True)
    (tmp_path / "archive" / "docker.io").mkdir()
    (tmp_path / "archive" / "docker.io" / "library").write_text("in the way")
    with pytest.raises(RepoInfoError, match="library: cannot be made"):
        take(wide.path, jobs=2)


_CHILD = """
import os, signal, sys, time
from pathlib import Path
from collector.archive import writer

archive, moment, action = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]

def append_lines(path, lines):
    global moment
    moment -= 1
    if moment == 0:
        with path.open("ab") as file:
            file.write(lines[: len(lines) // 2])
        if action == "be killed":
            os.kill(os.getpid(), signal.SIGKILL)
        if action == "fail":
            raise ZeroDivisionError
        if action == "kill the parent":
            os.kill(os.getppid(), signal.SIGKILL)
        if action == "hang":
            os.write(1, b"hanging\\n")  # two of them may say so at once: one write is one line
        time.sleep(600)
    real_append(path, lines)

real_append, writer.append_lines = writer.append_lines, append_lines
from collector.cli import main
signal.signal(signal.SIGHUP, signal.SIG_DFL)  # whoever runs the tests may ignore it
main(["import", sys.argv[4], "--archive", str(archive), "--jobs", "2"], prog_name="repo-info")
"""

Start = Callable[[int, str], "subprocess.Popen[str]"]


@pytest.fixture
def start(wide: History, tmp_path: Path) -> Iterator[Start]:
    """Begin an import with two processes into `archive`, whose processes do as told at their n-th journal."""

    started: list[subprocess.Popen[str]] = []

    def run(moment: int, action: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", _CHILD, str(tmp_path / "archive"), str(moment), action, str(wide.path)]
        (tmp_path / "temporary").mkdir(exist_ok=True)
        process = subprocess.Popen(
            command,
            env={**os.environ, "TMPDIR": str(tmp_path / "temporary")},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        started.append(process)
        return process

    yield run
    for process in started:
        with process:
            process.kill()


def processes_in(group: int) -> list[str]:
    """The processes of a group that have not ended."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, fields = path.read_text().rpartition(") ")
        except OSError:  # it has ended meanwhile
            continue
        state, _, its_group, *_ = fields.split()
        if int(its_group) == group and state != "Z":
            found.append(name)
    return found


def expect_none_left(group: int) -> None:
    """A process that has lost its parent, or git its reader, may take a moment to see it."""
    deadline = time.monotonic() + 60
    while processes_in(group):
        assert time.monotonic() < deadline, processes_in(group)
        time.sleep(0.02)


def expect_completed(wide: History, take: Import, tmp_path: Path) -> None:
    """The next run continues, and the journals equal those of an undisturbed run."""
    take(wide.path, into="undisturbed")
    report = take(wide.path, jobs=2)
    assert journals(tmp_path / "archive") == journals(tmp_path / "undisturbed")
    assert list(verify(Archive(tmp_path / "archive"))) == []
    assert any(notice.endswith("cut off by a crash; left out") for notice in report.notices)
    assert take(wide.path, jobs=2).added == 0


@pytest.mark.parametrize("moment", [1, 2, 5])
def test_a_process_is_killed(start: Start, wide: History, take: Import, tmp_path: Path, moment: int) -> None:
    process = start(moment, "be killed")
    _, errors = process.communicate()
    assert (process.returncode, errors.count("\n")) == (1, 1)
    assert errors.startswith("repo-info: a process of the import ended early (exit code -9)")
    expect_none_left(process.pid)
    expect_completed(wide, take, tmp_path)


@pytest.mark.parametrize("moment", [1, 3])
def test_the_first_process_is_killed(start: Start, wide: History, take: Import, tmp_path: Path, moment: int) -> None:
    """The others end as well, at once, because nobody would receive their results."""
    process = start(moment, "kill the parent")
    assert process.wait() == -signal.SIGKILL
    expect_none_left(process.pid)
    expect_completed(wide, take, tmp_path)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupt_ends_all_processes_and_is_reported_once(
    start: Start, wide: History, take: Import, tmp_path: Path, number: signal.Signals
) -> None:
    process = start(2, "hang")
    assert process.stdout
    assert process.stdout.readline() == "hanging\n"
    assert [path.name[:10] for path in (tmp_path / "temporary").iterdir()] == ["repo-info-"]
    os.killpg(process.pid, number)
    _, errors = process.communicate()
    assert process.returncode == 128 + number
    assert list((tmp_path / "temporary").iterdir()) == []
    assert errors == "repo-info: interrupted; the archive is intact (run the same command again to continue)\n"
    expect_none_left(process.pid)
    expect_completed(wide, take, tmp_path)


def test_a_mistake_of_ours_is_shown_where_it_was_made(start: Start) -> None:
    process = start(1, "fail")
    _, errors = process.communicate()
    assert process.returncode == 1
    assert "ZeroDivisionError" in errors
    assert errors.splitlines()[-1].startswith("repo-info: a process of the import ended early")


def test_a_second_writer_is_refused(start: Start, wide: History, take: Import) -> None:
    process = start(1, "hang")
    assert process.stdout
    assert process.stdout.readline() == "hanging\n"
    with pytest.raises(RepoInfoError, match="another process is writing"):
        take(wide.path)
    process.terminate()
    process.communicate()
    expect_none_left(process.pid)
