"""An image with thousands of tags: parts that are short enough to load, and lead from one to the next."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from collector.pages.documents import Document
from collector.pages.kinds.image import MAX_ROWS
from collector.site.body import render_body
from tests.diff.builders import image, layer
from tests.pages.archives import Seen, alone, day, files_of, iter_items, write_archive

TAGS, GONE = 600, 300


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Document]:
    seen = [Seen(tag=f"1.{number}", time=day(1), state=alone(image(f"{number}"))) for number in range(TAGS + GONE)]
    seen += [Seen(tag=f"1.{number}", time=day(2), gone="missing") for number in range(TAGS, TAGS + GONE)]
    archive = write_archive(tmp_path_factory.mktemp("parts") / "archive", app=seen)
    return {item.address: item for item in iter_items(archive) if isinstance(item, Document) and item.kind == "image"}


def test_every_tag_is_listed_once_and_in_order(pages: dict[str, Document]) -> None:
    twins = [json.loads(pages["repos/app/"].twin)]
    while "more" in twins[-1]:
        twins.append(json.loads(pages[twins[-1]["more"]].twin))
    assert len(twins) == len(pages) == -(-(TAGS + GONE) // MAX_ROWS)
    assert [tag for twin in twins for group in twin["groups"] for tag in group["tags"]] == [
        f"1.{number}" for number in reversed(range(TAGS))
    ]
    assert [row["tag"] for twin in twins for row in twin["gone"]] == [
        f"1.{number}" for number in reversed(range(TAGS, TAGS + GONE))
    ]
    assert {(twin["tags"], twin["tags_gone"]) for twin in twins} == {(TAGS, GONE)}
    assert [bool(twin["changes"]) for twin in twins] == [True, False, False, False]


def test_parts_are_short_and_each_links_to_the_next(pages: dict[str, Document]) -> None:
    for page in pages.values():
        assert len(render_body(page.markdown)) < 100_000
    assert "[More tags](-tags-2/index.md)" in pages["repos/app/"].markdown
    assert "[More tags](../-tags-3/index.md)" in pages["repos/app/-tags-2/"].markdown
    assert "](../1.0/index.md)" in pages["repos/app/-tags-3/"].markdown
    assert "More tags" not in pages["repos/app/-tags-4/"].markdown


def test_titles_differ(pages: dict[str, Document]) -> None:
    assert len({page.title for page in pages.values()}) == len(pages)


def test_an_image_with_few_tags_has_one_page(tmp_path: Path) -> None:
    archive = write_archive(tmp_path / "archive", app=[Seen(tag="1", state=alone(image()))])
    (page,) = (item for item in iter_items(archive) if isinstance(item, Document) and item.kind == "image")
    assert "more" not in json.loads(page.twin)


def test_parts_do_not_share_paths_with_other_files(tmp_path: Path) -> None:
    """An image may have the name of a folder of another image: `owner/objects`, `owner/changes`."""
    states = [alone(image(f"{number}", layers=(layer("a"),))) for number in range(2 * MAX_ROWS + 1)]
    seen = [Seen(tag=f"1.{number}", state=state) for number, state in enumerate(states)]
    archive = write_archive(tmp_path / "archive", **{"owner": seen, "owner/objects": seen, "owner/changes": seen})
    paths = [path for path, _ in files_of(iter_items(archive))]
    assert "api/v1/repos/owner/objects/-2.json" in paths
    assert len(set(paths)) == len(paths)
