"""Every digest is found, and what is said of it is true: against a computation that knows no index."""

from __future__ import annotations

import json
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from collector.archive.store import Archive
from collector.model.digests import Digest, hex_of
from collector.model.platforms import Platform
from collector.model.times import Time
from collector.pages.uses import BUCKET
from tests.diff.builders import image, layer, named
from tests.pages.archives import Seen, files_of, index_of, iter_items, write_archive

Ask = tuple[str, Digest]
"""An image and a digest."""
Use = tuple[str, str]
"""A platform, empty for an index, and a tag."""
Span = tuple[str, str | None]


def spans_by_brute_force(archive: Path) -> dict[Ask, dict[Use, Span]]:
    """Of every digest that a tag ever led to: its first and last day on each platform of each tag."""
    found: dict[Ask, dict[Use, list[Span]]] = defaultdict(lambda: defaultdict(list))
    opened = Archive(archive)
    for repository in opened.repositories():
        holdings = opened.load(repository)
        for tag in holdings.tags:
            for period in holdings.periods(tag):
                state = holdings.state(period.digest) if period.digest else None
                if state is None:
                    continue
                members = [("", state.digest)] if state.is_index else []
                for member in state.all_images:
                    platform = str(member.platform)
                    members += [(platform, member.manifest), (platform, member.config.digest)]
                    members += [(platform, layer.digest) for layer in member.layers]
                for platform, digest in members:
                    found[repository.familiar, digest][platform, tag].append((period.since, period.until))
    return {ask: {use: widest(spans) for use, spans in uses.items()} for ask, uses in found.items()}


def widest(spans: list[Span]) -> Span:
    ends = [until for _, until in spans]
    return min(since for since, _ in spans), None if None in ends else max(end for end in ends if end)


class Index:
    """Asks the published files as the browser does."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files
        self.read = cache(lambda path: json.loads(files[path]))

    def records(self, digits: str) -> list[tuple[str, dict[str, Any]]]:
        """The image and the record of every digest that begins so."""
        shard = self.read(f"api/v1/digests/{digits[:3]}.json")
        places = [place for known, places in shard.items() if known.startswith(digits[:16]) for place in places]
        return [(name, self.record(name, number)) for name, number in places]

    def record(self, name: str, number: int) -> dict[str, Any]:
        bucket = self.read(f"api/v1/repos/{name}/uses/-{number // BUCKET}.json")
        found: dict[str, Any] = bucket[str(number)]
        return found


@pytest.fixture(scope="module")
def index(assets: dict[str, bytes]) -> Index:
    return Index(assets)


@pytest.fixture(scope="module")
def truth(sample: Path) -> dict[Ask, dict[Use, Span]]:
    return spans_by_brute_force(sample)


def holds(record: dict[str, Any], digest: str) -> bool:
    return any(digest in digests for digests in record["digests"].values())


def test_every_digest_of_the_sample_is_found_whole_and_by_seven_digits(
    index: Index, truth: dict[Ask, dict[Use, Span]]
) -> None:
    assert len(truth) > 2_900
    for name, digest in truth:
        for digits in (hex_of(digest), hex_of(digest)[:7], hex_of(digest)[:16]):
            assert [image for image, record in index.records(digits) if image == name and holds(record, digest)]


def test_what_is_said_of_a_digest_is_what_the_archive_says(index: Index, truth: dict[Ask, dict[Use, Span]]) -> None:
    for (name, digest), uses in truth.items():
        (record,) = (r for image, r in index.records(hex_of(digest)) if image == name and holds(r, digest))
        told = 0
        for where in record["where"]:
            of_platform = {tag: span for (platform, tag), span in uses.items() if platform == where["platform"]}
            current = where["until"] is None
            same = {tag: span for tag, span in of_platform.items() if (span[1] is None) is current}
            assert set(where["tags"]) <= same.keys()
            assert len(where["tags"]) + where["more"] == len(same)
            assert where["from"] == min(since for since, _ in same.values())
            assert current or where["until"] == max(until for _, until in same.values() if until)
            told += len(same)
        assert told == len(uses)


def test_the_kinds_of_digests(index: Index, sample: Path) -> None:
    holdings = Archive(sample).load(next(r for r in Archive(sample).repositories() if r.familiar == "python"))
    digest = holdings.periods("3.6-slim")[-1].digest
    state = holdings.state(digest) if digest else None
    assert state
    of_image = state.images[0]
    for kind, asked in (
        ("index", state.digest),
        ("manifest", of_image.manifest),
        ("config", of_image.config.digest),
        ("layer", of_image.layers[-1].digest),
    ):
        ((_, record),) = index.records(hex_of(asked))
        assert asked in record["digests"][kind]
        assert "3.6-slim" in record["where"][0]["tags"]


def test_where_leads_to_pages_that_are_there(index: Index, pages: dict[str, Any]) -> None:
    checked = 0
    for path, content in index.files.items():
        image, slash, _ = path.removeprefix("api/v1/").partition("uses/")
        for record in json.loads(content).values() if slash else ():
            for where in record["where"]:
                assert "addresses" not in where
                slug = f"{where['slug']}/" if where["slug"] else ""
                page = slug if where["until"] is None else "history/"
                for tag in where["tags"]:
                    assert f"{image}{tag}/{page}" in pages
                    checked += 1
    assert checked > 2_000


def test_no_digest_is_in_two_records_of_an_image_and_none_is_invented(
    index: Index, truth: dict[Ask, dict[Use, Span]]
) -> None:
    told: dict[tuple[str, str, str], int] = defaultdict(int)
    for path, content in index.files.items():
        if "/uses/" in path:
            name = path.split("/")[3]
            for record in json.loads(content).values():
                for kind, digests in record["digests"].items():
                    for digest in digests:
                        told[name, kind, digest] += 1
    assert set(told.values()) == {1}
    assert {(name, digest) for name, _, digest in told} == truth.keys()


def test_a_prefix_that_nothing_has_is_an_empty_answer(index: Index) -> None:
    shards = {path for path in index.files if path.startswith("api/v1/digests/")}
    assert len(shards) == 4_096
    assert any(json.loads(index.files[path]) == {} for path in shards)


def test_tags_that_still_have_it_and_tags_that_had_it_are_told_apart(tmp_path: Path) -> None:
    state, other = index_of(image("a", layers=(layer("x"),))), index_of(image("b", layers=(layer("y"),)), name="o")
    first, then = Time("2018-01-01T00:00:00Z"), Time("2018-02-01T00:00:00Z")
    archive = write_archive(
        tmp_path / "archive",
        app=[
            Seen(tag="now", time=first, state=state),
            Seen(tag="was", time=first, state=state),
            Seen(tag="was", time=then, state=other),
        ],
    )
    ((_, record),) = Index(dict(files_of(iter_items(archive)))).records(hex_of(named("x")))
    assert [(where["tags"], where["from"], where["until"]) for where in record["where"]] == [
        (["now"], first, None),
        (["was"], first, then),
    ]


def test_a_tag_with_an_address_of_its_own_takes_it_along(tmp_path: Path) -> None:
    state = index_of(image("a", layers=(layer("x"),)))
    seen = [Seen(tag=tag, state=state) for tag in ("name", "feed.xml", "other")]
    archive = write_archive(tmp_path / "archive", **{"owner": seen, "owner/name": [Seen(tag="1", gone="missing")]})
    files = dict(files_of(iter_items(archive)))
    ((_, record),) = Index(files).records(hex_of(named("x")))
    (where,) = record["where"]
    assert where["addresses"] == {"name": "repos/owner/~name/", "feed.xml": "repos/owner/~feed.xml/"}
    assert all(f"{address}{where['slug']}/index.html" in files for address in where["addresses"].values())
    names = json.loads(files["api/v1/names.json"])
    assert names["exceptions"] == {f"owner:{tag}": address for tag, address in where["addresses"].items()}


def test_many_tags_are_counted(tmp_path: Path) -> None:
    state = index_of(image("a", layers=(layer("x"),)))
    archive = write_archive(tmp_path / "archive", app=[Seen(tag=f"{n}", state=state) for n in range(40)])
    ((_, record),) = Index(dict(files_of(iter_items(archive)))).records(hex_of(named("x")))
    (where,) = record["where"]
    assert where["tags"][:2] == ["39", "38"]
    assert len(where["tags"]) + where["more"] == 40


def test_a_platform_that_looks_like_an_attestation_leads_to_its_own_page(tmp_path: Path) -> None:
    attestation = image("b", layers=(layer("y"),), platform=Platform(os="unknown", architecture="unknown", variant="x"))
    lookalike = image("a", layers=(layer("x"),), platform=Platform(os="unknown", architecture="unknown-x"))
    archive = write_archive(tmp_path / "archive", app=[Seen(tag="1", state=index_of(attestation, lookalike))])
    files = dict(files_of(iter_items(archive)))
    ((_, record),) = Index(files).records(hex_of(named("x")))
    assert f"repos/app/1/{record['where'][0]['slug']}/index.html" in files
    ((_, record),) = Index(files).records(hex_of(named("y")))
    assert record["where"][0]["slug"] == ""
