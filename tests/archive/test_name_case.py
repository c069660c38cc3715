"""File systems that ignore upper and lower case: what would lose a file is refused. `make torture` tries real ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from collector.archive.name_case import ignores_case
from collector.archive.store import Archive
from collector.archive.tree import ClassicTree
from collector.cli.pages import write_pages
from collector.errors import ArchiveError, BuildError
from collector.importer.archive_import import import_source
from collector.model.references import parse_repository
from tests.pages.archives import Seen, alone, day, write_archive
from tests.support.archives import docker_image, single
from tests.support.folders import read_folder
from tests.support.histories import History, page
from tests.support.pages import page_of


@pytest.fixture
def ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    for user in ("name_case", "layout"):
        monkeypatch.setattr(f"collector.archive.{user}.ignores_case", lambda path: True)


def seen(*tags: str) -> list[Seen]:
    return [Seen(tag=tag, state=alone(docker_image(tag)), time=day(1)) for tag in tags]


def test_this_file_system_tells_names_apart(tmp_path: Path) -> None:
    for name in ("a.md", "A.md", "A.MD"):
        (tmp_path / name).touch()
        assert not ignores_case(tmp_path / name)


def test_of_two_tags_one_is_exported_and_the_other_reported(tmp_path: Path, ignored: None) -> None:
    history = History(tmp_path / "source.git")
    for tag in ("latest", "Latest"):
        history.commit({page("tool", tag): page_of("tool", tag, single(docker_image(tag)))})
    archive = Archive(tmp_path / "archive", create=True)
    import_source(history.path, archive)
    tree = ClassicTree(tmp_path / "tree")
    tree.export(archive.load(parse_repository("tool")))
    (failed,) = tree.report.failed
    assert failed.endswith(
        "latest.md: to this file system, which ignores upper and lower case, it is the same file as Latest.md"
    )
    assert [*read_folder(tmp_path / "tree")] == ["repos/tool/remote/Latest.md"]


def test_pages_of_two_tags_are_refused(tmp_path: Path, ignored: None) -> None:
    archive = Archive(write_archive(tmp_path / "archive", tool=seen("Latest", "latest")))
    with pytest.raises(BuildError, match="ignores upper and lower case, it is the same file as repos/tool/Latest/"):
        write_pages(archive, tmp_path / "files")


def test_registries_with_capitals_have_no_folder_of_their_own(tmp_path: Path, ignored: None) -> None:
    root = write_archive(tmp_path / "archive", **{"host.example/app": seen("1")})
    with pytest.raises(ArchiveError, match=r"ignores upper and lower case, and Host\.example has capitals"):
        write_archive(root, **{"Host.example/app": seen("1")})
    with pytest.raises(ArchiveError, match="has capitals"):
        Archive(root).load(parse_repository("Host.example/app"))
