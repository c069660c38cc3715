from __future__ import annotations

import fcntl
from pathlib import Path

import msgspec
import pytest

from collector.configuration import SiteTable
from collector.errors import BuildError
from collector.pages import markdown_templates
from collector.pages.documents import Asset, Document
from collector.pages.kinds import KINDS
from collector.site.build import BuildOptions, build_site
from collector.site.build_folder import BUILD_MARK, finish_build, open_build_folder
from collector.site.destination import MARK
from collector.site.folder_tree import FolderTree
from tests.diff.builders import image
from tests.pages.archives import Seen, alone, write_archive
from tests.site.fake import HOME, ONE, FakePages, Share, page, pages
from tests.site.fake import build_fake as build

A, B, C = (page(f"repos/{name}/", title=name, markdown=f"# {name}\n") for name in "abc")


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return tmp_path / "site"


def tree(site: Path) -> dict[str, bytes]:
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()}


def stamps(site: Path) -> dict[str, int]:
    return {path: (site / path).stat().st_ino for path in tree(site)}


def archive_files(site: Path) -> set[str]:
    return {path for path in tree(site) if path.startswith(("repos/", "api/v1/")) or path == "index.html"}


def test_a_site(site: Path) -> None:
    report = build(site, pages(A, B))
    assert (report.pages, report.tasks, report.skipped, report.editions) == (3, 1, 0, ())
    assert report.size == sum(len(content) for path, content in tree(site).items() if path != MARK)
    assert archive_files(site) == {
        "index.html",
        "repos/a/index.html",
        "repos/b/index.html",
        "api/v1/index.json",
        "api/v1/repos/a.json",
        "api/v1/repos/b.json",
        "api/v1/summaries.txt",
        "api/v1/visits.json",
    }
    assert "<loc>https://example.org/repos/a/</loc>" in (site / "sitemap.xml").read_text()
    assert {"404.html", "about/index.html", "assets/javascripts/main.js"} <= tree(site).keys()
    assert {path.name for path in site.parent.iterdir()} == {"site", ".site.build"}


def test_the_same_archive_gives_the_same_bytes_with_any_number_of_processes(tmp_path: Path) -> None:
    fake = FakePages(shares={page.title: Share(items=(page,), summary=page.title.encode()) for page in (C, A, B)})
    for name, jobs in (("one", 1), ("two", 2)):
        build(tmp_path / name, fake, msgspec.structs.replace(ONE, jobs=jobs))
    assert tree(tmp_path / "one") == tree(tmp_path / "two")
    assert (tmp_path / "two/api/v1/summaries.txt").read_bytes() == b"abc"


def count_templates() -> str:
    return f"# {markdown_templates._template.cache_info().currsize} templates\n"


def test_templates_are_compiled_once_for_all_processes_and_only_for_changes(site: Path) -> None:
    counting = msgspec.structs.replace(A, render=count_templates)
    fake = FakePages(shares={name: Share(items=(item,), key="k") for name, item in (("a", counting), ("b", B))})
    for expected in (len(KINDS), 0):
        markdown_templates._template.cache_clear()
        build(site, fake, msgspec.structs.replace(ONE, jobs=2))
        assert count_templates() == f"# {expected} templates\n"
        assert f"{len(KINDS)} templates</h1>" in (site / "repos/a/index.html").read_text()


@pytest.mark.parametrize("full", [False, True])
def test_a_file_is_written_only_if_its_bytes_differ(site: Path, full: bool) -> None:
    build(site, pages(A, B))
    before, old = stamps(site), tree(site)
    build(site, pages(A, page(B.address, title="b", markdown="# other\n")), msgspec.structs.replace(ONE, full=full))
    after, new = stamps(site), tree(site)
    assert {path for path in after if after[path] != before[path]} == {"repos/b/index.html", MARK}
    assert {path for path in new if new[path] != old[path]} == {"repos/b/index.html", MARK}


@pytest.mark.parametrize("full", [False, True])
def test_pages_that_vanished_are_removed_with_their_folders(site: Path, full: bool) -> None:
    build(site, pages(A, page("repos/b/deep/down/")))
    build(site, pages(A), msgspec.structs.replace(ONE, full=full))
    assert not (site / "repos" / "b").exists()
    assert archive_files(site) == {
        "index.html",
        "repos/a/index.html",
        "api/v1/index.json",
        "api/v1/repos/a.json",
        "api/v1/summaries.txt",
        "api/v1/visits.json",
    }


def test_a_page_may_replace_a_file_and_a_file_a_page(site: Path) -> None:
    build(site, pages(Asset(path="repos/a", content=b"file")))
    build(site, pages(A))
    assert (site / "repos/a/index.html").is_file()
    build(site, pages(Asset(path="repos/a", content=b"file")))
    assert (site / "repos/a").read_bytes() == b"file"


class Counting(FakePages, frozen=True, kw_only=True):
    ran: list[str] = msgspec.field(default_factory=list)

    def run(self, task, before=b""):  # type: ignore[no-untyped-def]
        self.ran.append(task.name)
        return super().run(task, before)


def counting(b: str = "1") -> Counting:
    shares = {
        "a": Share(items=(A,), key="1", summary=b"a"),
        "b": Share(items=(B,), key=b, summary=b"b"),
        "c": Share(items=(C,)),
    }
    return Counting(shares=shares)


def test_only_tasks_whose_key_changed_run_again(site: Path) -> None:
    for fake, ran in ((counting(), ["a", "b", "c"]), (counting(), ["c"]), (counting(b="2"), ["b", "c"])):
        report = build(site, fake)
        assert fake.ran == ran
        assert (report.pages, report.tasks, report.skipped) == (4, 3, 3 - len(ran))
        assert (site / "api/v1/summaries.txt").read_bytes() == b"ab"
        assert (site / "sitemap.xml").read_text().count("<loc>") == 4


def test_all_tasks_run_where_the_frame_changed_or_it_is_asked_for(site: Path) -> None:
    build(site, counting())
    for options in (
        msgspec.structs.replace(ONE, site=SiteTable(name="Other", url=ONE.site.url)),
        msgspec.structs.replace(ONE, full=True),
    ):
        fake = counting()
        build(site, fake, options)
        assert fake.ran == ["a", "b", "c"]


def test_a_missing_file_or_the_record_of_another_site_prevents_skipping(site: Path) -> None:
    build(site, counting())
    (site / "repos/a/index.html").unlink()
    fake = counting()
    build(site, fake)
    assert fake.ran == ["a", "c"]
    assert (site / "repos/a/index.html").is_file()
    (site / MARK).write_text("another")
    fake = counting()
    build(site, fake)
    assert fake.ran == ["a", "b", "c"]


def test_a_mark_or_a_state_without_an_end_is_not_read(site: Path) -> None:
    for path in (site / MARK, site.parent / ".site.build/state"):
        build(site, counting())
        with path.open("wb") as file:
            file.truncate(2**42)
        fake = counting()
        build(site, fake)
        assert fake.ran == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (page("../outside/"), "not a path inside the site"),
        (page("repos//a/"), "not a path inside the site"),
        (page("repos/a\\b/"), "not a path inside the site"),
        (Asset(path="..\\outside", content=b""), "not a path inside the site"),
        (Asset(path="/etc/outside", content=b""), "not a path inside the site"),
        (page("repos/a/"), "two pages claim one address"),
        (Asset(path="repos/a/index.html", content=b""), "two pages claim one address"),
        (Asset(path="repos/a/index.html/x", content=b""), "two pages claim one address"),
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_a_build_that_fails_leaves_the_site_unchanged(
    site: Path, fault: Document | Asset, message: str, first: bool
) -> None:
    if not first:
        build(site, pages(A))
    before = tree(site)
    with pytest.raises(BuildError, match=message):
        build(site, pages(A, fault))
    assert tree(site) == before
    assert not (site.parent / "outside").exists()


@pytest.mark.parametrize("jobs", [1, 2])
def test_pages_that_fail_leave_the_site_unchanged(site: Path, jobs: int) -> None:
    build(site, pages(A))
    before = tree(site)
    broken = FakePages(shares={"one": Share(items=(B,)), "b": Share(items=(C,), fails=True)})
    with pytest.raises(OSError, match="broke off"):
        build(site, broken, BuildOptions(jobs=jobs))
    assert tree(site) == before
    assert {path.name for path in (site.parent / ".site.build").iterdir()} == {BUILD_MARK, "lock", "state", "records"}


def test_a_folder_that_is_not_a_site_is_never_changed(site: Path) -> None:
    site.mkdir()
    build(site, pages(A))
    mine = site.parent / "mine"
    mine.mkdir()
    (mine / "letter.txt").write_text("dear")
    with pytest.raises(BuildError, match="not a site built by repo-info"):
        build(mine, pages(A))
    assert tree(mine) == {"letter.txt": b"dear"}


def test_a_killed_build_is_finished_by_the_next_command(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build(site, pages(A, B))
    old = tree(site)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(FolderTree, "remove", killed)
    with pytest.raises(KeyboardInterrupt):
        build(site, pages(page(A.address, title="new"), C))
    assert tree(site) == old
    monkeypatch.undo()
    finish_build(site)
    assert "new" in (site / "repos/a/index.html").read_text()
    assert (site / "repos/c/index.html").is_file()
    assert not (site / "repos/b").exists()
    finished = tree(site)
    build(site, pages(page(A.address, title="new"), C))
    assert tree(site) == finished


def test_two_builds_of_one_site_exclude_each_other(site: Path) -> None:
    build(site, pages(A))
    with (site.parent / ".site.build" / "lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(BuildError, match="another build"), open_build_folder(site):
            pass


def test_progress_counts_tasks(site: Path) -> None:
    seen: list[tuple[int, int]] = []
    build(site, counting(), progress=lambda done, of: seen.append((done, of)))
    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_home_is_in_every_site(site: Path) -> None:
    build(site, pages())
    assert HOME.title in (site / "index.html").read_text()


def test_badges_follow_the_option_and_nothing_else_changes(site: Path) -> None:
    archive = write_archive(site.parent / "archive", app=[Seen(tag="1", state=alone(image()))])

    def build_with(badges: bool | None) -> dict[str, bytes]:
        build_site(archive, site, BuildOptions(jobs=1, site=SiteTable(badges=badges)))
        return {path: content for path, content in tree(site).items() if path != MARK}

    plain, with_badges = build_with(None), build_with(True)
    added = with_badges.keys() - plain.keys()
    assert len(added) == 8
    assert all(path.startswith("repos/app/1/badge/") for path in added)
    assert {path: with_badges[path] for path in plain} == plain
    assert build_with(False) == plain
