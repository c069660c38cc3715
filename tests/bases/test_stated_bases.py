"""Bases that annotations or labels state."""

from __future__ import annotations

from pathlib import Path

import pytest

from collector.model.digests import Digest
from tests.bases.archives import bases, collected, manifest, named, raw, raw_base
from tests.pages.archives import day
from tests.support.modern import OCI, write_collected
from tests.support.registry import index


def test_a_stated_base_takes_precedence_over_layers(tmp_path: Path) -> None:
    below, near, told = raw("a"), raw("a", "b"), raw("z")
    said = {f"{OCI}.base.name": "debian:12-slim", f"{OCI}.base.digest": told.manifest.digest}
    top, other = raw("a", "b", "c", said=said), raw("a", "b", "d")
    root = write_collected(tmp_path / "a", "debian", collected("11", 1, below), collected("12-slim", 1, told))
    write_collected(root, "near", collected("1", 1, near))
    write_collected(root, "python", collected("3", 2, top), collected("4", 2, other))
    found = raw_base(root, top)
    assert found
    assert (named(found), found.manifest, found.since, found.is_stated) == (
        "debian:12-slim",
        manifest(told),
        day(1),
        True,
    )
    found = raw_base(root, other)
    assert found
    assert (named(found), found.is_stated) == ("near:1", False)
    assert [one.tags for one in bases(root, "debian").dependents["12-slim"]] == [("3",)]


def test_a_base_can_be_stated_by_the_digest_of_its_index(tmp_path: Path) -> None:
    below = raw("a")
    top_of_base = index([below])
    top = raw("a", "b", said={f"{OCI}.base.digest": top_of_base.digest})
    root = write_collected(
        tmp_path / "a", "debian", collected("12", 1, below, top_of_base), collected("b", 1, raw("b"))
    )
    write_collected(root, "python", collected("3", 2, top))
    found = raw_base(root, top)
    assert found
    assert (named(found), found.manifest, found.is_stated) == ("debian:12", manifest(below), True)


@pytest.mark.parametrize(
    ("name", "expected", "is_here"),
    [
        ("debian:12", "debian:12", True),
        ("docker.io/library/debian:13", "debian:13", False),
        ("ghcr.io/a/b", "ghcr.io/a/b:latest", False),
        ("scratch", "scratch:", False),
    ],
)
def test_a_stated_base_that_is_not_in_the_archive(tmp_path: Path, name: str, expected: str, is_here: bool) -> None:
    top = raw("a", "b", said={f"{OCI}.base.name": name, f"{OCI}.base.digest": "sha256:" + "a" * 64})
    root = write_collected(tmp_path / "a", "debian", collected("12", 1, raw("z")))
    write_collected(root, "python", collected("3", 2, top))
    found = raw_base(root, top)
    assert found
    assert (named(found), found.manifest, found.since, found.is_here) == (
        expected,
        Digest("sha256:" + "a" * 64),
        None,
        is_here,
    )


@pytest.mark.parametrize("said", ["../../etc", "x" * 501, "", "debian:12\n", "<b>"])
def test_an_invalid_image_name_is_ignored(tmp_path: Path, said: str) -> None:
    top = raw("a", "b", said={f"{OCI}.base.name": said, f"{OCI}.base.digest": "sha256:short"})
    root = write_collected(tmp_path / "a", "debian", collected("12", 1, raw("a")))
    write_collected(root, "python", collected("3", 2, top))
    found = raw_base(root, top)
    assert found
    assert (named(found), found.is_stated) == ("debian:12", False)


def test_a_label_inherited_from_the_base_is_ignored(tmp_path: Path) -> None:
    labels = {f"{OCI}.base.name": "debian:12"}
    below = raw("a", "b", labels=labels)
    top = raw("a", "b", "c", labels=labels)
    root = write_collected(tmp_path / "a", "python", collected("3", 2, top))
    found = raw_base(root, top)
    assert found
    assert (named(found), found.is_stated) == ("debian:12", True)
    write_collected(root, "near", collected("1", 1, below))
    found = raw_base(root, top)
    assert found
    assert (named(found), found.is_stated) == ("near:1", False)
