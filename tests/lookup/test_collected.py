"""What a registry told is found as well: in indexes, attestations and artifacts."""

from __future__ import annotations

import pytest

from collector.archive.store import Archive
from collector.lookup.find import find
from tests.pages import collected
from tests.support.modern import artifact, attested, tool
from tests.support.registry import Blob


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    return Archive(collected.write(tmp_path_factory.mktemp("collected") / "archive"))


def found(archive: Archive, digest: str) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """Kind, platforms and tags of each use, the newest first."""
    (one,) = find(archive, digest).digests
    assert one.digest == digest
    return [(one.kind, use.platforms, use.tags) for use in one.uses]


def parts() -> dict[str, tuple[Blob, str]]:
    image = tool()
    return {
        "manifest": (image.manifest, "manifest"),
        "config": (image.config, "config"),
        "layer": (image.layers[0], "layer"),
    }


@pytest.mark.parametrize("name", parts())
def test_an_image_and_its_parts(archive: Archive, name: str) -> None:
    blob, kind = parts()[name]
    assert sorted(found(archive, blob.digest)) == [
        (kind, ("linux/amd64",), ("1.0", "holes")),
        (kind, ("linux/amd64",), ("latest",)),
    ]


def test_a_statement_is_found_on_the_platform_that_it_speaks_of(archive: Archive) -> None:
    attestation = attested(tool())
    for blob, kind in ((attestation.layers[1], "statement"), (attestation.manifest, "manifest")):
        assert found(archive, blob.digest) == [
            (kind, ("linux/amd64",), ("1.0",)),
            (kind, ("linux/amd64",), ("latest",)),
        ]


def test_an_index_an_artifact_and_what_is_missing(archive: Archive) -> None:
    top = collected.release("1.0", 0, *(tool(architecture=each) for each in ("amd64", "arm64"))).top
    both = ("linux/amd64", "linux/arm64")
    assert found(archive, top.digest) == [("index", both, ("1.0",)), ("index", both, ("latest",))]
    assert found(archive, artifact().digest) == [("artifact", (), ("chart",))]
    assert found(archive, collected.MISSING) == [("manifest", (), ("holes",))]


def test_a_prefix_is_enough(archive: Archive) -> None:
    digest = tool().layers[1].digest
    (one,) = find(archive, digest.partition(":")[2][:12]).digests
    assert (one.digest, one.kind) == (digest, "layer")
