"""A site that is rebuilt after each update always equals a full build, and no file is written twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from collector.archive import import_marks
from collector.archive.store import Archive
from collector.configuration import SiteTable
from collector.importer.archive_import import import_source
from collector.model.references import parse_repository
from collector.model.times import parse_as_of
from collector.site.build import BuildOptions
from tests.equality.one_after_another import follow
from tests.equality.sites import stamps_of
from tests.equality.updates import bring_to, count_by_day
from tests.support.shared_once import made_once

IMAGES = ("arangodb", "busybox", "hello-world", "memcached")
UPDATES = 15
ONE = BuildOptions(jobs=1, site=SiteTable(url="https://example.org/"))


@pytest.fixture(scope="session")
def imported(bare_repo: Path, shared_tmp: Path) -> Path:
    """A few images of the real archive."""

    def make(path: Path) -> None:
        import_source(bare_repo, Archive(path, create=True), images=[parse_repository(name) for name in IMAGES])

    return made_once(shared_tmp, "equality-archive", make)


def check_updates(archive: Path, folder: Path, updates: int) -> None:
    days = list(count_by_day(archive))[-updates - 1 :]
    assert len(days) == updates + 1
    for followed in follow(archive, days, folder, ONE):
        assert not followed.faults
        assert followed.day == days[0] or 0 < followed.written < followed.files


def test_updates_of_the_sample(root: Path, tmp_path: Path) -> None:
    check_updates(root / "examples" / "archive", tmp_path, 6)


@pytest.mark.slow
def test_updates_of_real_images(imported: Path, tmp_path: Path) -> None:
    check_updates(imported, tmp_path, UPDATES)


def test_the_beginnings_of_journals_are_what_an_earlier_import_wrote(
    bare_repo: Path, imported: Path, tmp_path: Path
) -> None:
    day = list(count_by_day(imported))[-UPDATES]
    bring_to(imported, day, tmp_path / "beginnings")
    images = [parse_repository(name) for name in IMAGES]
    import_source(bare_repo, Archive(tmp_path / "then", create=True), images=images, until=parse_as_of(day))
    # How far an import has read is no fact, and no journal.
    one, other = (
        {path: stamp.digest for path, stamp in stamps_of(tmp_path / name).items() if path != import_marks.FILE}
        for name in ("beginnings", "then")
    )
    assert one == other
