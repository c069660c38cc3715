"""Bases in builds: where a base moves, the pages of what is built on it are made again; what was found is kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from collector.archive.store import Archive
from collector.model.images import Image
from collector.model.references import Repository
from collector.site.build import BuildOptions, build_site
from tests.diff.builders import ROOT, image, layer
from tests.pages.archives import Seen, alone, day, write_archive
from tests.releases.made_up import base_of, built
from tests.support.folders import bench_of, copy_site, read_folder

OPTIONS = BuildOptions(jobs=1)


def debian(name: str) -> Image:
    return image(name, ROOT, layers=(layer(name),))


def python(base: Image) -> Image:
    return image(f"python on {base.manifest}", ROOT, "RUN make", layers=(*base.layers, layer("python")))


def seen(tag: str, number: int, one: Image) -> Seen:
    return Seen(tag=tag, time=day(number), state=alone(one))


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return write_archive(
        tmp_path / "archive",
        alpine=[seen("3.7", 1, debian("alpine"))],
        debian=[seen("stretch", 1, debian("old"))],
        python=[seen("3.6", 2, python(debian("old")))],
    )


@pytest.fixture
def site(archive: Path, frame: Path, tmp_path: Path) -> Path:
    site = copy_site(frame, tmp_path / "site")
    build_site(archive, site, OPTIONS)
    return site


@pytest.fixture
def outlined(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The repositories that are outlined, one after the other."""
    found: list[str] = []
    load = Archive.load_contents

    def watched(self: Archive, repository: Repository) -> object:
        found.append(repository.familiar)
        return load(self, repository)

    monkeypatch.setattr(Archive, "load_contents", watched)
    return found


def changed(before: dict[str, bytes], site: Path) -> set[str]:
    """The pages that differ."""
    return {
        path for path, content in read_folder(site).items() if path.endswith("html") and before.get(path) != content
    }


def test_a_base_that_moves_changes_the_pages_of_what_is_built_on_it(
    archive: Path, site: Path, frame: Path, tmp_path: Path, outlined: list[str]
) -> None:
    before = read_folder(site)
    assert build_site(archive, site, OPTIONS).skipped == 3
    assert not outlined
    write_archive(archive, debian=[seen("stretch", 9, debian("new"))])
    assert build_site(archive, site, OPTIONS).skipped == 1
    assert outlined == ["debian"]
    assert {path for path in changed(before, site) if "/python/" in path} == {
        "repos/python/3.6/index.html",
        "repos/python/3.6/linux-amd64/index.html",
    }
    again = copy_site(frame, tmp_path / "again")
    build_site(archive, again, OPTIONS)
    assert read_folder(again) == read_folder(site)
    assert read_folder(bench_of(again)) == read_folder(bench_of(site))


def test_what_is_built_on_a_tag_changes_its_page(archive: Path, site: Path) -> None:
    before = read_folder(site)
    write_archive(archive, python=[seen("3.7", 3, python(debian("old")))])
    assert build_site(archive, site, OPTIONS).skipped == 1
    assert {path for path in changed(before, site) if "/debian/" in path} == {
        "repos/debian/index.html",
        "repos/debian/stretch/index.html",
    }


def test_links_to_a_base_change_when_its_history_gets_a_separate_page(frame: Path, tmp_path: Path) -> None:
    """A day's rebuild is the full build, although the tag that links there has nothing new."""
    bases = [seen("stretch", number, base_of(base=number)) for number in range(1, 10)]
    archive = write_archive(
        tmp_path / "archive",
        debian=bases[:8],
        python=[seen("3.6", number, built(base=number)) for number in (1, 7)],
    )
    site = copy_site(frame, tmp_path / "site")
    build_site(archive, site, OPTIONS)
    page = site / "repos/python/3.6/index.html"
    assert '<a href="../../debian/stretch/#r-' in page.read_text()
    write_archive(archive, debian=bases[8:])
    assert build_site(archive, site, OPTIONS).skipped == 0
    assert '<a href="../../debian/stretch/history/#r-' in page.read_text()
    again = copy_site(frame, tmp_path / "again")
    build_site(archive, again, OPTIONS)
    assert read_folder(again) == read_folder(site)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def flip(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(bytes([content[0] ^ 1]) + content[1:])


@pytest.mark.parametrize("damage", [cut, flip, Path.unlink])
def test_damaged_caches_are_noticed(archive: Path, site: Path, damage: Callable[[Path], None]) -> None:
    kept = bench_of(site) / "bases"
    files = read_folder(kept)
    assert len(files) == 8
    for path in kept.iterdir():
        damage(path)
    assert build_site(archive, site, OPTIONS).skipped == 3
    assert read_folder(kept) == files


def test_another_version_of_the_program_computes_the_bases_again(
    archive: Path, site: Path, outlined: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("collector.site.build.program_key", lambda: "another")
    build_site(archive, site, OPTIONS)
    assert sorted(outlined) == ["alpine", "debian", "python"]


def test_files_of_a_failed_build_are_removed_by_the_next(archive: Path, site: Path) -> None:
    kept = bench_of(site) / "bases"
    before = read_folder(kept)
    (kept / ("0" * 64)).write_bytes(b"an outline of a journal that has grown")
    build_site(archive, site, OPTIONS)
    assert read_folder(kept) == before
