"""Which image was built on which, through archives as the importer and the collector write them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from collector.archive.store import Archive
from collector.bases.archive_bases import keep_bases
from collector.bases.cache import MemoryCache, must_read
from collector.bases.parts import Base, BaseRelease, RepositoryBases, decode_bases, encode_bases
from collector.model.digests import Digest, parse_digest
from collector.model.images import Image, Layer
from collector.model.platforms import Platform
from collector.model.references import parse_repository
from tests.diff.builders import AMD64, ROOT, image, layer
from tests.pages.archives import Seen, alone, day, index_of, write_archive
from tests.support.modern import OCI, Collected, write_collected
from tests.support.registry import Blob, blob, config, index, raw_image
from tests.support.registry import Image as RawImage

BASE_STEPS = (ROOT, 'CMD ["bash"]')
RUN = "RUN make"
ARM = Platform(os="linux", architecture="arm", variant="v7")


def debian(name: str = "debian", *layers: str, platform: Platform = AMD64) -> Image:
    """A base: one layer, or these."""
    return image(name, *BASE_STEPS, layers=tuple(map(layer, layers or (name,))), platform=platform)


def on(base: Image, name: str = "python", *steps: str, layers: int = 1) -> Image:
    """An image that is built on another one."""
    own = tuple(layer(f"{name} {number}") for number in range(layers))
    before = [step.text for step in base.config.history]
    return image(name, *before, *(steps or (RUN,)), layers=(*base.layers, *own), platform=base.platform)


def seen(tag: str, number: int, image_: Image) -> Seen:
    return Seen(tag=tag, time=day(number), state=alone(image_))


def bases(root: Path, name: str) -> RepositoryBases:
    return all_bases(root)[parse_repository(name).name]


def all_bases(root: Path) -> dict[str, RepositoryBases]:
    archive = Archive(root)
    keys = {repository.name: archive.journals_key(repository).key for repository in archive.repositories()}
    cache = MemoryCache()
    return {name: decode_bases(must_read(cache, part)) for name, part in keep_bases(archive, keys, cache).items()}


def base(root: Path, one: Image, name: str = "python") -> Base | None:
    return bases(root, name).base_of(one.manifest)


def named(found: Base | None) -> str:
    return f"{parse_repository(found.repository).familiar}:{found.tag}" if found else "unknown"


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


def test_a_base_that_moved_since(tmp_path: Path) -> None:
    """As it was on that platform, through a time in which it was gone or had other images elsewhere."""
    below, top = debian(), on(debian())
    elsewhere = [debian(name, platform=ARM) for name in ("one", "two")]
    history = [
        Seen(tag="stretch", time=day(1), state=index_of(below, elsewhere[0], name="1")),
        Seen(tag="stretch", time=day(3), state=index_of(below, elsewhere[1], name="2")),
        Seen(tag="stretch", time=day(4), gone="missing"),
    ]
    root = write_archive(tmp_path / "a", debian=history, python=[seen("3.6", 2, top)])
    found = base(root, top)
    assert found
    assert (found.since, found.moved) == (day(1), None)
    again = [
        Seen(tag="stretch", time=day(5), state=index_of(below, name="3")),
        Seen(tag="stretch", time=day(6), state=index_of(debian("new"), name="4")),
    ]
    write_archive(root, debian=again)
    found = base(root, top)
    assert found
    assert (found.since, found.moved) == (day(1), day(6))


def test_the_nearest_base_counts(tmp_path: Path) -> None:
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
def test_no_base(tmp_path: Path, below: Image, top: Image) -> None:
    root = write_archive(tmp_path / "a", debian=[seen("stretch", 1, below)], python=[seen("3.6", 2, top)])
    assert base(root, top) is None


def test_an_earlier_image_of_the_same_tag_is_no_base(tmp_path: Path) -> None:
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
def test_the_tag_of_a_line_is_named(tmp_path: Path, tags: tuple[str, ...], expected: str) -> None:
    below = debian()
    before = [seen(tag, 1, debian("old")) for tag in tags if tag in (expected, "latest", "jre", "scm", "stable")]
    observations = [*before, *(seen(tag, 2, below) for tag in tags)]
    root = write_archive(tmp_path / "a", debian=observations, python=[seen("3.6", 3, on(below))])
    assert named(base(root, on(below))) == f"debian:{expected}"


def test_later_observations_change_no_name(tmp_path: Path) -> None:
    below, top = debian(), on(debian())
    observations = [seen("stretch", 1, debian("old")), seen("stretch", 2, below), seen("9", 2, below)]
    root = write_archive(tmp_path / "a", debian=observations, python=[seen("3.6", 3, top)])
    before = base(root, top)
    later = [seen("9", number, debian(f"new {number}")) for number in range(4, 9)]
    write_archive(root, debian=[*later, seen("a", 9, below)], other=[seen("a", 9, below)])
    assert base(root, top) == before
    assert named(before) == "debian:stretch"


def test_a_tag_that_had_it_then_is_named_before_one_that_had_it_before_or_later(tmp_path: Path) -> None:
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


def test_the_repository_nearby_is_named_then_the_one_with_the_fewest_tags(tmp_path: Path) -> None:
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


def test_a_base_of_another_variant(tmp_path: Path) -> None:
    """Docker takes an image for arm/v6 on arm/v7, too. One for the same variant is named first."""
    below = debian(platform=Platform(os="linux", architecture="arm", variant="v6"))
    on_variant = debian("for v7", "debian", platform=ARM)
    top = image("python", *BASE_STEPS, RUN, layers=(*below.layers, layer("own")), platform=ARM)
    root = write_archive(tmp_path / "a", debian=[seen("stretch", 1, below)], python=[seen("3.6", 2, top)])
    assert named(base(root, top)) == "debian:stretch"
    write_archive(root, debian=[seen("v7", 1, on_variant)])
    assert named(base(root, top)) == "debian:v7"


def test_empty_layers_do_not_count(tmp_path: Path) -> None:
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


def test_notes_of_pages_and_of_builders_do_not_count(tmp_path: Path) -> None:
    below = image("debian", ROOT, "# ARGS: A=1\nRUN a", layers=(layer("a"), layer("b")))
    top = image("python", f"{ROOT} ", "RUN a # buildkit", RUN, layers=(layer("a"), layer("b"), layer("c")))
    root = write_archive(tmp_path / "a", debian=[seen("stretch", 1, below)], python=[seen("3.6", 2, top)])
    assert named(base(root, top)) == "debian:stretch"


def test_what_is_built_on_a_tag_now_and_ever(tmp_path: Path) -> None:
    below, new = debian(), debian("new")
    archive = {
        "debian": [
            seen("stretch", 1, below),
            seen("9", 1, below),
            seen("stretch", 3, new),
            seen("sid", 3, debian("x")),
        ],
        "python": [seen("3.6", 2, on(below)), seen("3.6", 4, on(new, "new python")), seen("3.5", 2, on(below))],
        "node": [seen("8", 2, on(below, "node")), Seen(tag="8", time=day(5), gone="missing")],
        "ruby": [seen("2", 2, debian("ruby"))],
    }
    root = write_archive(tmp_path / "a", **archive)
    found = bases(root, "debian").dependents
    assert {tag: [(one.repository, one.tags, one.ever) for one in found[tag]] for tag in found} == {
        "9": [("docker.io/library/node", (), 1), ("docker.io/library/python", ("3.5",), 2)],
        "stretch": [("docker.io/library/node", (), 1), ("docker.io/library/python", ("3.5", "3.6"), 2)],
    }
    assert not bases(root, "ruby").dependents


def test_a_part_can_be_written_and_read(tmp_path: Path) -> None:
    archive = {"debian": [seen("stretch", 1, debian())], "python": [seen("3.6", 2, on(debian()))]}
    parts = all_bases(write_archive(tmp_path / "a", **archive))
    assert [decode_bases(encode_bases(part)) for part in parts.values()] == list(parts.values())


def raw(
    *layers: str,
    said: Mapping[str, str] | None = None,
    labels: Mapping[str, str] | None = None,
    steps: int | None = None,
    created: str = "2024-01-01T00:00:00Z",
) -> RawImage:
    """An image as a registry sends it, with a step for each layer."""
    blobs = [blob(name.encode()) for name in layers]
    history: list[dict[str, Any]] = [
        {"created": created, "created_by": f"COPY {name} /"}
        for name in layers[: len(layers) if steps is None else steps]
    ]
    about = config(
        architecture="amd64", layers=blobs, created=created, history=history, settings={"Labels": dict(labels or {})}
    )
    return raw_image(architecture="amd64", layers=blobs, config_blob=about, annotations=said)


def collected(tag: str, number: int, one: RawImage, top: Blob | None = None) -> Collected:
    return Collected(tag=tag, time=day(number), top=top or one.manifest, images=(one,))


def manifest(one: RawImage) -> Digest:
    return parse_digest(one.manifest.digest)


def raw_base(root: Path, one: RawImage) -> Base | None:
    return bases(root, "python").base_of(manifest(one))


def test_a_stated_base_counts_before_layers(tmp_path: Path) -> None:
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


def test_the_digest_of_an_index_is_stated(tmp_path: Path) -> None:
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
def test_a_stated_base_that_the_archive_lacks(tmp_path: Path, name: str, expected: str, is_here: bool) -> None:
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
def test_what_names_no_image_is_not_stated(tmp_path: Path, said: str) -> None:
    top = raw("a", "b", said={f"{OCI}.base.name": said, f"{OCI}.base.digest": "sha256:short"})
    root = write_collected(tmp_path / "a", "debian", collected("12", 1, raw("a")))
    write_collected(root, "python", collected("3", 2, top))
    found = raw_base(root, top)
    assert found
    assert (named(found), found.is_stated) == ("debian:12", False)


def test_a_label_that_came_from_the_base_says_nothing(tmp_path: Path) -> None:
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


@pytest.mark.parametrize(("created", "expected"), [("2024-01-01T00:00:00Z", "debian:12"), ("2024-01-03T00:00:00Z", "")])
def test_without_steps_the_layers_decide_and_the_base_is_not_younger(
    tmp_path: Path, created: str, expected: str
) -> None:
    below, top = raw("a", steps=0, created=created), raw("a", "b", steps=0, created="2024-01-02T00:00:00Z")
    root = write_collected(tmp_path / "a", "debian", collected("12", 1, below))
    write_collected(root, "python", collected("3", 2, top))
    assert named(raw_base(root, top)) == (expected or "unknown")


def test_faulty_and_damaged_lines_are_left_out(tmp_path: Path) -> None:
    """As by every other reader."""
    below, top = debian(), on(debian())
    root = write_archive(tmp_path / "a", debian=[seen("stretch", 1, below)], python=[seen("3.6", 2, top)])
    (journal,) = (root / "docker.io/library/debian").glob("*.jsonl")
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(b"".join([b"{}\n", b"\xff\n", *lines, b'{"fact":"manifest"', b"\n", lines[-1][:-9]]))
    assert named(base(root, top)) == "debian:stretch"
    place = next(place for place, line in enumerate(lines) if b'"fact":"manifest"' in line)
    lines[place] = lines[place].replace(below.layers[0].digest.encode(), layer("another").digest.encode())
    journal.write_bytes(b"".join(lines))
    assert base(root, top) is None
