"""The values to which the facts of a repository resolve."""

from __future__ import annotations

from pathlib import Path

import msgspec

from collector.archive.facts import ConfigFact, LayerFact, ManifestFact, StepFact, content_id
from collector.archive.holdings import Holdings
from collector.collect.object_fetcher import raw_fact
from collector.model.digests import Digest
from collector.model.images import OCI_INDEX, State
from collector.model.platforms import Platform
from collector.model.references import parse_repository
from collector.model.times import Time
from tests.support.archives import ArchiveBuilder, docker_image, index
from tests.support.registry import raw_image


def test_facts_from_a_registry_take_precedence_over_pages() -> None:
    given = raw_image(architecture="arm64")
    digest, config = Digest(given.digest), Digest(given.config.digest)
    layer = Digest(f"sha256:{'5' * 64}")
    step = StepFact(id=content_id(b"RUN a page said so")[:16], text="RUN a page said so")
    holdings = Holdings(parse_repository("app"))
    for fact in (
        step,
        LayerFact(digest=layer, size=1, media_type="application/vnd.docker.image.rootfs.diff.tar.gzip"),
        ConfigFact(digest=config, platform=Platform(os="linux", architecture="amd64"), history=((None, step.id),)),
        ManifestFact(digest=digest, media_type=given.manifest.media_type, config=config, layers=(layer,)),
    ):
        fact.enter(holdings)
    by_page = holdings.state(digest)
    assert by_page
    assert [str(one.platform) for one in by_page.images] == ["linux/amd64"]

    collected = Holdings(holdings.repository)
    for table in ("steps", "layers", "config_facts", "manifests"):
        getattr(collected, table).update(getattr(holdings, table))
    for blob in (given.manifest, given.config):
        raw_fact(Digest(blob.digest), blob.media_type, blob.raw).enter(collected)
    by_registry = collected.state(digest)
    assert by_registry
    assert [str(one.platform) for one in by_registry.images] == ["linux/arm64"]
    on_pages = collected.state_on_pages(digest)
    assert on_pages
    assert [str(one.platform) for one in on_pages.images] == ["linux/amd64"]


def test_the_media_types_of_manifests_are_unknown_in_an_index_of_oci_that_only_a_page_has(tmp_path: Path) -> None:
    builder = ArchiveBuilder(tmp_path / "archive")
    of_docker, of_oci = index("docker", docker_image("1")), index("oci", docker_image("1"))
    for tag, state in (("docker", of_docker), ("oci", msgspec.structs.replace(of_oci, media_type=OCI_INDEX))):
        builder.see(f"app:{tag}", "2024-05-01", state)
    holdings = builder.archive.load(parse_repository("app"))

    def types(state: State | None) -> list[str]:
        assert state
        return [one.media_type for one in state.images]

    assert types(holdings.state(of_docker.digest)) == types(of_docker)
    assert types(holdings.state(of_oci.digest)) == [""]
    # The page itself is written again as it is.
    assert types(holdings.state_on_pages(of_oci.digest)) == types(of_oci)


def test_equal_values_of_facts_are_in_memory_once(tmp_path: Path) -> None:
    """A large image repeats most of its texts; with each occurrence apart it takes three times the memory."""
    builder = ArchiveBuilder(tmp_path / "archive")
    shared = docker_image("shared", layers=("base", "top"))
    for tag in ("1", "1.0"):
        builder.see(f"app:{tag}", "2024-05-01", index(f"of {tag}", shared, docker_image(tag, layers=("base", tag))))
    repository = parse_repository("app")
    holdings, contents = builder.archive.load(repository), builder.archive.load_contents(repository)
    past = builder.archive.load(repository, until=Time("2024-06-01T00:00:00Z"))

    for tables in (holdings, past):
        first, second = tables.indexes.values()
        assert first.manifests[0] is second.manifests[0]
        manifests = [tables.manifests[entry.digest] for entry in (*first.manifests, second.manifests[1])]
        assert len({id(manifest.layers[0]) for manifest in manifests}) == 1
        configs = [tables.config_facts[manifest.config] for manifest in manifests]
        assert len({config.history[0] for config in configs}) == len({id(config.history[0]) for config in configs}) == 1
        steps = {id(step) for config in configs for step in tables.config(config.digest).history[:1]}  # type: ignore[union-attr]
        assert len(steps) == 1
    one, other = contents.indexes.values()
    assert one.manifests[0] is other.manifests[0]
    assert len({id(manifest.layers[0]) for manifest in contents.manifests.values()}) == 1
    assert len({id(config.history[0]) for config in contents.config_facts.values()}) == 1
