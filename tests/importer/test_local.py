"""`local/` pages become package lists, by Image ID: each version is read, known already, or reported with a reason."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import pytest

from collector.archive.import_marks import FILE
from collector.archive.store import Archive
from collector.archive.upgrade import upgrade
from collector.archive.verify import verify
from collector.importer.archive_import import ImportReport, import_source
from collector.model.digests import Digest
from collector.model.packages import Package, package_list
from collector.model.references import parse_repository
from tests.importer.conftest import Import
from tests.support.archives import digest, docker_image, single
from tests.support.exports import journals
from tests.support.formats import as_format_1
from tests.support.histories import History, page
from tests.support.pages import missing_page, page_of, page_with_packages

IMAGE = docker_image("image")
CONFIG = IMAGE.config.digest


def local(tag: str, image: str = "tool") -> str:
    return f"repos/{image}/local/{tag}.md"


local_page = partial(page_with_packages, config=CONFIG)


def names_of(archive: Archive, config: Digest = CONFIG) -> list[str] | None:
    found = archive.load(parse_repository("tool")).package_list(config)
    return [f"{package.name}={package.version}" for package in found.packages] if found else None


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive", create=True)


def accounted(report: ImportReport) -> int:
    found = report.packages
    return found.known + found.left_out + found.read


def test_the_packages_of_an_image_by_its_id(history: History, take: Import, archive: Archive) -> None:
    history.commit({page("tool", "1"): page_of("tool", "1", single(IMAGE)), local("1"): local_page("a=1", "b=2")})
    report = take(history.path)
    assert (report.local_pages, report.packages.read, report.packages.images) == (1, 1, 1)
    holdings = archive.load(parse_repository("tool"))
    inventory = holdings.inventory(CONFIG)
    assert inventory
    assert (inventory.by, inventory.time, inventory.types) == ("page", "2016-11-24T15:06:40Z", ("deb",))
    assert holdings.package_list(CONFIG) == package_list(
        [Package("deb", "a", "1", "", "", "MIT"), Package("deb", "b", "2", "", "", "MIT")]
    )
    assert list(verify(archive)) == []


def test_a_page_may_be_called_by_another_tag_and_tags_share_an_image(
    history: History, take: Import, archive: Archive
) -> None:
    history.commit(
        {
            page("tool", "1"): page_of("tool", "1", single(IMAGE)),
            local("1"): local_page("a=1", title="tool:1.2.3"),
            local("latest"): local_page("a=1", title="other:9"),
        }
    )
    report = take(history.path)
    assert (report.packages.read, report.packages.images) == (2, 1)
    assert names_of(archive) == ["a=1"]


@pytest.mark.parametrize("is_reversed", [False, True])
def test_a_list_that_was_cut_short_does_not_count(
    history: History, take: Import, archive: Archive, is_reversed: bool
) -> None:
    pages = [local_page("a=1"), local_page("a=1", "b=1"), local_page()]
    history.commit({page("tool", "1"): page_of("tool", "1", single(IMAGE))})
    for content in reversed(pages) if is_reversed else pages:
        history.commit({local("1"): content})
    report = take(history.path)
    assert (report.packages.images, report.packages.cut_short, report.packages.without_packages) == (1, 1, 1)
    assert names_of(archive) == ["a=1", "b=1"]


@pytest.mark.parametrize("is_reversed", [False, True])
def test_a_list_that_was_cut_short_does_not_count_in_a_later_import_either(
    history: History, take: Import, archive: Archive, is_reversed: bool
) -> None:
    pages = [local_page("a=1"), local_page("a=1", "b=1")]
    history.commit({page("tool", "1"): page_of("tool", "1", single(IMAGE))})
    for content in reversed(pages) if is_reversed else pages:
        history.commit({local("1"): content})
        take(history.path)
    assert names_of(archive) == ["a=1", "b=1"]


def test_pages_that_were_read_are_not_read_again(history: History, take: Import, archive: Archive) -> None:
    history.commit({page("tool", "1"): page_of("tool", "1", single(IMAGE)), local("1"): local_page("a=1")})
    history.commit({local("1"): "nobody understands"})
    history.commit({local("1"): None})
    first = take(history.path)
    assert (first.local_pages, accounted(first), first.packages.read) == (2, 2, 2)
    assert [one.reason for one in first.packages.not_understood] == ["not in a known form"]
    before = journals(archive.root)
    again = take(history.path)
    assert (again.packages.known, again.packages.read, again.packages.not_understood) == (2, 0, [])
    assert journals(archive.root) == before
    history.commit({local("1"): local_page("a=2", config=digest("later"))})
    last = take(history.path)
    assert (last.packages.known, last.packages.read, last.packages.images) == (2, 1, 1)
    assert journals(archive.root) != before


@pytest.mark.parametrize("damage", ["marks", "nonsense", "inventory", "packages"])
def test_lost_pages_are_read_again(history: History, take: Import, archive: Archive, damage: str) -> None:
    history.commit({page("tool", "1"): page_of("tool", "1", single(IMAGE)), local("1"): local_page("a=1")})
    take(history.path)
    mark = f'"fact":"{damage}"'.encode()
    if damage in {"inventory", "packages"}:
        for path in archive.root.rglob("2*.jsonl"):
            kept = [line for line in path.read_bytes().splitlines(keepends=True) if mark not in line]
            path.write_bytes(b"".join(kept))
    elif damage == "nonsense":
        (archive.root / FILE).write_bytes(b"[" * 100_000)
    else:
        (archive.root / FILE).unlink()
    report = take(history.path)
    assert (report.packages.read, report.packages.images) == (1, damage == "inventory")
    assert names_of(archive) == ["a=1"]
    assert list(verify(archive)) == []


def test_another_source_is_read_independently_of_the_first(
    history: History, take: Import, archive: Archive, tmp_path: Path
) -> None:
    other = History(tmp_path / "other.git")
    history.commit({page("tool", "1"): page_of("tool", "1", single(IMAGE)), local("1"): local_page("a=1")})
    other.commit({local("2"): local_page("b=1", config=digest("other"))})
    take(history.path)
    assert take(other.path).packages.images == 1
    assert names_of(archive, digest("other")) == ["b=1"]


def test_versions_that_cannot_be_read_are_named(history: History, take: Import) -> None:
    history.commit({page("tool", "1"): missing_page("tool", "1")})
    history.commit({local("1"): b"\xff", local("2"): "x" * (2**22 + 1), local("3"): ""})
    history.commit({local("4"): "1.md"}, mode="120000")
    report = take(history.path)
    assert accounted(report) == report.local_pages == 4
    assert [(one.tag, one.reason.partition(";")[0]) for one in report.packages.not_understood] == [
        ("1", "not in a known form"),
        ("2", f"the page is larger than {2**22} bytes"),
        ("3", "the page is empty"),
        ("4", "the page is a symbolic link or a submodule"),
    ]


def test_an_image_without_remote_pages_is_left_out(history: History, take: Import, archive: Archive) -> None:
    history.commit({local("1", "lonely"): local_page("a=1")})
    report = take(history.path)
    assert (report.packages.left_out, report.packages.read, accounted(report)) == (1, 0, 1)
    assert ["lonely" in notice for notice in report.notices] == [True]
    assert archive.repositories() == []
    history.commit({page("lonely", "1"): page_of("lonely", "1", single(IMAGE))})
    assert take(history.path).packages.images == 1


def test_an_archive_of_the_older_format_has_no_packages(history: History, take: Import, archive: Archive) -> None:
    as_format_1(archive.root)
    history.commit({page("tool", "1"): page_of("tool", "1", single(IMAGE)), local("1"): local_page("a=1")})
    for _ in range(2):
        report = take(history.path)
        assert (report.packages.left_out, report.packages.read, accounted(report)) == (1, 0, 1)
        assert ["repo-info upgrade" in notice for notice in report.notices] == [True]
    assert archive.load(parse_repository("tool")).inventories == {}
    assert list(upgrade(archive).left) == []
    assert take(history.path).packages.images == 1
    assert names_of(archive) == ["a=1"]


def test_garbage_is_counted(history: History, take: Import, archive: Archive) -> None:
    garbage = "\n## `rpm` (`.rpm`-based packages)\n\n### `rpm` package: `<l>\t\tx-1-1.noarch`\n\n"
    history.commit({page("tool", "1"): page_of("tool", "1", single(IMAGE)), local("1"): local_page("a=1") + garbage})
    assert take(history.path).packages.garbage == 1
    inventory = archive.load(parse_repository("tool")).inventory(CONFIG)
    assert inventory
    assert inventory.left_out == 1


def test_the_marks_are_of_the_images_that_were_imported(history: History, archive: Archive) -> None:
    for image in ("tool", "other"):
        history.commit({page(image, "1"): missing_page(image, "1"), local("1", image): local_page("a=1")})
    import_source(history.path, archive, images=[parse_repository("tool")])
    assert list(json.loads((archive.root / FILE).read_bytes())) == ["docker.io/library/tool"]
    import_source(history.path, archive, images=[parse_repository("other")])
    assert len(json.loads((archive.root / FILE).read_bytes())) == 2


def test_the_archive_is_the_same_with_several_processes(history: History, tmp_path: Path) -> None:
    for number, image in enumerate(("tool", "other", "third")):
        history.commit(
            {page(image, "1"): page_of(image, "1", single(IMAGE)), local("1", image): local_page(f"a={number}")}
        )
    roots = []
    for jobs in (1, 3):
        roots.append(tmp_path / f"jobs{jobs}")
        import_source(history.path, Archive(roots[-1], create=True), jobs=jobs)
    one, other = ({path.relative_to(root): path.read_bytes() for path in root.rglob("*.json*")} for root in roots)
    assert one == other
