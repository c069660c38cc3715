"""Against a real registry, Debian's docker-registry 2.8.2, which lets everybody in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from collector.errors import NotFoundInRegistry
from collector.model.digests import Digest, digest_of
from collector.model.documents import SIGNED_SCHEMA_1
from collector.model.references import Repository, Tag
from collector.registry.client import RegistryClient
from collector.registry.digest_checks import manifest_digest
from collector.registry.media_types import ACCEPT
from tests.support.registry import (
    DOCKER_LIST,
    DOCKER_MANIFEST,
    OCI_INDEX,
    OCI_MANIFEST,
    Blob,
    RunningRegistry,
    attestation_of,
    blob,
    config,
    index,
    push_image,
    push_index,
    raw_image,
    running_registry,
)

ONE = Tag("1.0")


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningRegistry]:
    # To push schema 1 is switched off without this; to convert to it is not.
    settings = {"compatibility": {"schema1": {"enabled": True}}}
    with running_registry(tmp_path_factory.mktemp("registry"), settings=settings) as running:
        yield running


@pytest.fixture
def app(registry: RunningRegistry, request: pytest.FixtureRequest) -> Repository:
    """A repository for one test."""
    name = request.node.name.partition("[")[0].removeprefix("test_").strip("_")
    return registry.repository(f"library/{name}")


def test_an_index_with_attestations_of_each_kind(
    registry: RunningRegistry, app: Repository, client: RegistryClient
) -> None:
    first, second = raw_image(), raw_image(architecture="arm64", variant="v8")
    children = [first, second, attestation_of(first), attestation_of(second, as_artifact=True)]
    pushed = push_index(registry, app.path, ONE, children)

    head = client.head_manifest(app, ONE)
    assert (head.digest, head.media_type, head.size) == (pushed.digest, OCI_INDEX, len(pushed.raw))
    got = client.get_manifest(app, ONE)
    assert (got.raw, got.digest, got.announced, got.media_type) == (
        pushed.raw, pushed.digest, pushed.digest, OCI_INDEX
    )  # fmt: skip
    for child in children:
        found = client.get_manifest(app, Digest(child.digest))
        assert (found.raw, found.media_type) == (child.manifest.raw, OCI_MANIFEST)
        for part in (child.config, *child.layers):
            assert client.get_blob(app, Digest(part.digest), len(part.raw)) == part.raw


def test_a_repointed_and_a_deleted_tag(registry: RunningRegistry, app: Repository, client: RegistryClient) -> None:
    old = push_image(registry, app.path, raw_image(content="old"), tag=ONE)
    new = push_image(registry, app.path, raw_image(content="new"), tag=ONE)
    assert client.head_manifest(app, ONE).digest == new.digest != old.digest
    registry.delete(app.path, new.digest)
    with pytest.raises(NotFoundInRegistry) as by_head:
        client.head_manifest(app, ONE)
    with pytest.raises(NotFoundInRegistry, match=f"{app.name}:1.0: not in the registry") as by_get:
        client.get_manifest(app, ONE)
    assert (by_head.value.code, by_get.value.code) == ("", "MANIFEST_UNKNOWN")


def test_a_repository_that_is_not_there(registry: RunningRegistry, app: Repository, client: RegistryClient) -> None:
    with pytest.raises(NotFoundInRegistry) as tags:
        list(client.iter_tags(app))
    assert tags.value.code == "NAME_UNKNOWN"
    with pytest.raises(NotFoundInRegistry) as missing:
        client.get_blob(app, digest_of(b"nothing"), 7)
    assert missing.value.code in {"BLOB_UNKNOWN", "NAME_UNKNOWN"}


def test_all_tags_come_in_one_list(registry: RunningRegistry, app: Repository, client: RegistryClient) -> None:
    pushed = push_image(registry, app.path, raw_image(), tag=ONE)
    names = [f"{major}.{minor}-slim" for major in range(12) for minor in range(12)]
    for name in names:
        registry.push_manifest(app.path, name, pushed.manifest)
    assert sorted(client.iter_tags(app)) == sorted([ONE, *names])


def test_an_oci_image_is_not_found_by_those_who_do_not_accept_it(
    registry: RunningRegistry, app: Repository, client: RegistryClient
) -> None:
    pushed = push_image(registry, app.path, raw_image(), tag=ONE)
    answer = registry.session.get(f"{registry.url}/v2/{app.path}/manifests/{ONE}", headers={"Accept": DOCKER_MANIFEST})
    assert answer.status_code == 404
    assert "accept header does not support OCI manifests" in answer.text
    assert client.head_manifest(app, ONE).digest == client.get_manifest(app, ONE).digest == pushed.digest


def test_docker_manifests_are_not_converted(registry: RunningRegistry, app: Repository, client: RegistryClient) -> None:
    pushed = push_image(registry, app.path, raw_image(docker=True), tag=ONE)
    converted = registry.session.get(f"{registry.url}/v2/{app.path}/manifests/{ONE}", headers={"Accept": ""})
    assert converted.headers["Docker-Content-Digest"] != pushed.digest
    assert client.head_manifest(app, ONE).digest == pushed.digest
    assert client.get_manifest(app, ONE).media_type == DOCKER_MANIFEST


def test_a_list_is_not_converted_to_its_first_image(
    registry: RunningRegistry, app: Repository, client: RegistryClient
) -> None:
    children = [raw_image(docker=True), raw_image(docker=True, architecture="s390x")]
    pushed = push_index(registry, app.path, ONE, children, docker=True)
    without = ACCEPT.replace(f"{DOCKER_LIST}, ", "")
    taken = registry.session.get(f"{registry.url}/v2/{app.path}/manifests/{ONE}", headers={"Accept": without})
    assert taken.headers["Docker-Content-Digest"] == children[0].digest
    assert client.head_manifest(app, ONE).digest == client.get_manifest(app, ONE).digest == pushed.digest


def test_signed_schema_1_goes_by_its_payload(
    registry: RunningRegistry, app: Repository, client: RegistryClient
) -> None:
    push_image(registry, app.path, raw_image(docker=True), tag=ONE)
    made = registry.session.get(f"{registry.url}/v2/{app.path}/manifests/{ONE}", headers={"Accept": ""})
    kind, raw = made.headers["Content-Type"], made.content
    assert kind == SIGNED_SCHEMA_1
    assert manifest_digest(raw, kind) == made.headers["Docker-Content-Digest"] != digest_of(raw)

    # The registry's own conversion, pushed as the oldest images are still there.
    registry.push_manifest(app.path, ONE, Blob(raw=raw, media_type=kind))
    head, got = client.head_manifest(app, ONE), client.get_manifest(app, ONE)
    assert got.media_type == head.media_type == SIGNED_SCHEMA_1
    assert got.digest == head.digest == got.announced
    assert got.digest is not None
    assert client.get_manifest(app, got.digest).digest == got.digest


def test_manifests_that_do_not_say_what_they_are(
    registry: RunningRegistry, app: Repository, client: RegistryClient
) -> None:
    # As umoci makes them, and image-spec before 1.0.2 asked for nothing else.
    silent = push_image(registry, app.path, raw_image(says_media_type=False), tag=ONE)
    assert client.get_manifest(app, ONE).media_type == OCI_MANIFEST
    assert client.get_manifest(app, ONE).digest == silent.digest


def test_artifacts_that_are_not_images(registry: RunningRegistry, app: Repository, client: RegistryClient) -> None:
    chart = config(media_type="application/vnd.cncf.helm.config.v1+json")
    pushed = push_image(registry, app.path, raw_image(config_blob=chart, layers=[blob(b"chart")]), tag=ONE)
    assert client.get_manifest(app, ONE).digest == pushed.digest


def test_a_nested_index(registry: RunningRegistry, app: Repository, client: RegistryClient) -> None:
    inner = push_index(registry, app.path, "inner", [raw_image()])
    nested = index([], manifests=[inner.descriptor])
    registry.push_manifest(app.path, ONE, nested)
    assert client.get_manifest(app, ONE).raw == nested.raw
    assert client.get_manifest(app, Digest(inner.digest)).media_type == OCI_INDEX
