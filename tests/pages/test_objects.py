"""The store of objects: everything that states contained, once, with numbers that never change."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.archive.store import Archive
from collector.model.digests import Digest
from collector.model.images import DOCKER_LIST, Artifact, Healthcheck, Image, Runtime, State, Statement, Step
from collector.model.platforms import Platform
from collector.model.times import Time
from collector.pages.documents import Asset, Document
from collector.pages.objects.encoder import ObjectStore
from collector.pages.objects.shapes import PLACES
from tests.diff.any_states import DIGESTS, IMAGES, TIMES
from tests.diff.builders import image, layer, named, state
from tests.pages import collected
from tests.pages.archives import Seen, files_of, iter_items, write_archive
from tests.pages.stored import Stored, files_of_store, without_uploads

Item = Document | Asset
ADDRESS = "repos/app/"
_TEXTS = st.text(max_size=5)
_PAIRS = st.lists(st.tuples(_TEXTS, _TEXTS), max_size=3).map(tuple)
_WORDS = st.lists(_TEXTS, max_size=3).map(tuple)
_RUNTIMES = st.builds(
    Runtime,
    environment=_WORDS,
    labels=_PAIRS,
    user=_TEXTS,
    healthcheck=st.none() | st.builds(Healthcheck, test=_WORDS, interval=st.integers(0, 2**61)),
)
_STEPS = st.builds(
    Step,
    created=TIMES | st.datetimes().map(lambda moment: Time(moment.strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0"))),
    text=_TEXTS,
    made_layer=st.sampled_from([None, True, False]),
)
_FULL_IMAGES = st.builds(
    lambda image, config, **more: msgspec.structs.replace(
        image, config=msgspec.structs.replace(image.config, **config), **more
    ),
    IMAGES,
    st.fixed_dictionaries(
        {
            "runtime": st.none() | _RUNTIMES,
            "built": TIMES,
            "history": st.lists(_STEPS, max_size=5).map(tuple),
            "platform": st.builds(Platform, os=_TEXTS, architecture=_TEXTS, os_version=_TEXTS),
        }
    ),
    annotations=_PAIRS,
    attests=st.none() | DIGESTS,
    statements=st.lists(
        st.builds(Statement, digest=DIGESTS, predicate_type=_TEXTS, size=st.integers(0), builder=_TEXTS), max_size=2
    ).map(tuple),
)
_STATES = st.builds(
    State,
    digest=DIGESTS,
    media_type=st.sampled_from(["m", DOCKER_LIST, "application/vnd.docker.distribution.manifest.v2+json"]),
    all_images=st.lists(_FULL_IMAGES, max_size=3).map(tuple),
    annotations=_PAIRS,
    artifacts=st.lists(st.builds(Artifact, digest=DIGESTS, kind=_TEXTS, size=st.integers(0)), max_size=2).map(tuple),
    absent=st.lists(DIGESTS, max_size=2).map(tuple),
)


def stored(store: ObjectStore) -> Stored:
    return Stored(files_of_store(store, ADDRESS), ADDRESS)


@given(st.lists(_STATES, max_size=3, unique_by=lambda state: state.digest), st.lists(st.sampled_from("ab"), max_size=1))
@settings(deadline=None)
def test_every_state_is_read_back_unchanged(states: list[State], partial: list[str]) -> None:
    store = ObjectStore()
    for one in states:
        store.add(one.digest, one)
    for name in partial:
        store.add(named(name), None)
        assert store.number(named(name)) is None
    for one in states:
        number = store.number(one.digest)
        assert number is not None
        assert stored(store).state(number) == one


def states_of(archive: Path, image: str) -> dict[Digest, State]:
    opened = Archive(archive)
    holdings = opened.load(next(r for r in opened.repositories() if r.familiar == image))
    digests = {period.digest for tag in holdings.tags for period in holdings.periods(tag) if period.digest}
    found = {digest: holdings.state(digest) for digest in digests}
    return {digest: state for digest, state in found.items() if state}


def history_rows(files: dict[str, bytes], image_address: str) -> Iterator[dict[str, object]]:
    for path, content in files.items():
        if path.startswith(f"api/v1/{image_address}") and path.endswith("/history.json"):
            yield from json.loads(content)["changes"]


@pytest.mark.parametrize("name", ["python", "hello-world", "alpine", collected.NAME])
def test_a_row_of_a_history_leads_to_its_state(
    name: str, sample: Path, items: list[Item], collected_items: list[Item], tmp_path: Path
) -> None:
    of_sample = name != collected.NAME
    archive = sample if of_sample else collected.write(tmp_path / "archive")
    files = dict(files_of(iter(items if of_sample else collected_items)))
    address = f"repos/{name}/"
    objects = Stored(files, address)
    states = states_of(archive, name)
    told = {row["digest"]: row.get("state") for row in history_rows(files, address) if "digest" in row}
    assert {digest for digest, number in told.items() if number is not None} == states.keys()
    for digest, one in states.items():
        number = told[digest]
        assert isinstance(number, int)
        assert objects.state(number) == without_uploads(one)


def test_each_object_is_published_once(assets: dict[str, bytes]) -> None:
    for name in ("python", "alpine", "hello-world"):
        prefix = f"api/v1/repos/{name}/objects/"
        objects = [one for path, content in assets.items() if path.startswith(prefix)
                   for one in json.loads(content)["objects"]]  # fmt: skip
        assert len(objects) > 50
        assert set(Counter(map(json.dumps, objects)).values()) == {1}


def test_later_observations_do_not_change_numbers(sample: Path, tmp_path: Path) -> None:
    """The objects of the first states are the same, byte for byte, with and without those that came later."""
    opened = Archive(sample)
    holdings = opened.load(next(r for r in opened.repositories() if r.familiar == "python"))
    periods = sorted(
        (period for tag in holdings.tags for period in holdings.periods(tag)), key=lambda period: period.since
    )
    early, late = ObjectStore(), ObjectStore()
    for count, period in enumerate(periods):
        for store in (late, early) if count < len(periods) // 2 else (late,):
            if period.digest:
                store.add(period.digest, holdings.state(period.digest))
    assert 5 < len(early.files) < len(late.files)
    contents = [[file.content for file in store.files] for store in (early, late)]
    assert contents[0][:-1] == contents[1][: len(early.files) - 1]
    assert contents[1][len(early.files) - 1].startswith(contents[0][-1])


def test_files_are_small_and_a_large_object_has_its_own() -> None:
    store = ObjectStore()
    huge = "RUN " + "x" * 50_000
    many = tuple(layer(f"{n}") for n in range(300))
    one = state(image("small", "RUN a", "RUN b"), image("huge", "RUN c", huge, "RUN d", layers=many))
    store.add(one.digest, one)
    sizes = [(len(file.kinds), len(file.content)) for file in store.files]
    assert all(count <= PLACES and (size <= 12_000 or count == 1) for count, size in sizes)
    assert [count for count, size in sizes if size > 12_000] == [1]
    number = store.number(one.digest)
    assert number is not None
    assert stored(store).state(number) == one


def test_twenty_thousand_images_in_one_state() -> None:
    """No work grows with the square of the number of objects."""
    images: list[Image] = [image(f"{n}", "RUN a", layers=(layer(f"{n}"),)) for n in range(20_000)]
    one = state(*images)
    store = ObjectStore()
    store.add(one.digest, one)
    number = store.number(one.digest)
    assert number is not None
    assert len(stored(store).state(number).all_images) == 20_000


def test_an_object_that_the_archive_lacks(tmp_path: Path) -> None:
    """It is found, and there is nothing to load."""
    whole = state(image("a", "RUN a", layers=(layer("x"),)))
    archive = write_archive(tmp_path / "archive", app=[Seen(tag="1", state=whole)])
    journal = next(archive.rglob("*.jsonl"))
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(b"".join(line for line in lines if b'"fact":"layer"' not in line))
    files = dict(files_of(iter_items(archive)))
    assert [row.get("state") for row in history_rows(files, ADDRESS)] == [None]
    objects = Stored(files, ADDRESS)
    assert objects.object(0) == {"partial": whole.digest}
    assert [where["tags"] for where in objects.where(0)] == ["1"]
