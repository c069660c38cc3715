"""A state as the browser puts it together again, against the state itself."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest
from playwright.sync_api import Request

from collector.archive.store import Archive
from collector.model.images import Artifact, Healthcheck, Image, Runtime, State, Statement, Step
from collector.model.platforms import Platform
from collector.model.times import Time
from collector.pages.data_files import SUFFIX
from collector.pages.documents import Asset
from collector.pages.objects import ObjectStore
from collector.site.build import BuildOptions, build_site
from tests.browser import Browse, served
from tests.diff.builders import image, layer, named, state
from tests.pages import collected
from tests.pages.archives import alone
from tests.pages.stored import files_of_store, without_uploads
from tests.site.fake import build_fake, pages

pytestmark = pytest.mark.browser

LOAD = """async ([address, number]) => {
  const { loadState } = await import("/assets/javascripts/states.js");
  const state = await loadState(address, number);
  for (const image of state.all_images) delete image.list;
  return state;
}"""

Load = Callable[[str, int], Any]


def json_of(state: State) -> Any:
    return json.loads(msgspec.json.encode(without_uploads(state)))


def states_of(archive: Path) -> dict[str, State]:
    """By digest, of all images."""
    opened = Archive(archive)
    found: dict[str, State] = {}
    for repository in opened.repositories():
        holdings = opened.load(repository)
        for tag in holdings.tags:
            for period in holdings.periods(tag):
                one = holdings.state(period.digest) if period.digest else None
                if one:
                    found[one.digest] = one
    return found


def rows_of(site: Path) -> Iterator[tuple[str, str, int]]:
    """The address of an image, the digest of a state, and its number."""
    for twin in sorted((site / "api" / "v1" / "repos").rglob("history.json")):
        history = json.loads(twin.read_bytes())
        for row in history["changes"]:
            if "state" in row:
                yield history["image_address"], row["digest"], row["state"]


def loader(browse: Browse, site: str) -> Load:
    page = browse(f"{site}about/")
    return lambda address, number: page.evaluate(LOAD, [address, number])


def test_the_states_of_the_sample(browse: Browse, sample: str, sample_site: Path, root: Path) -> None:
    states = states_of(root / "examples" / "archive")
    load = loader(browse, sample)
    rows = sorted(set(rows_of(sample_site)))
    assert {digest for _, digest, _ in rows} == states.keys()
    for address, digest, number in rows[::7]:
        assert load(address, number) == json_of(states[digest])


def test_facts_from_a_registry(browse: Browse, tmp_path: Path) -> None:
    archive = collected.write(tmp_path / "archive")
    build_site(archive, tmp_path / "site", BuildOptions(jobs=1))
    states = states_of(archive)
    assert any(state.attestations and state.images[0].config.runtime for state in states.values())
    assert any(state.artifacts for state in states.values())
    assert any(state.absent for state in states.values())
    with served(tmp_path / "site") as site:
        load = loader(browse, site)
        rows = set(rows_of(tmp_path / "site"))
        assert len(rows) == len(states)
        for address, digest, number in rows:
            assert load(address, number) == json_of(states[digest])


def step(created: str | None, *, made_layer: bool | None = None) -> Step:
    return Step(created=Time(created) if created else None, text=f"RUN {created}", made_layer=made_layer)


def strange_image() -> Image:
    """Moments that no calendar has, and everything else that can be said."""
    moments = (
        None, "2018-02-30T00:00:00Z", "2018-03-01T00:00:00Z", "2018-02-28T23:59:59Z", None, "2018-02-28T23:59:59Z",
        "2018-02-28T24:00:00Z", "0000-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z",
        "0099-05-05T05:05:05Z", "2016-12-31T23:59:60Z", "0000-99-99T99:99:99Z", "1969-12-31T23:59:59Z",
    )  # fmt: skip
    made = (True, False, None)
    one = image(
        "strange",
        *(step(moment, made_layer=made[n % 3]) for n, moment in enumerate(moments)),
        layers=(layer("a"), layer("a"), layer("b", 2**40, "x")),
        platform=Platform(os="windows", architecture="", os_version="10.0.1"),
        cmd=(),
    )
    runtime = Runtime(
        environment=("__proto__=1", "A"),
        labels=(("__proto__", "\u202e"), ("constructor", "")),
        healthcheck=Healthcheck(test=("NONE",), interval=2**53 - 1),
    )
    config = msgspec.structs.replace(one.config, runtime=runtime, built=Time("2018-01-01T00:00:00Z"), entrypoint=("a",))
    statement = Statement(digest=named("s"), predicate_type="p", size=1, packages=0)
    return msgspec.structs.replace(
        one, config=config, annotations=(("__proto__", "x"),), attests=named("x"), statements=(statement,)
    )


def strange_states() -> Mapping[str, State]:
    strange, plain = strange_image(), image("plain", "RUN a")
    return {
        "alone": alone(strange),
        "of an image, and more": msgspec.structs.replace(alone(plain), absent=(named("gone"),)),
        "empty": state(),
        "everything": msgspec.structs.replace(
            state(strange, plain, plain),
            annotations=(("a", "b"),),
            artifacts=(Artifact(digest=named("chart"), kind="helm", size=0),),
            absent=(named("gone"), named("gone too")),
        ),
    }


@pytest.fixture(scope="module")
def strange(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, dict[str, int]]]:
    """A site of nothing but objects: its address, and the numbers of the strange states."""
    folder = tmp_path_factory.mktemp("strange")
    store = ObjectStore()
    numbers = {}
    for name, one in strange_states().items():
        store.add(one.digest, one)
        numbers[name] = store.number(one.digest) or 0
    assets = [
        Asset(path=path + SUFFIX, content=content) for path, content in files_of_store(store, "repos/app/").items()
    ]
    build_fake(folder / "site", pages(*assets))
    with served(folder / "site") as address:
        yield address, numbers


@pytest.mark.parametrize("name", strange_states())
def test_a_strange_state(browse: Browse, strange: tuple[str, dict[str, int]], name: str) -> None:
    site, numbers = strange
    assert loader(browse, site)("repos/app/", numbers[name]) == json_of(strange_states()[name])


def test_each_file_is_fetched_once(browse: Browse, sample: str, sample_site: Path) -> None:
    page = browse(f"{sample}about/")
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request) if "/objects/" in request.url else None)
    rows = [row for row in rows_of(sample_site) if row[0] == "repos/python/"]
    for address, _, number in [*rows[:5], *rows[:5]]:
        page.evaluate(LOAD, [address, number])
    assert 1 < len({request.url for request in asked}) == len(asked)


def test_a_missing_file_is_an_error(browse: Browse, strange: tuple[str, dict[str, int]]) -> None:
    site, _ = strange
    page = browse(f"{site}about/")
    caught = f"(place) => ({LOAD})(place).catch((error) => String(error))"
    failed = page.evaluate(caught, ["repos/app/", 63])
    assert failed == "Error: repos/app/: no object 63"
