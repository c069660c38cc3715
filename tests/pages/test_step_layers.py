"""Steps paired with layers: on real images, and without guessing."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.archive.holdings import Holdings
from collector.archive.store import Archive
from collector.classic.sections import parse_layer, parse_step, split_section
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
    places = pair_steps(image.config.history, [layer.size for layer in image.layers])
    return [(step.text.split()[0], place) for step, place in zip(image.config.history, places, strict=True)]


def test_run_copy_and_add_made_the_layers_of_a_linux_image(holdings: dict[str, Holdings]) -> None:
    found = pairs(newest(holdings["python"], "3.6.4-slim", "linux/amd64"))
    assert [place for _, place in found if place is not None] == [0, 1, 2, 3, 4]
    assert {word for word, place in found if place is not None} == {"ADD", "RUN"}
    assert {word for word, place in found if place is None} == {"CMD", "ENV"}


def test_every_step_made_a_layer_of_a_windows_image(holdings: dict[str, Holdings]) -> None:
    image = newest(holdings["python"], "3.6.4", "windows/amd64 10.0.16299")
    assert [place for _, place in pairs(image)] == list(range(len(image.layers)))


def test_of_a_buildkit_image(holdings: dict[str, Holdings]) -> None:
    assert pairs(newest(holdings["alpine"], "3.24.2", "linux/arm64")) == [("ADD", 0), ("CMD", None)]


def test_steps_and_layers_of_different_numbers_are_not_paired(holdings: dict[str, Holdings]) -> None:
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
        (["RUN a", "RUN b"], 1, [None, None]),
        ([], 0, []),
        ([], 2, []),
        (["CMD a"], 0, [None]),
        (["ADDER a", "RUNNING b"], 1, [None, None]),
    ],
)
def test_which_steps_made_layers(texts: list[str], layers: int, places: list[int | None]) -> None:
    assert pair_steps(steps(*texts), [1] * layers) == places


ARGS = "# ARGS: VERSION=4.5\n"


@pytest.mark.parametrize(
    "notes",
    [ARGS, '# ARG: "A" => "1"\n# ARG: "B" => ""\n', "# unable to parse image command string further:\n", ""],
)
def test_lines_above_a_step_do_not_hide_its_instruction(notes: str) -> None:
    texts = ["ADD a", "ARG VERSION", f"{notes}RUN curl a", "WORKDIR /x", "USER x", f"{notes}RUN ln -s a b"]
    assert pair_steps(steps(*texts), [50, 40, 30]) == [0, None, 1, None, None, 2]


@pytest.mark.parametrize(
    ("texts", "sizes"),
    [
        (["RUN a", "RUN ln -svT a /b", "CMD c"], [20, 128_000_000]),
        (["RUN a", f"{ARGS}RUN mkdir -p /x/y", "CMD c"], [20, 128_000_000]),
        (["ADD a", "WORKDIR /x", "COPY b"], [20, 128_000_000, 30]),
        (["ADD a", "ENV a=b"], [20, 128_000_000]),
    ],
)
def test_a_large_layer_for_a_step_without_content_prevents_pairing(texts: list[str], sizes: list[int]) -> None:
    assert pair_steps(steps(*texts), sizes) == [None] * len(texts)
    assert None not in pair_steps(steps(*texts), [32] * len(sizes))[: len(sizes)]


@pytest.mark.parametrize("command", ["ln -s a b && curl c", "ln -s a b; make", "mkdir a\ncp b a", "lnx"])
def test_a_command_with_more_than_a_link_may_make_a_large_layer(command: str) -> None:
    assert pair_steps(steps("ADD a", f"RUN {command}", "CMD c"), [1, 128_000_000]) == [0, 1, None]


def test_a_config_that_states_which_steps_made_layers_is_used() -> None:
    known = [Step(created=None, text="WORKDIR /x", made_layer=True)]
    assert pair_steps(known, [128_000_000]) == [0]


def test_real_steps_below_their_arguments_have_the_layer_that_they_made(bare_repo: Path) -> None:
    """Every section of the real archive's last day with such a step: they are paired as a whole, or not at all."""
    paired = unpaired = 0
    for body in sections_with_arguments(bare_repo):
        _, _, section = body.partition("\n")
        read = split_section(section)
        history = [parse_step(text) for text in read.steps]
        places = pair_steps(history, [parse_layer(text).size for text in read.layers])
        if not any(place is not None for place in places):
            unpaired += 1
            continue
        paired += 1
        made = [step.text for step, place in zip(history, places, strict=True) if place is not None]
        assert all("RUN " in text or text.startswith(("ADD", "COPY")) for text in made)
        assert sum(text.startswith("# ARGS: ") for text in made) == sum(s.text.startswith("# ARGS: ") for s in history)
    assert (paired, unpaired) == (402, 34)


def sections_with_arguments(repo: Path) -> Iterator[str]:
    grep = ["git", "-C", str(repo), "grep", "-l", "^# ARGS: ", "HEAD", "--", "repos/*/remote/*"]
    for name in subprocess.run(grep, check=True, capture_output=True, text=True).stdout.splitlines():
        show = ["git", "-C", str(repo), "show", name]
        page = subprocess.run(show, check=True, capture_output=True, text=True).stdout
        yield from (f"{part.rstrip()}\n" for part in page.split("\n### ")[1:] if "\n# ARGS: " in part)


@given(st.lists(st.sampled_from(["ADD a", "RUN b", "CMD c", "WORKDIR d", "", " "])), st.integers(0, 9))
def test_layers_are_in_order_and_complete_or_absent(texts: list[str], layers: int) -> None:
    places = pair_steps(steps(*texts), [1] * layers)
    assert len(places) == len(texts)
    assert [place for place in places if place is not None] in ([], list(range(layers)))
