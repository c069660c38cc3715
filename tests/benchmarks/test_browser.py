"""Look-ups on a site whose digests were multiplied: each is found, and the loaded bytes are counted."""

from __future__ import annotations

import gzip
from pathlib import Path

import msgspec
import pytest
from playwright.sync_api import Browser

from benchmarks.bench import Bench
from benchmarks.measurements import growth
from benchmarks.measurements.browser import Look, look, render_digests, render_names, search_names
from benchmarks.multiplied import Multiplied, multiply
from benchmarks.reader import Readers
from benchmarks.scales import Load
from collector.errors import RepoInfoError
from collector.pages.search_indexes import DigestShard

INDEX = Path("api", "v1", "digests")
COPIES = 3


@pytest.fixture(scope="module")
def readers(chromium: Browser) -> Readers:
    return Readers(chromium, quiet_for=250)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of a small synthetic archive."""
    return growth.build(Bench(tmp_path_factory.mktemp("bench"), jobs=1, days=1), 12)


@pytest.fixture(scope="module")
def made(template: Path) -> tuple[Path, Multiplied]:
    site = template.parent / "multiplied"
    return site, multiply(template, site, digests=COPIES * len(numbers_of(template)) + 1, sought=4)


def numbers_of(site: Path) -> list[int]:
    """The objects' numbers of all digests."""
    shards = [
        msgspec.json.decode(gzip.decompress(path.read_bytes()), type=DigestShard) for path in (site / INDEX).iterdir()
    ]
    known = [numbers for shard in shards for digests in shard.values() for numbers in digests.values()]
    return [number for numbers in known for number in ([numbers] if isinstance(numbers, int) else numbers)]


def test_the_index_has_several_different_copies_of_every_digest(template: Path, made: tuple[Path, Multiplied]) -> None:
    site, multiplied = made
    assert sorted(numbers_of(site)) == sorted(COPIES * numbers_of(template))
    assert multiplied.digests == len(numbers_of(site))
    assert len({one.digest for one in multiplied.sought}) == 4
    assert not (site / "repos").exists()
    assert len(list((site / "api").rglob("objects/*"))) <= 4


@pytest.mark.browser
def test_a_digest_of_it_takes_two_requests_to_be_found(readers: Readers, made: tuple[Path, Multiplied]) -> None:
    site, multiplied = made
    for one in multiplied.sought:
        found = look(readers, site, one.digest, one.address)
        assert found.asked.requests == 2
        assert found.asked.bytes == found.asked.gzipped > 0  # the files are compressed already
        assert found.names.requests == 1
        assert found.milliseconds > 0


@pytest.mark.browser
def test_a_wrong_or_missing_result_is_an_error(readers: Readers, made: tuple[Path, Multiplied]) -> None:
    site, multiplied = made
    with pytest.raises(RepoInfoError, match="expected repos/other/, found repos/"):
        look(readers, site, multiplied.sought[0].digest, "repos/other/")


@pytest.mark.browser
def test_names_are_found_without_a_request(readers: Readers, template: Path) -> None:
    tags, looks = search_names(readers, template, 3)
    assert tags >= 12
    assert {one.asked.requests for one in looks} == {0}
    assert {one.names.requests for one in looks} == {1}


def looks(*milliseconds: float, requests: int = 2, kilobytes: int = 30) -> list[Look]:
    """The first with so much to load, the others with half of it."""
    weights = [kilobytes * 1_000 // (1 if place == 0 else 2) for place in range(len(milliseconds))]
    return [
        Look(
            milliseconds=time,
            asked=Load(requests=requests, bytes=weight * 3, gzipped=weight),
            names=Load(requests=1, bytes=9_000, gzipped=3_000),
        )
        for time, weight in zip(milliseconds, weights, strict=True)
    ]


def test_digests_are_judged_by_the_largest_look_up_and_compared_by_the_median_time() -> None:
    rows = list(render_digests([(10, looks(1, 2, 9)), (1_000, looks(2, 3, 4, requests=3, kilobytes=31))]))
    assert [row.met for row in rows] == [True, True, False, False, None, None]
    assert rows[1].measured == (
        "median 15.0 KB, largest 30.0 KB; before they are compressed median 45.0 KB, largest 90.0 KB"
    )
    assert [(row.measured, row.compared) for row in rows[4:]] == [("2.0 ms", ""), ("3.0 ms", "1.50 × 10 digests")]


def test_rows_of_names_have_the_loaded_bytes_and_the_time() -> None:
    rows = list(render_names([(10, looks(4, requests=0)), (100, looks(8, requests=0))]))
    assert rows[0].measured == "0 requests; before, once a visit, 3.0 KB of names (9.0 KB)"
    assert [(row.measured, row.compared) for row in rows[2:]] == [("4.0 ms", ""), ("8.0 ms", "2.00 × 10 tags")]
