"""A build changes nothing outside its two folders, follows no link in them, and removes only what it made."""

from __future__ import annotations

import shutil
from pathlib import Path

import msgspec
import pytest

from collector.errors import ArchiveError, BuildError
from collector.pages.documents import Document
from collector.site.build import BuildOptions, build_site
from collector.site.build_folder import BUILD_MARK
from tests.diff.builders import image
from tests.pages.archives import Seen, alone, write_archive
from tests.site.fake import ONE, FakePages, Share, build_fake, page, pages
from tests.support.folders import bench_of, copy_site, read_folder

A, B, C = (page(f"repos/{name}/", title=name, markdown=f"# {name}\n") for name in "abc")
OTHER_A = page(A.address, title="other", markdown="# other\n")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    site = tmp_path_factory.mktemp("built") / "site"
    build_fake(site, pages(A, B))
    return site


@pytest.fixture
def site(built: Path, tmp_path: Path) -> Path:
    return copy_site(built, tmp_path / "in" / "site")


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A folder that is not the build's, with files where the site has its own."""
    folder = tmp_path / "outside"
    folder.mkdir()
    for name in ("index.html", "letter.txt"):
        (folder / name).write_text("mine")
    return folder


@pytest.mark.parametrize("name", ["stage/letter.txt", "tree/letter.txt", "records/letter.txt", "letter.txt"])
def test_a_build_folder_without_the_mark_is_refused(site: Path, name: str) -> None:
    shutil.rmtree(bench_of(site))
    letter = bench_of(site) / name
    letter.parent.mkdir(parents=True, exist_ok=True)
    letter.write_text("mine")
    with pytest.raises(BuildError, match="was not made by repo-info"):
        build_fake(site, pages(A))
    assert read_folder(bench_of(site)) == {name: b"mine"}


def test_an_empty_build_folder_is_used(site: Path) -> None:
    shutil.rmtree(bench_of(site))
    bench_of(site).mkdir()
    build_fake(site, pages(A))
    assert (bench_of(site) / BUILD_MARK).is_file()


@pytest.mark.parametrize("name", ["", "records", "stage", "tree", "lock", "state.next", "journal.new", "state"])
def test_a_link_in_the_build_folder_is_refused(site: Path, outside: Path, name: str) -> None:
    place = bench_of(site) / name
    shutil.rmtree(place) if place.is_dir() else place.unlink(missing_ok=True)
    place.symlink_to(outside if name in {"", "records", "stage", "tree"} else outside / "letter.txt")
    before = read_folder(site)
    with pytest.raises(BuildError, match="is a link"):
        build_fake(site, pages(OTHER_A))
    assert read_folder(outside) == {"index.html": b"mine", "letter.txt": b"mine"}
    assert read_folder(site) == before


@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize("items", [(OTHER_A, B), (A, B), (B,)], ids=["changed", "unchanged", "removed"])
def test_a_link_in_the_site_is_not_followed(site: Path, outside: Path, items: tuple[Document, ...], full: bool) -> None:
    shutil.rmtree(site / "repos/a")
    (site / "repos/a").symlink_to(outside)
    build_fake(site, pages(*items), msgspec.structs.replace(ONE, full=full))
    assert read_folder(outside) == {"index.html": b"mine", "letter.txt": b"mine"}
    anew = site.parent / "anew" / "site"
    build_fake(anew, pages(*items))
    assert (site / "repos/a").is_symlink() == ((not full) and len(items) == 1)
    if len(items) == 2:
        assert read_folder(site) == read_folder(anew)


def test_a_link_to_a_site_is_resolved(tmp_path: Path) -> None:
    real = tmp_path / "real"
    link = tmp_path / "elsewhere" / "site"
    link.parent.mkdir()
    link.symlink_to(real)
    for version in (pages(A), pages(OTHER_A)):
        build_fake(link, version)
    assert link.is_symlink()
    assert "other" in (real / "repos/a/index.html").read_text()
    assert bench_of(real).is_dir()
    assert [path.name for path in link.parent.iterdir()] == ["site"]


def test_a_link_to_itself_is_refused(tmp_path: Path) -> None:
    (tmp_path / "site").symlink_to("site")
    with pytest.raises(BuildError, match="leads to itself"):
        build_fake(tmp_path / "site", pages(A))


def of(*names: str) -> FakePages:
    return FakePages(shares={name: Share(items=(page(f"repos/{name}/"),)) for name in names})


@pytest.mark.parametrize("full", [False, True])
def test_a_site_that_would_lose_most_of_its_images_is_refused(tmp_path: Path, full: bool) -> None:
    site = tmp_path / "site"
    build_fake(site, of("a", "b", "c", "d"))
    before = read_folder(site)
    options = msgspec.structs.replace(ONE, full=full)
    for left in ((), ("a",), ("e", "f", "g", "d")):
        with pytest.raises(BuildError, match=r"[34] of its 4 images are missing, such as [ab]$"):
            build_fake(site, of(*left), options)
        assert read_folder(site) == before
    build_fake(site, of("a", "b"), options)
    assert not (site / "repos/c").exists()


def test_an_archive_that_lost_its_images_does_not_empty_the_site(tmp_path: Path) -> None:
    archive = write_archive(tmp_path / "archive", app=[Seen(tag="1", state=alone(image()))])
    site = tmp_path / "site"
    build_site(archive, site, BuildOptions(jobs=1))
    moved = (archive / "docker.io").rename(tmp_path / "docker.io")
    with pytest.raises(BuildError, match=r"1 of its 1 images are missing"):
        build_site(archive, site, BuildOptions(jobs=1))
    (archive / "docker.io").symlink_to(moved)
    with pytest.raises(ArchiveError, match="a link, which an archive must not contain"):
        build_site(archive, site, BuildOptions(jobs=1))
    assert (site / "repos/app/1/index.html").is_file()


def test_where_case_is_ignored_two_spellings_of_a_page_are_refused(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a site that is only changed, the page that is moved last would remain."""
    monkeypatch.setattr("collector.site.build_folder.ignores_case", lambda path: True)
    before = read_folder(site)
    other = page("repos/A/", title="another", markdown="# another\n")
    with pytest.raises(BuildError, match=r"repos/A: to this file system, which ignores .* same file as repos/a"):
        build_fake(site, pages(A, B, other))
    assert read_folder(site) == before
    build_fake(site, pages(A, B, C))
