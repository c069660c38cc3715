"""Bases that are deduced from layers and steps."""

from __future__ import annotations

from pathlib import Path

import pytest

from collector.bases.parts import Base, BaseRelease
from collector.model.digests import parse_digest
from collector.model.images import Image, Layer
from collector.model.platforms import Platform
from tests.bases.archives import ARM, BASE_STEPS, RUN, base, collected, debian, named, on, raw, raw_base, seen
from tests.diff.builders import ROOT, image, layer
from tests.pages.archives import Seen, day, write_archive
from tests.support.modern import write_collected


def test_the_image_whose_layers_are_the_first_is_the_base(tmp_path: Path) -> None:
    below, other = debian(), debian("other")
    top = on(below)
    root = write_archive(
        tmp_path / "a", debian=[seen("stretch", 1, below), seen("sid", 1, other)], python=[seen("3.6", 2, top)]
    )
    assert base(root, top) == Base(
        repository="docker.io/library/debian",
        tag="stretch",
        manifest=below.manifest,
        since=day(1),
        moved=None,
        is_stated=False,
        is_here=True,
        release=BaseRelease(since=day(1), path=f"#r-{below.manifest.removeprefix('sha256:')[:12]}"),
    )
    assert base(root, below, "debian") is None


def test_the_nearest_base_is_found(tmp_path: Path) -> None:
    below = debian()
    middle = on(below, "buildpack-deps")
    top = on(middle)
    archive: dict[str, list[Seen]] = {
        "debian": [seen("stretch", 1, below)],
        "buildpack-deps": [seen("stretch", 1, middle)],
        "python": [seen("3.6", 1, top)],
    }
    root = write_archive(tmp_path / "a", **archive)
    assert named(base(root, top)) == "buildpack-deps:stretch"
    assert named(base(root, middle, "buildpack-deps")) == "debian:stretch"


@pytest.mark.parametrize(
    ("below", "top"),
    [
        pytest.param(debian("debian", "x"), image("python", *BASE_STEPS, RUN, layers=(layer("x"),)), id="no layer"),
        pytest.param(
            debian(), image("python", ROOT, RUN, layers=(layer("debian"), layer("own"))), id="its CMD is missing"
        ),
        pytest.param(
            image("debian", *BASE_STEPS, layers=(layer("x"),), platform=Platform(os="linux", architecture="s390x")),
            image("python", *BASE_STEPS, RUN, layers=(layer("x"), layer("own"))),
            id="another platform",
        ),
        pytest.param(image("debian"), on(debian()), id="no layers"),
        pytest.param(debian("debian", "x", "y"), on(debian("python", "y", "x")), id="another order"),
    ],
)
def test_an_image_with_other_layers_steps_or_platform_is_not_a_base(tmp_path: Path, below: Image, top: Image) -> None:
    root = write_archive(tmp_path / "a", debian=[seen("stretch", 1, below)], python=[seen("3.6", 2, top)])
    assert base(root, top) is None


def test_a_base_for_an_older_variant_of_the_architecture(tmp_path: Path) -> None:
    """Docker takes an image for arm/v6 on arm/v7, too. One for the same variant is named first."""
    below = debian(platform=Platform(os="linux", architecture="arm", variant="v6"))
    on_variant = debian("for v7", "debian", platform=ARM)
    top = image("python", *BASE_STEPS, RUN, layers=(*below.layers, layer("own")), platform=ARM)
    root = write_archive(tmp_path / "a", debian=[seen("stretch", 1, below)], python=[seen("3.6", 2, top)])
    assert named(base(root, top)) == "debian:stretch"
    write_archive(root, debian=[seen("v7", 1, on_variant)])
    assert named(base(root, top)) == "debian:v7"


def test_empty_layers_are_ignored(tmp_path: Path) -> None:
    empty = Layer(
        digest=parse_digest("sha256:a3ed95caeb02ffe68cdd9fd84406680ae93d633cb16422d00e8a7c22955b46d4"),
        size=32,
        media_type="",
    )
    below = image("debian", *BASE_STEPS, layers=(layer("debian"), empty))
    top = image("python", *BASE_STEPS, RUN, layers=(layer("debian"), layer("own")))
    same = image("same", *BASE_STEPS, "LABEL a=b", layers=(layer("debian"), empty, empty))
    archive = {"debian": [seen("stretch", 1, below)], "python": [seen("3.6", 2, top), seen("same", 2, same)]}
    root = write_archive(tmp_path / "a", **archive)
    assert named(base(root, top)) == "debian:stretch"
    assert base(root, same) is None


def test_comments_of_pages_and_builders_are_ignored(tmp_path: Path) -> None:
    below = image("debian", ROOT, "# ARGS: A=1\nRUN a", layers=(layer("a"), layer("b")))
    top = image("python", f"{ROOT} ", "RUN a # buildkit", RUN, layers=(layer("a"), layer("b"), layer("c")))
    root = write_archive(tmp_path / "a", debian=[seen("stretch", 1, below)], python=[seen("3.6", 2, top)])
    assert named(base(root, top)) == "debian:stretch"


@pytest.mark.parametrize(("created", "expected"), [("2024-01-01T00:00:00Z", "debian:12"), ("2024-01-03T00:00:00Z", "")])
def test_without_steps_the_layers_decide_and_the_base_must_not_be_newer(
    tmp_path: Path, created: str, expected: str
) -> None:
    below, top = raw("a", steps=0, created=created), raw("a", "b", steps=0, created="2024-01-02T00:00:00Z")
    root = write_collected(tmp_path / "a", "debian", collected("12", 1, below))
    write_collected(root, "python", collected("3", 2, top))
    assert named(raw_base(root, top)) == (expected or "unknown")
