"""The browser and Python find the same facts, in the same order."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page

from collector.archive.store import Archive
from collector.importer.archive_import import import_source
from collector.model.digests import Digest
from collector.model.images import State
from collector.model.packages import ImagePackages
from collector.model.references import parse_repository
from tests.diff.builders import image, layer, state
from tests.diff.cases import FIXTURES, History
from tests.diff.cases import Pair as Recorded
from tests.diff.in_browser import Pair, assert_same, packages_in, real_pairs
from tests.diff.strange import EDGES, packages_alike, pairs_alike
from tests.e2e.hostile import write_hostile_archive
from tests.pages import collected
from tests.support.script_page import script_page

pytestmark = pytest.mark.browser

IMAGES = ("alpine", "centos", "docker", "golang", "hello-world", "nats", "redis")
"""Of the real data: small ones, Windows among them."""


@pytest.fixture(scope="module")
def differ(chromium: Browser) -> Iterator[Page]:
    with script_page(chromium) as page:
        yield page


def both_ways(states: Sequence[State | None]) -> list[Pair]:
    return [(before, after) for before in states for after in states]


def test_recorded_pairs_both_ways_round(differ: Page) -> None:
    pairs: list[Pair] = []
    for path in sorted(FIXTURES.glob("*.json")):
        if path.stem.endswith("-history"):
            history = msgspec.json.decode(path.read_bytes(), type=History)
            pairs += both_ways([None, *history.states])
        else:
            pair = msgspec.json.decode(path.read_bytes(), type=Recorded)
            pairs += both_ways([None, pair.before, pair.after])
    assert assert_same(differ, pairs) > 200


def test_any_two_states_of_the_sample(differ: Page, root: Path) -> None:
    assert assert_same(differ, real_pairs(Archive(root / "examples" / "archive"), 300)) == 300


@pytest.mark.parametrize("write", [collected.write, write_hostile_archive], ids=["collected", "hostile"])
def test_any_two_states_from_a_registry(differ: Page, tmp_path: Path, write: Callable[[Path], Path]) -> None:
    archive = Archive(write(tmp_path / "archive"))
    pairs: list[Pair] = []
    for repository in archive.repositories():
        holdings = archive.load(repository)
        digests = {period.digest for tag in holdings.tags for period in holdings.periods(tag) if period.digest}
        pairs += both_ways([None, *map(holdings.state, sorted(digests))])
    assert assert_same(differ, pairs, packages_in(archive)) > 20


@pytest.mark.slow
def test_real_packages(differ: Page, local_repo: Path, tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archive", create=True)
    import_source(local_repo, archive, images=[parse_repository(name) for name in ("nginx", "redis", "memcached")])
    assert assert_same(differ, real_pairs(archive, 200), packages_in(archive)) > 180


@pytest.mark.slow
def test_real_pairs_within_and_across_images(differ: Page, bare_repo: Path, tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archive", create=True)
    import_source(bare_repo, archive, images=[parse_repository(name) for name in IMAGES])
    count = int(os.environ.get("REPO_INFO_PAIRS", "300"))
    assert assert_same(differ, real_pairs(archive, count)) > count * 0.9


@pytest.mark.parametrize("name", EDGES)
def test_cases_in_which_the_languages_differ(differ: Page, name: str) -> None:
    before, after = EDGES[name]
    assert_same(differ, [(before, after), (after, before)])


@settings(max_examples=15, suppress_health_check=[*HealthCheck])
@given(st.lists(packages_alike(), min_size=20, max_size=60))
def test_any_packages(differ: Page, lists: list[tuple[ImagePackages | None, ImagePackages | None]]) -> None:
    known: dict[Digest, ImagePackages | None] = {}
    pairs: list[Pair] = []
    for number, of_both in enumerate(lists):
        images = [image(f"{number} {side}", layers=(layer(side),)) for side in ("before", "after")]
        known |= {one.config.digest: packages for one, packages in zip(images, of_both, strict=True)}
        pairs.append((state(images[0]), state(images[1])))
    assert_same(differ, pairs, known.get)


@settings(max_examples=40, suppress_health_check=[*HealthCheck])
@given(st.lists(pairs_alike(), min_size=5, max_size=20))
def test_any_states(differ: Page, pairs: list[Pair]) -> None:
    assert_same(differ, pairs)
