"""A rebuild makes exactly the pages that differ, whatever happened to the site or to its build folder."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Generator
from pathlib import Path

import msgspec
import pytest

from collector.errors import BuildError
from collector.pages.documents import Asset, Document, Item
from collector.pages.tasks import Task
from collector.site.build import BuildOptions
from collector.site.destination import MARK
from collector.site.incremental import TaskEntry
from collector.site.path_conflicts import SitePaths
from collector.site.record_store import Record, RecordStore, Row, SiteFile, make_record
from tests.site.fake import ONE, FakePages, Share, build_fake, page
from tests.support.folders import bench_of, copy_site, read_folder

Check = Callable[[dict[str, Share]], None]

A, B, C = (page(f"repos/{name}/", title=name, markdown=f"# {name}\n") for name in "abc")
FULL = BuildOptions(jobs=1, full=True)
ASSET = Asset(path="repos/a/feed.xml", content=b"<feed/>")
SHARES = {"ab": Share(items=(A, B, ASSET), key="1"), "c": Share(items=(C,), key="1")}


class Watched(FakePages, frozen=True, kw_only=True):
    """Records which pages it was asked to render."""

    rendered: list[str] = msgspec.field(default_factory=list)

    def run(self, task: Task, before: bytes = b"") -> Generator[Item, None, bytes]:
        items = super().run(task, before)
        while True:
            try:
                item = next(items)
            except StopIteration as end:
                return bytes(end.value)
            yield self._watched(item) if isinstance(item, Document) else item

    def _watched(self, document: Document) -> Document:
        def render() -> str:
            self.rendered.append(document.title)
            return document.markdown

        return msgspec.structs.replace(document, render=render)


class Remembering(FakePages, frozen=True, kw_only=True):
    """Records what it receives from the last build."""

    given: list[bytes] = msgspec.field(default_factory=list)

    def run(self, task: Task, before: bytes = b"") -> Generator[Item, None, bytes]:
        self.given.append(before)
        return super().run(task, before)


def build(site: Path, shares: dict[str, Share], *, full: bool = False) -> list[str]:
    """Build; returns the pages that were rendered, except home."""
    watched = Watched(shares=shares)
    build_fake(site, watched, msgspec.structs.replace(ONE, full=full))
    return watched.rendered


@pytest.fixture(scope="module")
def frame(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site without tasks: a build that begins with it need not render the frame."""
    path = tmp_path_factory.mktemp("frame") / "site"
    build(path, {})
    return path


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("built") / "site"
    assert build(path, SHARES) == ["a", "b", "c"]
    return path


@pytest.fixture
def site(built: Path, tmp_path: Path) -> Path:
    return copy_site(built, tmp_path / "site")


@pytest.fixture
def check(frame: Path, site: Path, tmp_path: Path) -> Check:
    """Compares the site with a new one."""

    def compare(shares: dict[str, Share]) -> None:
        other = copy_site(frame, tmp_path / "other" / "site")
        build(other, shares)
        assert read_folder(site) == read_folder(other)
        assert read_folder(bench_of(site)) == read_folder(bench_of(other))
        shutil.rmtree(other.parent)

    return compare


def test_only_pages_whose_key_changed_are_rendered(site: Path, check: Check) -> None:
    other = page(B.address, title="other", markdown="# b\n")
    shares = {**SHARES, "ab": Share(items=(A, other, ASSET), key="2")}
    assert build(site, shares) == ["other"]
    assert "<title>other" in (site / "repos/b/index.html").read_text()
    check(shares)


def test_a_page_of_another_key_and_the_same_bytes_is_not_written(site: Path, check: Check) -> None:
    before = (site / "repos/b/index.html").stat()
    same = msgspec.structs.replace(B, key=b"another")
    shares = {**SHARES, "ab": Share(items=(A, same, ASSET), key="2")}
    assert build(site, shares) == ["b"]
    after = (site / "repos/b/index.html").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    check(shares)


def damage_by_deletion(file: Path) -> None:
    file.unlink()


def damage_by_truncation(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-1])


def damage_by_a_link(file: Path) -> None:
    moved = file.with_name("moved")
    file.rename(moved)
    file.symlink_to(moved)


@pytest.mark.parametrize("damage", [damage_by_deletion, damage_by_truncation, damage_by_a_link])
@pytest.mark.parametrize(
    ("path", "rendered"),
    [("repos/b/index.html", ["b"]), ("api/v1/repos/b.json", ["b"]), ("repos/a/feed.xml", []), ("about/index.html", [])],
)
def test_damage_to_a_file_costs_that_file(
    site: Path, check: Check, damage: Callable[[Path], None], path: str, rendered: list[str]
) -> None:
    damage(site / path)
    assert build(site, SHARES) == rendered
    (site / path).with_name("moved").unlink(missing_ok=True)
    check(SHARES)


def test_a_file_that_vanished_with_its_task_is_removed(site: Path, check: Check) -> None:
    shares = {"c": SHARES["c"]}
    assert build(site, shares) == []
    assert not (site / "repos/a").exists()
    check(shares)


def test_a_page_may_move_to_another_task(site: Path, check: Check) -> None:
    shares = {"ab": Share(items=(A, ASSET), key="2"), "c": Share(items=(B, C), key="2")}
    assert build(site, shares) == ["b"]
    check(shares)
    assert build(site, {"c": shares["c"]}) == []
    check({"c": shares["c"]})


def records(site: Path) -> list[Path]:
    return sorted((bench_of(site) / "records").iterdir())


def test_a_damaged_record_is_not_believed(site: Path, check: Check) -> None:
    for record in records(site):
        record.write_bytes(record.read_bytes().replace(b"repos/", b"../../"))
    (site / "stray").write_text("of nobody")
    assert build(site, SHARES) == ["a", "b", "c"]
    check(SHARES)


def test_a_lost_record_of_a_removed_task_leaves_no_files(site: Path, check: Check) -> None:
    for record in records(site):
        record.unlink()
    shares = {"c": SHARES["c"]}
    assert build(site, shares) == ["c"]
    check(shares)


@pytest.mark.parametrize("content", [b"", b"\xc1", msgspec.msgpack.encode({"key": "1"})])
def test_after_a_damaged_state_everything_is_made(site: Path, check: Check, content: bytes) -> None:
    (bench_of(site) / "state").write_bytes(content)
    assert build(site, SHARES) == ["a", "b", "c"]
    check(SHARES)


def test_a_full_build_writes_everything_and_removes_stray_files(site: Path, check: Check, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (site / "repos/linked").symlink_to(tmp_path / "mine")
    (site / "repos/a/stray.html").write_text("of nobody")
    assert build(site, SHARES, full=True) == ["a", "b", "c"]
    assert (tmp_path / "mine").is_dir()
    check(SHARES)


def test_old_records_are_removed(site: Path) -> None:
    before = {path.name for path in records(site)}
    build(site, {**SHARES, "c": Share(items=(page(C.address, title="other"),), key="2")})
    assert len(records(site)) == len(before)
    assert len({path.name for path in records(site)} - before) == 1


def test_two_tasks_with_one_page_are_refused_even_if_one_was_built_before(site: Path) -> None:
    before = read_folder(site)
    for other in (A, Asset(path="repos/a", content=b""), Asset(path=MARK, content=b"")):
        with pytest.raises(BuildError, match="two pages claim one address"):
            build(site, {**SHARES, "c": Share(items=(C, other), key="2")})
        assert read_folder(site) == before


def test_paths_with_equal_hashes_are_not_a_conflict(tmp_path: Path) -> None:
    store = RecordStore(folder=tmp_path / "records")
    one, two = (make_record([Row(name, b"", (SiteFile(name, 1, b""),))], b"") for name in ("one", "two"))
    alike = Record(rows=two.rows, summary=b"", claimed=one.claimed, folders=one.claimed)
    entries = [TaskEntry(key="", record=store.write(record), pages=0, files=1, size=2) for record in (one, alike)]
    assert "one" in SitePaths(store, entries)
    with pytest.raises(BuildError, match="two pages claim one address: 'one'"):
        SitePaths(store, [entries[0], entries[0]])


def test_a_damaged_journal_is_reported(site: Path, check: Check) -> None:
    journal = bench_of(site) / "journal"
    for content in (b'["move"', b'["remove", 1]\n', b'["remove", "../elsewhere"]\n'):
        journal.write_bytes(content)
        with pytest.raises(BuildError, match=r"is damaged|not a path inside the site"):
            build(site, SHARES)
        journal.unlink()
    shutil.rmtree(bench_of(site))
    assert build(site, SHARES) == ["a", "b", "c"]
    check(SHARES)


def test_a_task_receives_what_it_returned_in_the_last_build(site: Path) -> None:
    remembering = Remembering()
    for summary, options in ((b"first", BuildOptions(jobs=1)), (b"next", BuildOptions(jobs=1)), (b"", FULL)):
        shares = {"ab": Share(items=(A,), summary=summary)}
        build_fake(site, msgspec.structs.replace(remembering, shares=shares), options)
    assert remembering.given == [b"", b"first", b""]
