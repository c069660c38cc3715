"""The real pages of 2018 to 2026: all are understood, and the tree of every day is reproduced byte for byte."""

from __future__ import annotations

from pathlib import Path

import pytest

from collector.archive.export import ClassicExporter
from collector.archive.store import Archive
from collector.archive.verify import verify
from collector.importer.archive_import import ImportReport, import_source
from collector.model.times import parse_as_of
from tests.support.later_pages import iter_days, later_pages


@pytest.fixture(scope="module")
def imported(data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Archive, ImportReport]:
    folder = tmp_path_factory.mktemp("later")
    archive = Archive(folder / "archive", create=True)
    return archive, import_source(later_pages(data_dir, folder / "source.git").path, archive)


def test_every_page_is_understood(imported: tuple[Archive, ImportReport]) -> None:
    archive, report = imported
    assert (report.versions, report.kept_pages, report.not_understood) == (33, 0, [])
    assert all("it has local/ pages and no remote/ pages" in notice for notice in report.notices)
    assert list(verify(archive)) == []


def test_the_tree_of_every_day(data_dir: Path, imported: tuple[Archive, ImportReport]) -> None:
    archive, _ = imported
    tree: dict[str, bytes | str | None] = {}
    for day, files in iter_days(data_dir):
        tree |= {path: content for path, content in files.items() if "/remote/" in path}
        assert {
            f"repos/{repository.familiar}/remote/{tag}.md": page
            for repository in archive.repositories()
            for tag, page in ClassicExporter(archive.load(repository)).iter_pages(parse_as_of(day))
        } == tree
