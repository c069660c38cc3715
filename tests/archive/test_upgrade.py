"""From format 1 to format 2: nothing is lost, at any moment, and the result is what is written anew."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from collector.archive import upgrade as upgrading
from collector.archive.journal import replace_journal
from collector.archive.line_sums import has_sum
from collector.archive.store import Archive
from collector.archive.upgrade import upgrade
from collector.archive.verify import verify
from collector.errors import ArchiveError
from collector.model.packages import Scan, package_list
from collector.model.references import parse_repository
from collector.model.times import Time
from tests.support.archives import ArchiveBuilder, digest, docker_image, index, journal_name, single
from tests.support.exports import exported, journals
from tests.support.formats import as_format_1

SEEN = Time("2017-03-01T00:00:00Z")
TOOL = parse_repository("tool")
OLD = "docker.io/library/tool/2017-01.jsonl"
NEW = journal_name("tool", "2017-01")


@pytest.fixture
def new(tmp_path: Path) -> Path:
    """An archive as it is written today."""
    builder = ArchiveBuilder(tmp_path / "new")
    builder.see("tool:1", "2017-01-01", index("x", docker_image("a"), docker_image("b", platform="linux/arm64")))
    builder.see("tool:1", "2017-02-02", single(docker_image("c", steps=("ADD file:2 in /",))))
    builder.see("ghcr.io/owner/app:2", "2017-01-01")
    return tmp_path / "new"


@pytest.fixture
def old(new: Path, tmp_path: Path) -> Path:
    """The same in format 1."""
    return as_format_1(Path(shutil.copytree(new, tmp_path / "old")))


def test_an_upgrade_gives_the_bytes_of_a_new_import(old: Path, new: Path) -> None:
    before, tree = journals(old), exported(Archive(old))
    assert before.keys().isdisjoint(journals(new).keys() - {"archive.json"})
    report = upgrade(Archive(old))
    assert (report.images, report.journals, report.left) == (2, 3, [])
    assert journals(old) == journals(new)
    assert exported(Archive(old)) == tree
    assert list(verify(Archive(old))) == []


def test_a_second_upgrade_changes_nothing(old: Path) -> None:
    upgrade(Archive(old))
    before = {path: path.stat() for path in old.rglob("*")}
    assert upgrade(Archive(old)).journals == 0
    assert {path: path.stat() for path in old.rglob("*")} == before


def test_format_1_is_written_until_the_upgrade(old: Path, new: Path) -> None:
    for root in (old, new):
        ArchiveBuilder(root).see("tool:9", "2017-01-09", single(docker_image("d", layers=("more",))))
    assert journals(old) == journals(as_format_1(Path(shutil.copytree(new, new.parent / "copy"))))
    assert list(verify(Archive(old))) == []
    upgrade(Archive(old))
    assert journals(old) == journals(new)


def test_facts_that_an_older_format_lacks_are_left_out_with_a_notice(old: Path, new: Path) -> None:
    scan = Scan(by="page", packages=package_list([]))
    for root, is_written in ((old, False), (new, True)):
        archive = Archive(root)
        with archive.writing():
            writer = archive.writer(TOOL)
            assert writer.add_scan(SEEN, digest("config"), scan) is is_written
            writer.flush()
        assert ["`repo-info upgrade --archive" in notice for notice in writer.left_out] == [True] * (not is_written)
        assert list(archive.load(TOOL).inventories) == [digest("config")] * is_written
        assert list(archive.load(TOOL).packages) == [scan.packages.id] * is_written


class _Killed(BaseException):
    """A process that ends without its `except` clauses."""


@pytest.mark.parametrize("at", range(10))
def test_a_kill_at_any_operation_loses_nothing(old: Path, new: Path, monkeypatch: pytest.MonkeyPatch, at: int) -> None:
    tree = exported(Archive(old))
    operations = iter(range(100))

    def killing(operation: Callable[..., object]) -> Callable[..., object]:
        def run(*arguments: object, **options: object) -> object:
            if next(operations) == at:
                raise _Killed
            return operation(*arguments, **options)

        return run

    for owner, name in ((Path, "rename"), (Path, "replace"), (Path, "unlink"), (upgrading, "raise_format")):
        monkeypatch.setattr(owner, name, killing(getattr(owner, name)))
    with pytest.raises(_Killed):
        upgrade(Archive(old))
    assert exported(Archive(old)) == tree
    assert [fault for fault in verify(Archive(old)) if "no sum" not in fault.message] == []
    monkeypatch.undo()
    upgrade(Archive(old))
    assert journals(old) == journals(new)


def test_lines_that_are_not_facts_are_unchanged(old: Path) -> None:
    lines = (old / OLD).read_bytes().splitlines(keepends=True)
    spaced = json.dumps(json.loads(lines[0])).encode() + b"\n"
    unknown = b'{"fact":"opinion","of":"x"}\n'
    (old / OLD).write_bytes(b"".join([b"\xff\n", *lines, spaced, unknown, b'{"fact":"st']))
    report = upgrade(Archive(old))
    count = len(lines)
    assert report.left == [f"{old / NEW}:{number}" for number in (1, count + 2, count + 3)]
    after = (old / NEW).read_bytes().splitlines(keepends=True)
    assert [after[0], *after[-2:]] == [b"\xff\n", spaced, unknown]
    assert all(has_sum(line) for line in after[1:-2])


def test_a_line_that_a_sum_would_make_too_long_is_read_afterwards(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    longest = max(map(len, (old / OLD).read_bytes().splitlines(keepends=True)))
    for owner in ("journal", "upgrade"):
        monkeypatch.setattr(f"collector.archive.{owner}.MAX_LINE", longest + 2)
    tree = exported(Archive(old))
    assert len(upgrade(Archive(old)).left) > 0
    assert exported(Archive(old)) == tree


def test_two_journals_of_a_month_become_one(old: Path, new: Path) -> None:
    """As a merge of two branches leaves them, of which one was upgraded."""
    whole = (new / NEW).read_bytes().splitlines(keepends=True)
    (old / NEW).write_bytes(b"".join(whole[:5]))
    assert Archive(old).load(TOOL).tags == ["1"]
    upgrade(Archive(old))
    assert journals(old) == journals(new)


def test_one_writer_at_a_time(old: Path) -> None:
    archive = Archive(old)
    with archive.writing(), pytest.raises(ArchiveError, match="another process is writing"):
        upgrade(Archive(old))
    assert archive.format == 1


@pytest.mark.parametrize(
    "header", ['{"format":1}', '{ "about": {"format": 1}, "mine": "\\"format\\": 1", "format" :\n1 }']
)
def test_the_rest_of_the_header_stays(old: Path, header: str) -> None:
    (old / "archive.json").write_text(header)
    upgrade(Archive(old))
    written = (old / "archive.json").read_text()
    assert (json.loads(written), len(written)) == (json.loads(header) | {"format": 2}, len(header))


def test_a_journal_that_cannot_be_replaced_is_unchanged(new: Path) -> None:
    (new / f"{NEW}x").mkdir()
    with pytest.raises(ArchiveError, match="cannot be written"):
        replace_journal(new / f"{NEW}x", b"")
    assert [path.name for path in (new / NEW).parent.glob(".*")] == []
