"""The content on the page of a digest, compared with the archive, even if no tag has it any more."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from playwright.sync_api import Locator, Page, expect

from collector.archive.holdings import Holdings
from collector.archive.store import Archive
from collector.model.images import Image, State
from collector.pages.step_layers import pair_steps
from collector.site.build import BuildOptions, build_site
from tests.browser import Browse, overflow, served
from tests.pages import collected
from tests.support.modern import BUILDER, SOURCE, attested, tool

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def python(root: Path) -> Holdings:
    opened = Archive(root / "examples" / "archive")
    return opened.load(next(one for one in opened.repositories() if one.familiar == "python"))


@pytest.fixture(scope="module")
def former(python: Holdings) -> State:
    """An index that no tag has any more, and of whose images can be told which step made which layer."""
    periods = [period for tag in python.tags for period in python.periods(tag)]
    now = {period.digest for period in periods if period.until is None}
    states = [python.state(period.digest) for period in periods if period.digest and period.digest not in now]
    return next(state for state in states if state and len(state.images) > 4 and any(places_of(state.images[0])))


def places_of(image: Image) -> list[int | None]:
    return pair_steps(image.config.history, [layer.size for layer in image.layers])


def text_of(place: Locator) -> str:
    return re.sub(r"\s+", " ", place.inner_text())


def fact(page: Page, label: str) -> str:
    """The value beside a label in the table of facts."""
    rows = page.locator("section tr").filter(has=page.locator("td:first-child", has_text=re.compile(f"^{label}$")))
    return " · ".join(text_of(cell) for cell in rows.locator("td:last-child").all())


def test_an_index_without_a_tag_shows_its_platforms(browse: Browse, sample: str, former: State) -> None:
    page = browse(f"{sample}digest/?q={former.digest}")
    expect(page.locator("section pre code")).to_have_text(f"docker pull python@{former.digest}")
    expect(page.locator("section tr", has_text=" – now")).to_have_count(0)
    rows = page.locator("h3:text('Platforms') + div tbody tr")
    expect(rows).to_have_count(len(former.images))
    for row, one in zip(rows.all(), former.images, strict=True):
        cells = row.locator("td").all_inner_texts()
        assert cells[0] == str(one.platform)
        assert cells[2] == str(len(one.layers))
        assert cells[4] == one.manifest
        assert f"{one.size / 1e6:.1f}\u00a0MB" == cells[1]
    rows.first.get_by_role("link").click()
    expect(page.get_by_role("heading", level=2)).to_have_text(f"Manifest of python{former.images[0].manifest}")


def test_an_image_without_a_tag_shows_its_settings_steps_and_layers(browse: Browse, sample: str, former: State) -> None:
    one = former.images[0]
    page = browse(f"{sample}digest/?q={one.config.digest}")
    steps = page.locator("section ol > li")
    expect(steps).to_have_count(len(one.config.history))
    assert fact(page, "Manifest") == one.manifest
    assert fact(page, "Image ID") == one.config.digest
    assert fact(page, "Platform") == str(one.platform)
    assert f"({one.size:,} bytes), compressed" in fact(page, "Size")
    assert one.config.created
    assert fact(page, "Created") == f"{one.config.created[:10]} {one.config.created[11:16]} UTC"
    assert fact(page, "Command") == json.dumps(one.config.cmd, separators=(",", ":"))
    assert "PYTHON_VERSION=3." in fact(page, "Environment")
    for item, step, place in zip(steps.all(), one.config.history, places_of(one), strict=True):
        assert (one.layers[place].digest in text_of(item)) if place is not None else ("no layer" in text_of(item))
        assert text_of(item.locator("pre")).strip() == re.sub(r"\s+", " ", step.text).strip()


def layer_and_step(state: State) -> tuple[Image, int, str]:
    """An image with the place of a layer of its own, and the step that made it."""
    one = state.images[0]
    step, place = max((at, place) for at, place in enumerate(places_of(one)) if place is not None)
    return one, place, one.config.history[step].text


def test_a_layer_shows_its_size_and_the_step_that_made_it(browse: Browse, sample: str, former: State) -> None:
    one, place, text = layer_and_step(former)
    layer = one.layers[place]
    page = browse(f"{sample}digest/?q={layer.digest}")
    block = page.locator("h3:text('The step that made it') + pre")
    expect(block).to_be_visible()
    assert text_of(block).strip() == re.sub(r"\s+", " ", text).strip()
    assert f"{layer.size:,} bytes" in fact(page, "Size")
    assert fact(page, "Place").endswith(f" of {len(one.layers)} layers")


def test_steps_and_layers_are_paired_as_on_the_pages(browse: Browse, sample: str, python: Holdings) -> None:
    digests = {period.digest for tag in python.tags for period in python.periods(tag) if period.digest}
    states = [state for digest in sorted(digests) if (state := python.state(digest))]
    images = [image for state in states[::5] for image in state.images]
    pairs = {tuple(places_of(image)) for image in images}
    assert any(None in pair for pair in pairs)
    assert any(not any(pair) for pair in pairs)
    asked = [[msgspec.to_builtins(image.config.history), [layer.size for layer in image.layers]] for image in images]
    page = browse(f"{sample}about/")
    told = page.evaluate(
        """async (asked) => {
          const { pairSteps } = await import("/assets/javascripts/step_layers.js");
          return asked.map(([steps, sizes]) => pairSteps(steps, sizes));
        }""",
        asked,
    )
    assert told == [places_of(image) for image in images]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The site of an archive from a registry."""
    folder = tmp_path_factory.mktemp("told")
    build_site(collected.write(folder / "archive"), folder / "site", BuildOptions(jobs=1))
    with served(folder / "site") as address:
        yield address


def test_an_image_from_a_registry(browse: Browse, told: str) -> None:
    page = browse(f"{told}digest/?q={tool().digest}")
    expect(page.locator("section ol > li")).to_have_count(5)
    assert fact(page, "Port") == "53/udp · 8080/tcp"
    assert fact(page, "Health check") == "curl -f http://localhost:8080/ || exit 1 (every 30 s, timeout 3 s, 3 retries)"
    assert f"org.opencontainers.image.source={SOURCE}" in fact(page, "Annotation")
    assert overflow(page) == 0


def test_an_attestation_cannot_be_pulled_as_an_image(browse: Browse, told: str) -> None:
    attestation = attested(tool())
    page = browse(f"{told}digest/?q={attestation.digest}")
    expect(page.locator("section li").first).to_contain_text(f"built by {BUILDER}, from {SOURCE}, revision {'1' * 40}")
    assert fact(page, "Describes") == tool().digest
    expect(page.locator("section pre")).to_have_count(0)
    page.goto(f"{told}digest/?q={attestation.layers[1].digest}")
    expect(page.get_by_role("heading", level=2)).to_contain_text("Attestation statement")
    page.goto(f"{told}digest/?q={collected.MISSING}")
    expect(page.locator("section")).to_contain_text("the registry did not have it")


@pytest.mark.parametrize("width", [1280, 320])
def test_contents_fit_the_screen(browse: Browse, sample: str, former: State, width: int) -> None:
    for digest in (former.digest, former.images[0].manifest, former.images[0].layers[-1].digest):
        page = browse(f"{sample}digest/?q={digest}", width=width)
        expect(page.locator("section .ri-platform").first).to_be_visible()
        assert overflow(page) == 0
