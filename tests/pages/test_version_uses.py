"""The look-up of versions that a tag once was."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from collector.model.times import Time
from collector.pages.documents import AnyAsset
from collector.pages.version_uses import VersionUse, version_assets
from collector.releases.version_spans import MAX_ROWS, MAX_TAGS, version_key
from tests.pages.archives import iter_items
from tests.support.archives import ArchiveBuilder, docker_image, single

Row = Sequence[object]


def rows_of(archive: Path, key: str) -> list[Row]:
    """What the look-up of an archive has of a version, in its only file that has it."""
    assets = [item for item in iter_items(archive) if isinstance(item, AnyAsset)]
    files = [json.loads(asset.content) for asset in assets if asset.path.startswith("api/v1/versions/")]
    return next((file[key] for file in files if key in file), [])


def see(builder: ArchiveBuilder, name: str, day: str, *steps: str) -> None:
    builder.see(name, day, single(docker_image(" ".join(steps), steps=("ADD file:1 in /", *steps), layers=steps)))


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("versions") / "archive"
    builder = ArchiveBuilder(folder)
    for day, version in (("2017-01-01", "1.0"), ("2017-02-01", "v1.1-2~deb9"), ("2017-03-01", "1.0")):
        for tag in ("1", "latest", "1-slim"):
            see(builder, f"app:{tag}", day, f"ENV APP_VERSION={version}", f"ENV APP_SHA256={version * 3}")
    builder.see("app:1-slim", "2017-04-01", gone="missing")
    return folder


def test_a_tag_is_found_by_its_version_and_by_each_former_one(archive: Path) -> None:
    rows = rows_of(archive, "1.0")
    assert [row[:7] for row in rows] == [
        ["1.0", "APP_VERSION", "app", "1 1-slim latest", 3, "2017-01-01T12:00:00Z", "2017-02-01T12:00:00Z"],
        ["1.0", "APP_VERSION", "app", "1 latest", 2, "2017-03-01T12:00:00Z", None],
        ["1.0", "APP_VERSION", "app", "1-slim", 1, "2017-03-01T12:00:00Z", "2017-04-01T12:00:00Z"],
    ]


def test_variables_that_agree_are_one_row_with_the_own_variable_of_the_image(tmp_path: Path) -> None:
    builder = ArchiveBuilder(tmp_path)
    for day, version, release in (
        ("2017-01-01", "1.0", "1.0"),
        ("2017-02-01", "1.1", "1.1"),
        ("2017-03-01", "1.2rc1", "1.2"),
        ("2017-04-01", "1.2", "1.2"),
    ):
        see(builder, "app:1", day, f"ENV APP_RELEASE={release}", f"ENV APP_VERSION={version}")
    assert [row[1] for row in rows_of(tmp_path, "1.1")] == ["APP_VERSION"]
    assert [row[:2] for row in rows_of(tmp_path, "1.2")] == [
        ["1.2", "APP_RELEASE"],
        ["1.2", "APP_VERSION"],
        ["1.2rc1", "APP_VERSION"],
    ]


def test_a_plain_number_finds_the_version_of_a_distribution(archive: Path) -> None:
    (row,) = rows_of(archive, "1.1")
    assert row[0] == "v1.1-2~deb9"


def test_a_row_links_to_the_release_with_the_version(archive: Path) -> None:
    anchors = {row[7] for key in ("1.0", "1.1") for row in rows_of(archive, key)}
    assert len(anchors) == 4  # the page of a tag has its short history
    assert all(isinstance(anchor, str) and anchor.startswith("repos/app/1") and "/#r-" in anchor for anchor in anchors)


@pytest.mark.parametrize(
    ("version", "key"),
    [
        ("3.6.2", "3.6.2"),
        ("3.6.2rc1", "3.6.2"),
        ("v8.9", "8.9"),
        ("1.13.8-1~stretch", "1.13.8"),
        ("r5", "r5"),
        ("7", "7"),
    ],
)
def test_the_key_of_a_version(version: str, key: str) -> None:
    assert version_key(version) == key


def test_rows_of_a_version_and_tags_of_a_row_are_bounded() -> None:
    def use(number: int) -> VersionUse:
        since = Time("2017-01-01T00:00:00Z")
        return VersionUse(
            "1.2", "A_VERSION", f"image{number}", "1-slim", 9, since, None, f"repos/image{number}/1-slim/#r-1"
        )

    digits, assets = version_assets([use(number) for number in range(1000)])
    rows = [row for asset in assets for found in json.loads(asset.content).values() for row in found]
    assert (digits, len(rows), MAX_TAGS) == (1, MAX_ROWS, 8)


def test_an_archive_without_moved_versions_has_no_file() -> None:
    digits, assets = version_assets([])
    assert (digits, list(assets)) == (0, [])
