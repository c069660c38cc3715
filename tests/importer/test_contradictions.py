"""Pages that share content, or contradict each other: the first facts count, and every page is reproduced."""

from __future__ import annotations

from pathlib import Path

import pytest

from collector.model.references import parse_repository
from tests.importer.conftest import Import
from tests.support.archives import digest, docker_image, index, single
from tests.support.exports import expect_whole
from tests.support.histories import History, page
from tests.support.pages import missing_page, page_of

TOOL = parse_repository("tool")
ONE = page("tool", "1")


def test_two_tags_with_one_content(history: History, take: Import, tmp_path: Path) -> None:
    """The content is a valid page of the first tag, but not of the second."""
    two = page("tool", "2")
    history.commit({ONE: missing_page("tool", "1"), two: missing_page("tool", "1")})
    report = take(history.path)
    assert [one.tag for one in report.not_understood] == ["2"]
    expect_whole(history.path, tmp_path / "archive")


def test_a_page_that_contradicts_an_earlier_one(history: History, take: Import, tmp_path: Path) -> None:
    """The first facts about a digest count; the page is kept, too."""
    known = docker_image("x", layers=("one", "two"))
    usual = page_of("tool", "1", index("x", known))
    history.commit({ONE: usual})
    for old, new in [
        ("1000.0 KB (1000000 bytes)", "2.0 MB (2000000 bytes)"),
        ("ADD file:1", "ADD file:2"),
        (digest("x config"), digest("other config")),
        (digest("one"), digest("two")),
        ("linux; amd64", "linux; arm64"),
        ("manifest.v2+json", "manifest.v1+json"),
    ]:
        assert old in usual
        history.commit({ONE: usual.replace(old, new)})
    report = take(history.path)
    assert report.kept_pages == 6
    archive = expect_whole(history.path, tmp_path / "archive")
    state = archive.load(TOOL).state(digest("x index"))
    assert state is not None
    assert state.all_images == (known,)


def test_one_config_on_two_platforms(history: History, take: Import, tmp_path: Path) -> None:
    """The platform of a single manifest is its config's, which an index may have known by another name."""
    config = docker_image("x", platform="linux/arm/v5")
    history.commit({ONE: page_of("tool", "1", index("i", config))})
    alone = page_of("tool", "2", single(docker_image("x", platform="linux/arm/v7")))
    history.commit({page("tool", "2"): alone})
    history.commit(
        {page("tool", "3"): alone.replace("`tool:2`", "`tool:3`").replace(digest("x manifest"), digest("y"))}
    )
    take(history.path)
    expect_whole(history.path, tmp_path / "archive")


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_digest_that_is_an_index_and_a_manifest(
    history: History, take: Import, tmp_path: Path, order: tuple[int, int]
) -> None:
    one = docker_image("x")
    pages = [single(one), index("i", docker_image("y"))]
    texts = [page_of("tool", "1", state) for state in pages]
    texts[1] = texts[1].replace(digest("i index"), one.manifest)
    for place in order:
        history.commit({ONE: texts[place]})
    report = take(history.path)
    assert [problem.reason for problem in report.not_understood] == [
        f"{one.manifest} is stated to be an index and also a manifest"
    ]
    expect_whole(history.path, tmp_path / "archive")
    assert take(history.path).added == 0


def test_an_index_that_contains_itself(history: History, take: Import, tmp_path: Path) -> None:
    text = page_of("tool", "1", index("i", docker_image("x"), docker_image("y", platform="linux/arm64")))
    history.commit({ONE: text.replace(digest("y manifest"), digest("i index"))})
    assert len(take(history.path).not_understood) == 1
    expect_whole(history.path, tmp_path / "archive")
