"""Dates of layers that change on pages although the image does not: only differences are kept."""

from __future__ import annotations

from pathlib import Path

import msgspec

from collector.model.images import Image
from collector.model.references import parse_repository
from collector.model.times import Time
from tests.importer.conftest import Import
from tests.support.archives import docker_image, index
from tests.support.exports import expect_whole, journals
from tests.support.histories import History, page
from tests.support.pages import page_of

TOOL = parse_repository("tool")
ONE = page("tool", "1")


def dated(*days: int) -> Image:
    """The same image, with the dates of its layers on some day."""
    one = docker_image("x", layers=tuple(f"layer {place}" for place in range(len(days))))
    layers = (
        msgspec.structs.replace(layer, last_modified=Time(f"2025-10-{day:02}T12:00:00Z"))
        for layer, day in zip(one.layers, days, strict=True)
    )
    return msgspec.structs.replace(one, layers=tuple(layers))


def test_dates_of_layers_that_flap_cost_what_differs(history: History, take: Import, tmp_path: Path) -> None:
    days = [(1, 1, 1), (1, 2, 1), (1, 2, 3), (1, 1, 3), (1, 2, 3), (1, 1, 1), (4, 2, 3)]
    for each in days:
        history.commit({ONE: page_of("tool", "1", index("x", dated(*each)))})
    assert take(history.path).kept_pages == 0
    archive = expect_whole(history.path, tmp_path / "archive")
    observations = archive.load(TOOL).observations["1"]
    times = [seen.time for seen in observations]
    second, third, fourth = (Time(f"2025-10-0{day}T12:00:00Z") for day in (2, 3, 4))
    assert [(seen.dates, seen.dates_as) for seen in observations] == [
        (None, None),
        ({"1": second}, None),
        ({"2": third}, times[1]),
        ({"2": third}, None),
        (None, times[2]),
        (None, None),
        ({"0": fourth}, times[4]),
    ]
    assert len(archive.load(TOOL).periods("1")) == 1


def test_an_import_continues_from_the_dates_in_the_archive(history: History, take: Import, tmp_path: Path) -> None:
    pages = [page_of("tool", "1", index("x", dated(*each))) for each in [(1, 1), (2, 3), (2, 3), (2, 4)]]
    for each in pages[:2]:
        history.commit({ONE: each})
    take(history.path)
    for each in pages[2:]:
        history.commit({ONE: each, page("tool", "2"): each.replace("tool:1", "tool:2")})
    take(history.path)
    expect_whole(history.path, tmp_path / "archive")


def test_64_versions_of_one_image_cost_less_than_two_pages(history: History, take: Import, tmp_path: Path) -> None:
    """The dates of one layer of many are others in every version."""
    days = [(1,) * 40] + [(1,) * place + (2,) + (1,) * (39 - place) for place in range(40)]
    pages = [page_of("tool", "1", index("x", dated(*each))) for each in (days + days[1:])[:64]]
    history.commit({ONE: pages[0]})
    take(history.path)
    first = sum(map(len, journals(tmp_path / "archive").values()))
    for each in pages[1:]:
        history.commit({ONE: each})
    take(history.path)
    expect_whole(history.path, tmp_path / "archive")
    assert sum(map(len, journals(tmp_path / "archive").values())) - first < 2 * len(pages[0])
