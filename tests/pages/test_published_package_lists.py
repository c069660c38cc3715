"""Published package lists, read back as api.md describes them."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from pathlib import Path

import msgspec
import pytest

from collector.archive.facts.package_list import PackagesFact
from collector.archive.holdings import Holdings
from collector.archive.package_differences import apply
from collector.archive.store import Archive
from collector.configuration import SiteSettings
from collector.model.packages import BY_PAGE, Package, Scan, package_list
from collector.model.references import parse_repository
from collector.model.times import Time
from collector.pages.documents import Asset
from collector.pages.objects.package_lists import PackageListChunk, PackageListObject, PackageListStore
from tests.pages.archives import iter_items
from tests.support.archives import ArchiveBuilder, deb, digest, docker_image, single

SEEN = Time("2018-01-29T12:00:00Z")


def written(folder: Path, scans: Iterable[tuple[Iterable[Package], str]]) -> Holdings:
    """An archive that learned these lists one after another, each of an image of its own."""
    archive, repository = Archive(folder, create=True), parse_repository("app")
    with archive.writing():
        writer = archive.writer(repository)
        for number, (packages, by) in enumerate(scans):
            writer.add_scan(SEEN, digest(f"config {number}"), Scan(packages=package_list(packages), by=by))
        writer.flush()
    return archive.load(repository)


def read(files: list[PackageListChunk], number: int) -> tuple[str, list[Package]]:
    """The scanner and the packages of a list."""
    lists = files[number // 64].lists
    return lists[number % 64].by, sorted(_packages(lists, number % 64))


def _packages(lists: tuple[PackageListObject, ...], place: int) -> list[Package]:
    one = lists[place]
    assert one.on is None or one.on < place
    old = [] if one.on is None else _packages(lists, one.on)
    return list(chain(*apply(PackagesFact(id="0" * 64, remove=one.remove, update=one.update, add=one.add), old)))


def check(holdings: Holdings) -> list[PackageListChunk]:
    """Read every list back; returns the files."""
    configs = [known.config for found in holdings.inventories.values() for known in found]
    store = PackageListStore(holdings, configs)
    files = [msgspec.json.decode(content, type=PackageListChunk) for content in store.iter_files()]
    for config in configs:
        known, number = holdings.image_packages(config), store.number(config)
        assert known
        assert number is not None
        assert read(files, number) == (known.inventory.by, list(known.packages.packages))
    return files


def many(branch: str, version: int) -> list[Package]:
    """Packages of which one differs from version to version, and all from branch to branch."""
    rest = [deb(f"lib{branch}{n}", "1.0-1", f"source{n}", licence="MIT") for n in range(120)]
    return [*rest, deb("app", f"1.{version}", licence="MIT"), deb(f"plugin{version // 50}", "1")]


def test_lists_of_two_branches(tmp_path: Path) -> None:
    files = check(written(tmp_path / "archive", [(many("ab"[n % 2], n), BY_PAGE) for n in range(300)]))
    assert len(files) == 6
    """64 lists in each, of one branch: the archive's differences never lead from one to the other."""
    assert sum(one.on is None for file in files for one in file.lists) == 6


def test_one_list_of_two_scanners_is_written_once(tmp_path: Path) -> None:
    files = check(written(tmp_path / "archive", [(many("a", 0), BY_PAGE), (many("a", 0), "syft 1")]))
    assert [(one.by, one.on, bool(one.add)) for one in files[0].lists] == [("page", None, True), ("syft 1", 0, False)]


def test_a_large_list_makes_a_large_file(tmp_path: Path) -> None:
    large = [deb(f"lib{n}", "1.0-1") for n in range(2_000)]
    scans = [([*large, deb("app", str(version))], BY_PAGE) for version in range(5)]
    assert [len(file.lists) for file in check(written(tmp_path / "archive", scans))] == [5]


def test_a_full_file_does_not_change(tmp_path: Path) -> None:
    early = check(written(tmp_path / "early", [(many("a", n), BY_PAGE) for n in range(70)]))
    late = check(written(tmp_path / "late", [(many("a", n), BY_PAGE) for n in range(80)]))
    assert early[0] == late[0]
    assert early[1].lists == late[1].lists[: len(early[1].lists)]


@pytest.mark.parametrize(("packages", "count"), [("ever", 2), ("now", 1), ("", 0)])
def test_a_site_has_the_lists_that_it_shows(tmp_path: Path, packages: str, count: int) -> None:
    builder = ArchiveBuilder(tmp_path / "archive")
    for day, version in (("2018-01-01", 0), ("2018-01-02", 1)):
        image = docker_image(day, layers=(day,))
        builder.see("app:1", day, single(image))
        builder.scan("app", day, image, many("a", version))
    settings = msgspec.convert({"packages": packages}, SiteSettings)
    files = [item for item in iter_items(tmp_path / "archive", settings) if isinstance(item, Asset)]
    assert any("/objects/" in file.path for file in files)
    lists = [file.content for file in files if "/package-lists/" in file.path]
    assert sum(len(msgspec.json.decode(content, type=PackageListChunk).lists) for content in lists) == count
