"""The bases of real images, compared with what a second finder reads from their pages, and with other evidence."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest

from collector.archive.store import Archive
from collector.bases.archive_bases import keep_bases
from collector.bases.cache import MemoryCache, must_read
from collector.bases.parts import decode_bases
from collector.importer.archive_import import import_source
from collector.model.digests import Digest
from collector.model.references import parse_repository
from tests.bases.raw_pages import RawArchive, RawImage, Tag, steps_by_command

IMAGES = ("alpine", "buildpack-deps", "debian", "docker", "elixir", "golang", "groovy", "haproxy", "java", "openjdk")

pytestmark = pytest.mark.slow


class Pair(NamedTuple):
    """An image, a tag of it, and its base as each finder names it."""

    tag: Tag
    image: RawImage
    found: Tag | None
    expected: dict[Tag, RawImage]
    """By all tags that had the base."""


@pytest.fixture(scope="module")
def pairs(bare_repo: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Pair]:
    raw = RawArchive(bare_repo, IMAGES)
    archive = Archive(tmp_path_factory.mktemp("real") / "archive", create=True)
    import_source(bare_repo, archive, images=[parse_repository(name) for name in IMAGES])
    keys = {one.name: archive.journals_key(one).key for one in archive.repositories()}
    cache = MemoryCache()
    names = keep_bases(archive, keys, cache)
    parts = {parse_repository(one).familiar: decode_bases(must_read(cache, name)) for one, name in names.items()}
    found = []
    for image, tags in raw.tags.items():
        tag = min(tags)
        base = parts[tag[0]].base_of(Digest(image.manifest))
        name = (parse_repository(base.repository).familiar, base.tag) if base else None
        found.append(Pair(tag, image, name, raw.bases_of(image)))
    return found


def test_both_finders_agree(pairs: list[Pair]) -> None:
    assert len({(pair.tag, pair.found) for pair in pairs if pair.found}) > 200
    assert not [pair for pair in pairs if (pair.found is None) != (not pair.expected)]
    assert not [pair for pair in pairs if pair.found and pair.found not in pair.expected]


def test_the_first_steps_have_the_dates_of_the_base(pairs: list[Pair]) -> None:
    """The finders do not look at them. Some bases were built again with the same layers and steps."""
    same = Counter(
        pair.image.dates[: len(base.dates)] == base.dates for pair in pairs for base in list(pair.expected.values())[:1]
    )
    assert same[True] > 0.95 * same.total()


def test_a_command_followed_by_other_steps_ends_a_base(pairs: list[Pair]) -> None:
    """The page shows where the base ends, if it has a CMD. The finders do not look at that either.

    erlang is not in this archive, so that elixir seems to be built on the base of its base. groovy has a CMD at its
    Dockerfile's beginning, and one image of docker in its midst.
    """
    later: Counter[str] = Counter()
    equal = 0
    for pair in pairs:
        ends = steps_by_command(pair.image)
        if pair.found and ends is not None:
            known = len(pair.expected[pair.found].steps)
            equal += ends == known
            later[pair.tag[0]] += ends > known
    assert equal > 1000
    assert {image for image, count in later.items() if count} == {"elixir", "groovy", "docker"}
    assert later["docker"] == 1
