"""A release whose base moved names the release of the base's own tag, through archives as the importer writes them."""

from __future__ import annotations

from pathlib import Path

import pytest

from collector.archive.store import Archive
from collector.bases.archive_bases import bases_of, keep_bases
from collector.bases.base_releases import tag_releases
from collector.bases.cache import MemoryCache, must_read
from collector.bases.moves import BaseMove, base_moves
from collector.bases.parts import RepositoryBases, decode_bases
from collector.model.images import Image, State
from collector.model.references import parse_repository
from collector.pages.histories import Histories
from tests.pages.archives import Seen, day, index_of, write_archive
from tests.releases.folded import fold_tag
from tests.releases.made_up import AMD64, ARM, S390X, base_of, built
from tests.support.archives import ArchiveBuilder, deb, docker_image, index

PLATFORMS = (AMD64, ARM, S390X)
PYTHON = parse_repository("python")


def several(*images: Image) -> State:
    return index_of(*images, name=" ".join(one.manifest for one in images))


def seen(tag: str, number: int, *images: Image) -> Seen:
    return Seen(tag=tag, time=day(number), state=several(*images))


def debian(number: int, *bases: int) -> Seen:
    """Debian on as many platforms, each made on a day of its own."""
    return seen("stretch", number, *map(base_of, PLATFORMS, bases))


def python(number: int, *bases: int, version: str = "1") -> Seen:
    """Python on these bases."""
    return seen(
        "3.6", number, *(built(one, version=version, base=base) for one, base in zip(PLATFORMS, bases, strict=False))
    )


def bases_in(root: Path) -> RepositoryBases:
    """Those of Python; alone, and among those of the whole archive."""
    archive, cache = Archive(root), MemoryCache()
    keys = {one.name: archive.journals_key(one).key for one in archive.repositories()}
    found = decode_bases(must_read(cache, keep_bases(archive, keys, cache)[PYTHON.name]))
    assert bases_of(archive, PYTHON) == found
    return found


def moves(root: Path) -> list[tuple[BaseMove, ...]]:
    """Those of each release of python:3.6, the oldest first."""
    bases = bases_in(root)
    return [base_moves(release, bases) for release in fold_tag(Archive(root).load(PYTHON), "3.6")]


def told(root: Path) -> list[list[tuple[str, list[str]]]]:
    """The day of each base's release, and the platforms."""
    return [[(move.release.since[:10], list(move.platforms)) for move in of_release] for of_release in moves(root)]


def test_the_release_of_a_base_that_reached_the_platforms_one_by_one_is_named(tmp_path: Path) -> None:
    root = write_archive(
        tmp_path / "a",
        debian=[debian(1, 1, 1), debian(9, 2, 1), debian(10, 2, 2)],
        python=[python(2, 1, 1), python(11, 2, 1), python(12, 2, 2)],
    )
    assert told(root) == [[], [("2024-01-09", ["linux-amd64", "linux-arm64-v8"])]]
    opening = several(base_of(AMD64, 2), base_of(ARM, 1))
    (move,) = moves(root)[1]
    assert move.release.path == f"#r-{opening.digest.removeprefix('sha256:')[:12]}"


def test_a_base_that_moves_with_a_version_on_one_platform(tmp_path: Path) -> None:
    root = write_archive(
        tmp_path / "a",
        debian=[debian(1, 1, 1), debian(9, 1, 2)],
        python=[python(2, 1, 1), python(11, 1, 2, version="2")],
    )
    assert told(root) == [[], [("2024-01-09", ["linux-arm64-v8"])]]


def test_platforms_on_different_releases_of_the_base(tmp_path: Path) -> None:
    """Those of the most platforms come first."""
    root = write_archive(
        tmp_path / "a",
        debian=[debian(1, 1, 1, 1), debian(5, 1, 2, 2), debian(20, 3, 2, 2)],
        python=[python(2, 1, 1, 1), python(25, 3, 2, 2)],
    )
    assert told(root)[1] == [
        ("2024-01-05", ["linux-arm64-v8", "linux-s390x"]),
        ("2024-01-20", ["linux-amd64"]),
    ]


def test_another_tag_of_the_base(tmp_path: Path) -> None:
    """The Dockerfile names another one, whose release is as old as the one before."""
    root = write_archive(
        tmp_path / "a",
        debian=[seen("jessie", 1, base_of(base=1)), seen("stretch", 1, base_of(base=2))],
        python=[seen("3.6", 2, built(base=1)), seen("3.6", 3, built(base=2))],
    )
    ((move,),) = moves(root)[1:]
    assert (move.base.tag, move.release.since) == ("stretch", day(1))


def test_a_base_that_the_archive_lacks(tmp_path: Path) -> None:
    root = write_archive(tmp_path / "a", python=[python(2, 1, 1), python(11, 2, 2)])
    assert told(root) == [[], []]


def test_one_state_may_bring_images_of_several_releases(tmp_path: Path) -> None:
    """On one platform new steps, while the other gets the version that the first had a day before."""
    late = built(ARM, version="2")
    states = [
        (built(), built(ARM)),
        (built(version="2"), built(ARM)),
        (built(version="2", run="other"), late),
    ]
    root = write_archive(tmp_path / "a", python=[seen("3.6", number, *each) for number, each in enumerate(states, 1)])
    releases = tag_releases(Archive(root).load(PYTHON), ["3.6"], names_packages=True)["3.6"]
    found = [releases.release_of(day(3), image.manifest) for image in (late, states[2][0])]
    assert [one and one.since for one in found] == [day(2), day(3)]


@pytest.mark.parametrize(("names_packages", "days"), [(True, [1, 2, 3]), (False, [1, 2])])
def test_bases_name_the_releases_that_the_site_shows(tmp_path: Path, *, names_packages: bool, days: list[int]) -> None:
    """On one platform the packages tell more than on the other: that the image was rebuilt."""
    builder = ArchiveBuilder(tmp_path / "archive")
    amd64 = [docker_image(f"amd64 {number}", layers=(f"amd64 {number}",)) for number in (1, 2)]
    arm = [docker_image(f"arm {number}", platform="linux/arm64", layers=(f"arm {number}",)) for number in (1, 2)]
    for number, images in enumerate([(amd64[0], arm[0]), (amd64[1], arm[0]), (amd64[1], arm[1])], 1):
        builder.see("debian:9", f"2017-01-0{number}", index(str(number), *images))
    for number, one in enumerate(amd64, 1):
        builder.scan("debian", "2017-01-01", one, [deb("openssl", f"1.1.{number}")])
    holdings = builder.archive.load(parse_repository("debian"))
    shown = Histories(holdings, names_packages=names_packages).releases("9")
    assert [int(release.since[8:10]) for release in shown] == days
    named = tag_releases(holdings, ["9"], names_packages=names_packages)["9"].releases
    assert [release.since for release in named] == [release.since for release in shown]
