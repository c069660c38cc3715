"""Which of the tags that had a base is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bases.archives import base, debian, named, on, seen
from tests.pages.archives import Seen, day, write_archive


def test_an_earlier_image_of_the_same_tag_is_not_a_base(tmp_path: Path) -> None:
    """A step was added at the end of the Dockerfile; the cache gave the rest."""
    below = debian()
    first = on(below, "curl")
    second = on(first, "curl with gpg", "RUN gpg")
    observations = [seen("curl", 2, first), seen("jessie-curl", 2, first), seen("curl", 3, second)]
    root = write_archive(tmp_path / "a", debian=[seen("jessie", 1, below)], python=observations)
    assert named(base(root, second)) == "debian:jessie"
    write_archive(root, python=[seen("scm", 3, on(first, "scm"))])
    assert named(base(root, on(first, "scm"))) == "python:jessie-curl"


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        (("jessie", "8", "8.10", "latest", "jessie-20171210"), "jessie"),
        (("3.6", "latest"), "3.6"),
        (("jre", "8-jre", "8u151-jre"), "8-jre"),
        (("scm", "stretch-scm"), "stretch-scm"),
        (("stable", "17.09"), "17.09"),
        (("xenial-20171201",), "xenial-20171201"),
        (("latest",), "latest"),
    ],
)
def test_the_tag_of_a_release_line_is_chosen(tmp_path: Path, tags: tuple[str, ...], expected: str) -> None:
    below = debian()
    before = [seen(tag, 1, debian("old")) for tag in tags if tag in (expected, "latest", "jre", "scm", "stable")]
    observations = [*before, *(seen(tag, 2, below) for tag in tags)]
    root = write_archive(tmp_path / "a", debian=observations, python=[seen("3.6", 3, on(below))])
    assert named(base(root, on(below))) == f"debian:{expected}"


def test_later_observations_do_not_change_the_choice(tmp_path: Path) -> None:
    below, top = debian(), on(debian())
    observations = [seen("stretch", 1, debian("old")), seen("stretch", 2, below), seen("9", 2, below)]
    root = write_archive(tmp_path / "a", debian=observations, python=[seen("3.6", 3, top)])
    before = base(root, top)
    later = [seen("9", number, debian(f"new {number}")) for number in range(4, 9)]
    write_archive(root, debian=[*later, seen("a", 9, below)], other=[seen("a", 9, below)])
    assert base(root, top) == before
    assert named(before) == "debian:stretch"


def test_a_tag_that_had_the_base_at_that_time_is_preferred(tmp_path: Path) -> None:
    below, top = debian(), on(debian())
    root = write_archive(tmp_path / "a", debian=[seen("later", 9, below)], python=[seen("3.6", 5, top)])
    assert named(base(root, top)) == "debian:later"
    write_archive(root, debian=[seen("past", 1, below), seen("past", 2, debian("new"))])
    write_archive(root, debian=[seen("recent", 1, below), seen("recent", 3, debian("new"))])
    found = base(root, top)
    assert named(found) == "debian:recent"
    assert found
    assert found.moved == day(3)
    write_archive(root, debian=[seen("now", 4, below)])
    assert named(base(root, top)) == "debian:now"


def test_a_repository_of_the_same_namespace_is_preferred_then_the_one_with_the_fewest_tags(tmp_path: Path) -> None:
    below, top = debian(), on(debian())
    archive: dict[str, list[Seen]] = {
        "ghcr.io/a/debian": [seen("a", 1, below)],
        "mirror/debian": [seen("a", 1, below)],
        "java": [seen("8", 1, below), seen("openjdk-8", 1, below)],
        "openjdk": [seen("8", 1, below)],
        "python": [seen("3.6", 2, top)],
        "ghcr.io/a/python": [seen("3.6", 2, top)],
        "mirror/python": [seen("3.6", 2, top)],
    }
    root = write_archive(tmp_path / "a", **archive)
    assert named(base(root, top)) == "openjdk:8"
    assert named(base(root, top, "ghcr.io/a/python")) == "ghcr.io/a/debian:a"
    assert named(base(root, top, "mirror/python")) == "mirror/debian:a"
