"""What an import takes over: repeated, in pieces, and from all kinds of sources."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from collector.archive.store import Archive
from collector.archive.verify import verify
from collector.errors import ArchiveError, SourceError
from collector.importer.archive_import import import_source
from collector.model.references import parse_repository
from collector.model.times import Time
from tests.importer.conftest import Import
from tests.support.exports import exported, iter_checked, journals
from tests.support.histories import DAY, START, History, git, page
from tests.support.pages import missing_page, real_page


def sha256_source(folder: Path) -> Path:
    """A checkout of a source whose objects have SHA-256 ids, with one page."""
    path = folder / page("tool", "1")
    path.parent.mkdir(parents=True)
    git(folder, "init", "--quiet", "--initial-branch=main", "--object-format=sha256")
    path.write_text(missing_page("tool", "1"))
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message=test")
    return folder


def test_every_version_comes_back_byte_for_byte(grown: History, take: Import, tmp_path: Path) -> None:
    report = take(grown.path)
    checked = list(iter_checked(grown.path, Archive(tmp_path / "archive")))
    assert [one.name for one in checked if not one.is_same] == []
    assert report.versions == sum(bool(one.blob) for one in checked) == 16
    assert (report.images, report.deletions, report.added) == (6, 1, report.versions + 1)
    assert [(problem.image, problem.tag) for problem in report.not_understood] == [("tool", "1")]
    assert list(verify(Archive(tmp_path / "archive"))) == []


def test_a_second_import_adds_nothing(grown: History, take: Import, tmp_path: Path) -> None:
    take(grown.path)
    before = journals(tmp_path / "archive")
    report = take(grown.path)
    assert report.added == report.kept_pages == 0
    assert report.not_understood == []
    assert journals(tmp_path / "archive") == before


@pytest.mark.parametrize("commits", [1, 2, 3, 4])
def test_a_longer_history_adds_only_what_is_new(grown: History, take: Import, tmp_path: Path, commits: int) -> None:
    whole = take(grown.path, into="at once")
    cut = git(grown.path, "rev-list", "--reverse", "main").splitlines()[commits - 1]
    git(grown.path, "branch", "cut", cut)
    first = take(grown.bundle(tmp_path / "cut.bundle", "cut"))
    second = take(grown.bundle(tmp_path / "whole.bundle", "main"))
    assert first.added + second.added == whole.added
    assert 0 < second.added < whole.added
    assert journals(tmp_path / "archive") == journals(tmp_path / "at once")


def test_one_image_first_and_then_the_others(grown: History, take: Import, tmp_path: Path) -> None:
    take(grown.path, into="at once")
    report = take(grown.path, images=[parse_repository("tool")])
    assert report.images == 1
    assert Archive(tmp_path / "archive").repositories() == [parse_repository("tool")]
    take(grown.path)
    assert journals(tmp_path / "archive") == journals(tmp_path / "at once")


def test_up_to_a_moment(grown: History, take: Import, tmp_path: Path) -> None:
    take(grown.path, until=Time("2017-01-31T23:59:59Z"))
    archive = Archive(tmp_path / "archive")
    times = {
        seen.time for name in archive.repositories() for tag in archive.load(name).observations.values() for seen in tag
    }
    assert max(times) < "2017-02"
    assert len(times) == 3
    take(grown.path)
    take(grown.path, into="at once")
    assert journals(tmp_path / "archive") == journals(tmp_path / "at once")


def test_two_sources_of_the_same_image(tmp_path: Path, take: Import) -> None:
    """The archive keeps the facts of both, whichever came first, even if the later import has older pages."""
    newer, older = History(tmp_path / "newer"), History(tmp_path / "older")
    for place, source in enumerate((newer, older)):
        for number, form in enumerate(["2018-index.md", "2018-windows.md"]):
            name, tag, raw = real_page(form)
            source.commit({page(name, tag): raw}, at=START + (number - 100 * place) * DAY)
    take(newer.path)
    take(older.path)
    archive = Archive(tmp_path / "archive")
    holdings = archive.load(parse_repository("hello-world"))
    for tag in ("latest", "nanoserver"):
        assert [seen.time[:7] for seen in holdings.observations[tag]] == ["2016-08", "2016-11"]
        assert len(holdings.periods(tag)) == 1
    assert list(verify(archive)) == []
    assert exported(archive) == {
        page(*real_page(form)[:2]): real_page(form)[2] for form in ("2018-index.md", "2018-windows.md")
    }


def test_progress_ends_at_the_total(grown: History, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    archive = Archive(tmp_path / "archive", create=True)
    import_source(grown.path, archive, progress=lambda done, total: told.append((done, total)))
    assert told == sorted(told)
    assert told[-1][0] == told[-1][1] == 17


def test_one_writer_at_a_time(grown: History, tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archive", create=True)
    with archive.writing(), pytest.raises(ArchiveError, match="another process is writing"):
        import_source(grown.path, archive)


class TestSources:
    """All kinds of sources."""

    def expect_all(self, source: Path, grown: History, take: Import, tmp_path: Path) -> None:
        take(source)
        assert exported(Archive(tmp_path / "archive")) == {
            path: subprocess.check_output(["git", "-C", grown.path, "show", f"main:{path}"])
            for path in git(grown.path, "ls-tree", "-r", "--name-only", "main").splitlines()
        }

    def test_a_bundle(self, grown: History, take: Import, tmp_path: Path) -> None:
        self.expect_all(grown.bundle(tmp_path / "x.bundle"), grown, take, tmp_path)

    def test_a_bundle_with_only_head(self, grown: History, take: Import, tmp_path: Path) -> None:
        self.expect_all(grown.bundle(tmp_path / "x.bundle", "HEAD"), grown, take, tmp_path)

    def test_a_bundle_whose_head_names_its_branch(self, grown: History, take: Import, tmp_path: Path) -> None:
        git(grown.path, "branch", "main-old", "main~3")
        git(grown.path, "branch", "-m", "main", "trunk")
        self.expect_all(grown.bundle(tmp_path / "x.bundle", "HEAD", "--all"), _renamed(grown), take, tmp_path)

    def test_a_clone_with_files(self, grown: History, take: Import, tmp_path: Path) -> None:
        git(tmp_path, "clone", "--quiet", str(grown.path), "clone")
        self.expect_all(tmp_path / "clone", grown, take, tmp_path)

    def test_a_worktree(self, grown: History, take: Import, tmp_path: Path) -> None:
        git(grown.path, "worktree", "add", "--quiet", "--detach", str(tmp_path / "tree"), "main")
        self.expect_all(tmp_path / "tree", grown, take, tmp_path)

    @pytest.mark.parametrize("name", ["--upload-pack=touch x", "-c", "a b\nc", "ü:é"])
    @pytest.mark.parametrize("kind", ["bundle", "repository"])
    def test_a_strange_name(
        self, grown: History, take: Import, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, kind: str
    ) -> None:
        folder = tmp_path / "in"
        folder.mkdir()
        monkeypatch.chdir(folder)
        if kind == "bundle":
            grown.bundle(folder / name)
        else:
            grown.path.rename(folder / name)
            grown.path = folder / name
        self.expect_all(Path(name), grown, take, tmp_path)
        assert [path.name for path in folder.iterdir()] == [name]

    def test_a_shallow_clone(self, grown: History, take: Import, tmp_path: Path) -> None:
        git(tmp_path, "clone", "--quiet", "--depth=2", f"file://{grown.path}", "clone")
        self.expect_all(tmp_path / "clone", grown, take, tmp_path)
        assert take(tmp_path / "clone").notices == [
            "the source is a shallow clone: older pages count as first seen at its oldest commit"
        ]

    def test_a_repository_without_a_commit(self, history: History, take: Import) -> None:
        with pytest.raises(SourceError, match="has no commit"):
            take(history.path)

    def test_a_repository_without_pages(self, history: History, take: Import) -> None:
        history.commit({"README.md": "nothing here"})
        assert take(history.path).versions == 0

    def test_several_branches_and_no_head(self, grown: History, take: Import) -> None:
        for name in ("a", "b"):
            git(grown.path, "branch", name, "main")
        git(grown.path, "symbolic-ref", "HEAD", "refs/heads/nothing")
        git(grown.path, "branch", "-D", "main")
        with pytest.raises(SourceError, match="2 branches, and HEAD is none of them"):
            take(grown.path)

    def test_an_empty_folder_is_not_a_source(self, take: Import, tmp_path: Path) -> None:
        with pytest.raises(SourceError, match="not found"):
            take(tmp_path / "nowhere")

    @pytest.mark.parametrize(
        "address", ["https://example.org/a/b.git", "git@example.org:a/b.git", "file:///a", "ssh://x@example.org/a"]
    )
    def test_an_address_is_to_be_cloned_first(self, take: Import, address: str) -> None:
        with pytest.raises(SourceError, match="an address") as error:
            take(Path(address))
        assert "git clone --bare" in error.value.hint

    def test_a_worktree_and_a_repository_with_other_hashes(self, take: Import, tmp_path: Path) -> None:
        folder, worktree = sha256_source(tmp_path / "source"), tmp_path / "worktree"
        git(folder, "worktree", "add", "--quiet", "-b", "other", str(worktree))
        git(folder, "pack-refs", "--all")
        assert [take(source).added for source in (folder, worktree)] == [1, 0]

    def test_a_bundle_with_other_hashes(self, take: Import, tmp_path: Path) -> None:
        folder = sha256_source(tmp_path / "source")
        git(folder, "bundle", "create", "--quiet", str(tmp_path / "source.bundle"), "main")
        assert take(tmp_path / "source.bundle").added == 1

    def test_a_file_that_is_not_a_bundle(self, take: Import, tmp_path: Path) -> None:
        (tmp_path / "x").write_text("hello")
        with pytest.raises(SourceError, match="not a git bundle"):
            take(tmp_path / "x")

    def test_a_bundle_that_lacks_its_beginning(self, grown: History, take: Import, tmp_path: Path) -> None:
        with pytest.raises(SourceError, match="cannot read the bundle"):
            take(grown.bundle(tmp_path / "x.bundle", "main~2..main"))

    def test_a_folder_inside_somebodys_checkout(self, grown: History, take: Import, tmp_path: Path) -> None:
        git(tmp_path, "clone", "--quiet", str(grown.path), "clone")
        with pytest.raises(SourceError, match="not a git repository"):
            take(tmp_path / "clone" / "repos")


def _renamed(grown: History) -> History:
    git(grown.path, "branch", "main", "trunk")
    return grown
