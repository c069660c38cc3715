"""The home page: one row an update, counts that agree, and an example of this archive."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from collector.pages.documents import Document
from tests.pages.archives import iter_items
from tests.support.archives import ArchiveBuilder, docker_image, single


def see(builder: ArchiveBuilder, name: str, day: str, version: str) -> None:
    steps = ("ADD file:1 in /", f"ENV APP_VERSION={version}")
    builder.see(name, day, single(docker_image(f"{name} {version}", steps=steps, layers=(f"{name} {version}",))))


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home") / "archive"
    builder = ArchiveBuilder(folder)
    for tag in ("1-slim", "1"):
        see(builder, f"app:{tag}", "2017-01-01", "1.0")
    for day, tag in (("2017-02-01", "1-slim"), ("2017-02-03", "1")):
        see(builder, f"app:{tag}", day, "1.1")
    see(builder, "app:2", "2017-03-01", "2.0")
    see(builder, "app:old", "2017-03-01", "0.1")
    builder.see("app:old", "2017-03-05", gone="missing")
    see(builder, "quiet:1", "2017-01-01", "1.0")
    return folder


@pytest.fixture(scope="module")
def home(archive: Path) -> Document:
    return next(item for item in iter_items(archive) if isinstance(item, Document) and item.kind == "home")


@pytest.fixture(scope="module")
def twin(home: Document) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(home.twin)
    return found


def test_releases_of_several_tags_that_say_the_same_are_one_row(twin: dict[str, Any]) -> None:
    rows = [(row["image"], row["tags"], row["summary"]) for row in twin["changes"]]
    assert rows == [
        ("app", ["old"], "removed from the registry"),
        ("app", ["2", "old"], "first seen"),
        ("app", ["1", "1-slim"], "APP_VERSION 1.0 → 1.1"),
        ("quiet", ["1"], "first seen"),
        ("app", ["1", "1-slim"], "first seen"),
    ]
    update = twin["changes"][2]
    assert (update["since"], update["address"]) == ("2017-02-03T12:00:00Z", "repos/app/1/history/")


def test_the_counts_of_the_sentence_are_those_of_the_table(home: Document) -> None:
    assert "2 images with 4 tags now, 1 earlier tag and" in home.markdown
    assert "observed from 2017-01-01 to 2017-03-05." in home.markdown


def test_the_example_is_a_tag_that_was_another_version(twin: dict[str, Any], home: Document) -> None:
    example = twin["example"]
    assert (example["image"], example["tag"], example["version"], example["day"]) == ("app", "1", "1.0", "2017-02-02")
    assert "digest/?q=1.0" in home.markdown
    assert "compare/?from=app%3A1%402017-02-02&to=app%3A1" in home.markdown


def test_an_archive_without_moves_has_no_example(tmp_path: Path) -> None:
    see(ArchiveBuilder(tmp_path / "archive"), "app:1", "2017-01-01", "1.0")
    (home,) = (item for item in iter_items(tmp_path / "archive") if isinstance(item, Document) and item.kind == "home")
    assert "For example" not in home.markdown
    assert "example" not in json.loads(home.twin) or json.loads(home.twin)["example"] is None


def test_the_end_of_a_tag_has_three_words(tmp_path: Path) -> None:
    builder = ArchiveBuilder(tmp_path / "archive")
    for tag in ("1", "2", "3"):
        see(builder, f"app:{tag}", "2017-01-01", tag)
    builder.see("app:2", "2017-02-01", gone="missing")
    builder.see("app:3", "2017-02-01", gone="removed")
    builder.see("app:4", "2017-02-01", gone="missing")
    (page,) = (item for item in iter_items(tmp_path / "archive") if isinstance(item, Document) and item.kind == "image")
    words = "1 tag removed from the registry; 1 tag no longer followed; 1 tag never found."
    assert words in page.markdown.replace("\n", " ")
    for tag, word in (("2", "removed from the registry"), ("3", "no longer followed"), ("4", "never found")):
        assert f"[`{tag}`]({tag}/index.md) | 2017-02-01 | {word} |" in page.markdown
