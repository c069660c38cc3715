from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.errors import UsageError
from collector.site.shards import Shard, assign, parse_assignment, parse_shard

SIZES = {f"docker.io/library/image{number}": round(1000 * 1.12**number) for number in range(100)}
"""Like real ones: a few are as large as all others together."""


def load(shard_of: dict[str, int], shard: int) -> int:
    return sum(SIZES[name] for name, number in shard_of.items() if number == shard)


@given(st.dictionaries(st.text(min_size=1), st.integers(min_value=0, max_value=10**9)), st.integers(1, 20))
def test_every_image_is_assigned_and_the_order_of_images_does_not_matter(sizes: dict[str, int], shards: int) -> None:
    shard_of = assign(sizes, shards)
    assert shard_of.keys() == sizes.keys()
    assert all(1 <= number <= shards for number in shard_of.values())
    names = list(sizes)
    random.Random(0).shuffle(names)
    assert assign({name: sizes[name] for name in names}, shards) == shard_of


@pytest.mark.parametrize("shards", [2, 5, 8])
def test_shards_are_of_about_the_same_size(shards: int) -> None:
    even = sum(SIZES.values()) / shards
    assert max(load(assign(SIZES, shards), shard) for shard in range(1, shards + 1)) < 1.5 * even


@pytest.mark.parametrize("shards", [2, 5, 16])
def test_few_images_change_their_shard_in_a_day(shards: int) -> None:
    days = [assign({name: round(size * 1.002**day) for name, size in SIZES.items()}, shards) for day in range(60)]
    moved = [sum(after[name] != number for name, number in before.items()) for before, after in pairwise(days)]
    assert sum(moved) / len(moved) < 0.1 * len(SIZES)
    assert sorted(moved)[len(moved) // 2] == 0


def test_one_shard_has_all_and_an_empty_archive_none() -> None:
    assert set(assign(SIZES, 1).values()) == {1}
    assert assign({}, 3) == {}
    assert Shard(number=2, of=3, images={"b": 2, "a": 2, "c": 1}).own == ["b", "a"]


@pytest.mark.parametrize(("text", "found"), [("1/1", (1, 1)), ("3/16", (3, 16)), ("16/16", (16, 16))])
def test_spellings_of_a_shard(text: str, found: tuple[int, int]) -> None:
    assert parse_shard(text) == found


@pytest.mark.parametrize(
    "text", ["", "1", "0/2", "3/2", "1/0", "a/b", "-1/2", "1/2/3", " 1/2", "1/2\n", "²/3", "1/9999999"]
)
def test_an_invalid_shard_is_wrong_use(text: str) -> None:
    with pytest.raises(UsageError, match="not a shard"):
        parse_shard(text)


def test_a_list_of_assignments() -> None:
    text = "2 docker.io/library/python\n1 localhost:5000/team/app\n"
    assert parse_assignment(text, 2) == {"docker.io/library/python": 2, "localhost:5000/team/app": 1}
    assert parse_assignment("", 2) == {}


@pytest.mark.parametrize(
    "line",
    ["docker.io/library/python", "0 docker.io/library/python", "3 docker.io/library/python", "1 python", "1 ../python"],
)
def test_a_list_of_something_else_is_a_usage_error(line: str) -> None:
    with pytest.raises(UsageError, match="line 2 is not a shard up to 2 and an image"):
        parse_assignment(f"1 docker.io/library/alpine\n{line}\n", 2)
    with pytest.raises(UsageError, match="line 2"):
        parse_assignment("1 docker.io/library/alpine\n2 docker.io/library/alpine\n", 2)
