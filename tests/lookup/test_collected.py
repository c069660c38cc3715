"""Facts from registries are found, too: in indexes, attestations and artifacts."""

from __future__ import annotations

import pytest

from collector.archive.store import Archive
from collector.errors import NotFound
from collector.lookup.find import find
from collector.lookup.resolve import resolve
from collector.lookup.tag_history import read_history
from collector.lookup.targets import target_state
from collector.model.references import parse_asked, parse_repository, parse_tagged
from collector.model.times import parse_as_of
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


@pytest.mark.parametrize("tag", ["", ":1.0", ":latest"])
@pytest.mark.parametrize("until", [None, "2024-05-02"])
def test_a_digest_that_was_collected_can_be_asked_for(archive: Archive, tag: str, until: str | None) -> None:
    """An index, and an image of it; now, and as the archive stood at a past moment, as for an edition."""
    holdings = archive.load(parse_repository(collected.NAME), until=parse_as_of(until) if until else None)
    arm = tool(architecture="arm64")
    top = collected.release("1.0", 0, tool(), arm).top
    for digest in (top.digest, arm.manifest.digest):
        asked = parse_asked(f"{collected.NAME}{tag}@{digest}")
        assert resolve(holdings, asked).digest == digest
        assert target_state(holdings, asked).digest == digest
        assert resolve(holdings, asked, "linux/arm64").digest == arm.manifest.digest


def test_a_pinned_tag_has_the_time_at_which_it_pointed_there(archive: Archive) -> None:
    holdings = archive.load(parse_repository(collected.NAME))
    top = collected.release("1.0", 0, tool(), tool(architecture="arm64")).top
    pinned, never = (resolve(holdings, parse_asked(f"{collected.NAME}:{tag}@{top.digest}")) for tag in ("1.0", "chart"))
    assert pinned.reference == f"{collected.NAME}:1.0@{top.digest}"
    assert (pinned.since, never.since) == (collected.DAYS[0], None)


def test_the_history_of_a_pin_is_that_of_its_tag(archive: Archive) -> None:
    holdings = archive.load(parse_repository(collected.NAME))
    top = collected.release("1.0", 0, tool(), tool(architecture="arm64")).top
    history = read_history(holdings, parse_tagged(f"{collected.NAME}:1.0@{top.digest}"))
    assert history == read_history(holdings, parse_tagged(f"{collected.NAME}:1.0"))
    with pytest.raises(NotFound, match="2 tags pointed at") as error:
        read_history(holdings, parse_tagged(f"{collected.NAME}@{top.digest}"))
    assert error.value.hint == f"name one of {collected.NAME}:1.0, {collected.NAME}:latest"
    chart = read_history(holdings, parse_tagged(f"{collected.NAME}@{artifact().digest}"))
    assert chart.tag == "chart"
