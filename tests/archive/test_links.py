"""An archive contains no links: readers and writers refuse them with an error."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from collector.archive.journal import append_lines
from collector.archive.store import Archive
from collector.archive.verify import verify
from collector.errors import ArchiveError
from collector.model.references import parse_repository
from tests.support.archives import ArchiveBuilder, docker_image, journal_name, single

TOOL = parse_repository("tool")
FOLDERS = ["docker.io", "docker.io/library", "docker.io/library/tool"]
PLACES = [*FOLDERS, journal_name("tool", "2017-01")]

USES: dict[str, Callable[[Archive], object]] = {
    "load": lambda archive: archive.load(TOOL),
    "load_observations": lambda archive: archive.load_observations(TOOL),
    "journal_bytes": lambda archive: list(archive.journal_bytes(TOOL)),
    "size": lambda archive: archive.size(TOOL),
    "writer": lambda archive: archive.writer(TOOL),
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    ArchiveBuilder(tmp_path / "archive").see("tool:1", "2017-01-01", single(docker_image("a")))
    return tmp_path / "archive"


def replace_by_a_link(root: Path, place: str) -> Path:
    """Move a part of the archive elsewhere, and link to it."""
    moved = (root / place).rename(root.parent / "moved")
    (root / place).symlink_to(moved)
    return moved


@pytest.mark.parametrize("use", USES.values(), ids=USES)
@pytest.mark.parametrize("place", PLACES)
def test_readers_and_writers_refuse_a_link(root: Path, place: str, use: Callable[[Archive], object]) -> None:
    replace_by_a_link(root, place)
    with pytest.raises(ArchiveError, match=f"{place}: a link, which an archive must not contain"):
        use(Archive(root))


@pytest.mark.parametrize("place", FOLDERS)
def test_images_are_not_listed_past_a_link(root: Path, place: str) -> None:
    replace_by_a_link(root, place)
    with pytest.raises(ArchiveError, match=f"{place}: a link"):
        Archive(root).repositories()


@pytest.mark.parametrize("place", PLACES)
def test_verify_names_a_link(root: Path, place: str) -> None:
    replace_by_a_link(root, place)
    (fault,) = verify(Archive(root))
    assert (fault.path, fault.line) == (root / place, 0)


def test_nothing_is_written_through_a_link(root: Path) -> None:
    moved = replace_by_a_link(root, PLACES[-1])
    before = moved.read_bytes()
    with pytest.raises(ArchiveError, match="cannot be written"):
        append_lines(root / PLACES[-1], b"{}\n")
    assert moved.read_bytes() == before


def test_an_archive_may_itself_be_reached_by_a_link(root: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(root)
    archive = Archive(tmp_path / "link")
    assert archive.repositories() == [TOOL]
    assert archive.load(TOOL).tags == Archive(root).load(TOOL).tags
