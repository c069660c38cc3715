"""Steps beside layers: on real images, and never by guessing."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.archive.holdings import Holdings
from collector.archive.store import Archive
from collector.model.images import Image, Step
from collector.model.references import parse_repository
from collector.pages.step_layers import pair_steps


def steps(*texts: str) -> list[Step]:
    return [Step(created=None, text=text) for text in texts]


@pytest.fixture(scope="module")
def holdings(sample: Path) -> dict[str, Holdings]:
    archive = Archive(sample)
    return {name: archive.load(parse_repository(name)) for name in ("alpine", "hello-world", "python")}


def newest(holdings: Holdings, tag: str, platform: str) -> Image:
    digest = holdings.periods(tag)[-1].digest
    state = holdings.state(digest) if digest else None
    assert state
    (image,) = (image for image in state.images if str(image.platform).startswith(platform))
    return image


def pairs(image: Image) -> list[tuple[str, int | None]]:
    places = pair_steps(image.config.history, len(image.layers))
    return [(step.text.split()[0], place) for step, place in zip(image.config.history, places, strict=True)]


def test_of_a_linux_image_run_copy_and_add_made_the_layers(holdings: dict[str, Holdings]) -> None:
    found = pairs(newest(holdings["python"], "3.6.4-slim", "linux/amd64"))
    assert [place for _, place in found if place is not None] == [0, 1, 2, 3, 4]
    assert {word for word, place in found if place is not None} == {"ADD", "RUN"}
    assert {word for word, place in found if place is None} == {"CMD", "ENV"}


def test_of_a_windows_image_every_step_did(holdings: dict[str, Holdings]) -> None:
    image = newest(holdings["python"], "3.6.4", "windows/amd64 10.0.16299")
    assert [place for _, place in pairs(image)] == list(range(len(image.layers)))


def test_of_a_buildkit_image(holdings: dict[str, Holdings]) -> None:
    assert pairs(newest(holdings["alpine"], "3.24.2", "linux/arm64")) == [("ADD", 0), ("CMD", None)]


def test_where_the_numbers_do_not_agree_nothing_is_said(holdings: dict[str, Holdings]) -> None:
    unpaired = [
        image
        for of_repository in holdings.values()
        for image in map(of_repository.image, of_repository.manifests)
        if image and image.config.history and not any(place is not None for _, place in pairs(image))
    ]
    assert len(unpaired) == 65
    assert {str(image.platform).split("/")[0] for image in unpaired} == {"linux", "windows"}


def test_every_real_image_has_all_of_its_layers_or_none_beside_steps(holdings: dict[str, Holdings]) -> None:
    for of_repository in holdings.values():
        for image in filter(None, map(of_repository.image, of_repository.manifests)):
            places = [place for _, place in pairs(image) if place is not None]
            assert places in ([], list(range(len(image.layers))))


@pytest.mark.parametrize(
    ("texts", "layers", "places"),
    [
        (["ADD a", "CMD b"], 1, [0, None]),
        (["ADD a", "CMD b"], 2, [0, 1]),
        (["ADD a", "WORKDIR /x", "COPY b"], 3, [0, 1, 2]),
        (["ADD a", "WORKDIR /x", "COPY b", "CMD c"], 3, [0, 1, 2, None]),
        (["ADD a", "WORKDIR /x", "COPY b", "CMD c"], 2, [0, None, 1, None]),
        (["add a", "cmd b"], 1, [0, None]),
        (["RUN a", "RUN b"], 1, [None, None]),
        ([], 0, []),
        ([], 2, []),
        (["CMD a"], 0, [None]),
        (["ADDER a", "RUNNING b"], 1, [None, None]),
    ],
)
def test_rules(texts: list[str], layers: int, places: list[int | None]) -> None:
    assert pair_steps(steps(*texts), layers) == places


@given(st.lists(st.sampled_from(["ADD a", "RUN b", "CMD c", "WORKDIR d", "", " "])), st.integers(0, 9))
def test_layers_stand_in_order_all_or_none(texts: list[str], layers: int) -> None:
    places = pair_steps(steps(*texts), layers)
    assert len(places) == len(texts)
    assert [place for place in places if place is not None] in ([], list(range(layers)))
