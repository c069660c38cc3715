"""Registries that fail, lie or contain invalid objects, and wrong clocks."""

from __future__ import annotations

import pytest

from tests.collect.conftest import Desk
from tests.collect.image_store import UNKNOWN, Shelf
from tests.support.registry import (
    DOCKER_LIST,
    OCI_CONFIG,
    OCI_INDEX,
    OCI_MANIFEST,
    Blob,
    Image,
    blob,
    config,
    encode,
    index,
    raw_image,
)
from tests.support.stub import Reply, reply


def put(shelf: Shelf, tag: str, one: Image) -> Image:
    shelf.put(one)
    shelf.point(tag, one)
    return one


@pytest.mark.parametrize(
    ("failing", "reason"),
    [
        (reply("", 500), "fails temporarily"),
        (reply("", 403), "access denied"),
        (reply("<html>login</html>", content_type="text/html"), "not a manifest, but a page of HTML"),
    ],
)
def test_one_failing_tag_does_not_stop_the_others(shelf: Shelf, desk: Desk, failing: Reply, reason: str) -> None:
    for number in range(5):
        put(shelf, f"t{number}", raw_image(content=str(number)))
    shelf.answer("t2", failing)
    report = desk.collect(shelf.name)
    assert (report.changed, report.looked_at) == (4, 4)
    (failed,) = report.images[0].failed
    assert failed.tag == "t2"
    assert reason in failed.reason
    shelf.point("t2", raw_image(content="2"))
    assert desk.collect(shelf.name).images[0].changed == ["t2"]


def test_a_part_that_is_missing_does_not_make_its_tag_gone(shelf: Shelf, desk: Desk) -> None:
    put(shelf, "1", raw_image())
    desk.collect(shelf.name)
    new = put(shelf, "1", raw_image(content="new"))
    shelf.stub.on(shelf.blob_path(new.config.digest), UNKNOWN)
    report = desk.collect(shelf.name)
    assert (report.gone, report.failed) == (0, 1)
    assert len(desk.seen(f"{shelf.name}:1")) == 1
    desk.check()


def test_a_registry_whose_head_has_no_digest(shelf: Shelf, desk: Desk) -> None:
    shelf.put(raw_image())
    shelf.point("1", raw_image(), docker_content_digest="")
    report = desk.collect(shelf.name)
    assert (report.changed, report.pulls, shelf.gets()) == (1, 1, ["1"])
    assert desk.state(f"{shelf.name}:1").digest == raw_image().digest
    # Without a digest, only GET tells that nothing changed.
    report = desk.collect(shelf.name)
    assert (report.changed, report.looked_at, report.pulls) == (0, 1, 1)


def test_a_registry_that_announces_a_wrong_digest(shelf: Shelf, desk: Desk) -> None:
    shelf.put(raw_image())
    wrong = raw_image(content="another").digest
    shelf.point("1", raw_image(), docker_content_digest=wrong)
    shelf.answer(wrong, UNKNOWN)
    assert desk.collect(shelf.name).changed == 1
    assert desk.state(f"{shelf.name}:1").digest == raw_image().digest
    (seen,) = desk.holdings(shelf.name).observations["1"]
    assert seen.announced == wrong
    shelf.forget()
    assert desk.collect(shelf.name).pulls == 0
    assert (shelf.heads(), shelf.gets()) == (1, [])


def test_bytes_that_no_digest_confirms_are_not_kept(shelf: Shelf, desk: Desk) -> None:
    # A proxy that garbles: what it gives is neither what was announced nor anything that the registry knows.
    true, garbled = raw_image(), raw_image(content="garbled")
    shelf.put_blob(garbled.config)
    shelf.answer("1", reply(garbled.manifest.raw, content_type=OCI_MANIFEST, docker_content_digest=true.digest))
    shelf.answer(true.digest, reply(garbled.manifest.raw, content_type=OCI_MANIFEST))
    shelf.tags["1"] = true.digest
    report = desk.collect(shelf.name)
    assert (report.changed, report.failed, desk.facts()) == (0, 1, [])


@pytest.mark.parametrize(
    ("document", "media_type", "reason"),
    [
        ({"config": None, "layers": []}, OCI_MANIFEST, "config: expected a descriptor"),
        ({"config": blob(b"{}").descriptor | {"size": -1}}, OCI_MANIFEST, "config.size: expected a number"),
        ({"config": blob(b"{}", media_type=OCI_CONFIG).descriptor | {"size": 10**9}}, OCI_MANIFEST, "config: 10"),
        ({"manifests": [{"digest": "sha256:abc", "size": 1}]}, DOCKER_LIST, "manifests[0].digest: not a digest"),
        ({"manifests": [raw_image().descriptor] * 1001}, OCI_INDEX, "more than 1000 manifests"),
        ({"something": "else"}, "application/vnd.example+json", "config: expected a descriptor"),
    ],
)
def test_invalid_manifests_are_refused(
    shelf: Shelf, desk: Desk, document: dict[str, object], media_type: str, reason: str
) -> None:
    manifest = Blob(raw=encode({"schemaVersion": 2, "mediaType": media_type} | document), media_type=media_type)
    shelf.put_manifest(manifest)
    shelf.point("1", manifest)
    report = desk.collect(shelf.name)
    assert (report.changed, report.failed) == (0, 1)
    assert reason in report.images[0].failed[0].reason
    assert desk.facts() == []


def test_deeply_nested_indexes_are_refused(shelf: Shelf, desk: Desk) -> None:
    inner = shelf.put_index([raw_image()])
    for _ in range(5):
        entry = {"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": [inner.descriptor]}
        inner = Blob(raw=encode(entry), media_type=OCI_INDEX)
        shelf.put_manifest(inner)
    shelf.point("1", inner)
    report = desk.collect(shelf.name)
    assert report.failed == 1
    assert "4 deep" in report.images[0].failed[0].reason
    desk.check()


@pytest.mark.parametrize("config_blob", [blob(b"no JSON", media_type=OCI_CONFIG), blob(b"[]", media_type=OCI_CONFIG)])
def test_an_invalid_config_is_refused(shelf: Shelf, desk: Desk, config_blob: Blob) -> None:
    put(shelf, "1", raw_image(config_blob=config_blob))
    report = desk.collect(shelf.name)
    assert (report.changed, report.failed, desk.facts()) == (0, 1, [])


STRANGE: list[dict[str, object]] = [
    {"config": None, "created": None, "rootfs": None, "history": None},
    {"created": "0001-01-01T00:00:00Z", "history": []},
    {"created": "yesterday", "history": [{"created": "never", "created_by": 1, "empty_layer": "yes"}, None, {}]},
    {"history": [{"created": "9999-12-31T23:59:59-23:59", "created_by": "RUN x"}] * 12_000},
    {"config": {"Labels": None, "Env": "A=b", "Cmd": "sh", "ExposedPorts": [], "Healthcheck": {"Test": None}}},
    {"architecture": None, "os": None},
    {"config": {"Labels": {"a": None, "b": ["c"]}, "Volumes": {"/x": None}, "Entrypoint": [None, 1, "run"]}},
]


@pytest.mark.parametrize("said", STRANGE)
def test_unusual_configs_are_read(shelf: Shelf, desk: Desk, said: dict[str, object]) -> None:
    layers = [blob(b"one"), blob(b"two")]
    raw = encode({"architecture": "amd64", "os": "linux", "rootfs": {"type": "layers", "diff_ids": []}} | said)
    put(shelf, "1", raw_image(layers=layers, config_blob=Blob(raw=raw, media_type=OCI_CONFIG)))
    report = desk.collect(shelf.name)
    assert (report.changed, report.failed) == (1, 0)
    (only,) = desk.state(f"{shelf.name}:1").images
    assert len(only.layers) == 2
    assert len(only.config.history) <= 10_000
    assert desk.collect(shelf.name).pulls == 0
    desk.check()


def test_a_missing_child_without_an_error_code(shelf: Shelf, desk: Desk) -> None:
    shelf.put_index([raw_image(), raw_image(architecture="arm64")], "1")
    shelf.answer(raw_image(architecture="arm64").digest, reply("<html>", 404, content_type="text/html"))
    report = desk.collect(shelf.name)
    assert (report.changed, report.failed) == (0, 1)
    shelf.put(raw_image(architecture="arm64"))
    # What came the first time is not fetched again, but for the index.
    assert desk.collect(shelf.name).pulls == 2
    desk.check()


def test_an_artifact_of_the_old_kind(shelf: Shelf, desk: Desk) -> None:
    kind = "application/vnd.oci.artifact.manifest.v1+json"
    said = {"mediaType": kind, "artifactType": "application/wasm", "blobs": [blob(b"wasm").descriptor]}
    manifest = Blob(raw=encode(said), media_type=kind)
    shelf.put_manifest(manifest)
    shelf.point("1", manifest)
    assert desk.collect(shelf.name).failed == 0
    (artifact,) = desk.state(f"{shelf.name}:1").artifacts
    assert (artifact.kind, artifact.size) == ("application/wasm", 4)


def test_two_runs_in_one_second_and_a_clock_that_is_set_back(shelf: Shelf, desk: Desk) -> None:
    for number in range(2):
        put(shelf, "1", raw_image(content=str(number)))
        assert desk.collect(shelf.name).changed == 1
    desk.at("19T08:00:00")
    put(shelf, "1", raw_image(content="2"))
    shelf.tags["dangling"] = raw_image().digest
    report = desk.collect(shelf.name)
    assert [digest for _, digest in desk.seen(f"{shelf.name}:1")] == [
        raw_image(content=str(number)).digest for number in range(3)
    ]
    times = [time for time, _ in desk.seen(f"{shelf.name}:1")]
    assert times == ["2026-11-20T08:00:00Z", "2026-11-20T08:00:01Z", "2026-11-20T08:00:02Z"]
    assert report.notices == [
        f"{shelf.name}:dangling: is listed, but has no manifest",
        "1: the clock shows 2026-11-19T08:00:00Z, but the last observation is from 2026-11-20T08:00:01Z; "
        "recorded as 2026-11-20T08:00:02Z",
    ]
    desk.check()
    assert desk.collect(shelf.name).changed == 0


def test_a_lost_line_is_fetched_again(shelf: Shelf, desk: Desk) -> None:
    """Whichever single line is lost, the next run adds it again."""
    shelf.put_index([raw_image(), raw_image(architecture="arm64")], "1")
    put(shelf, "2", raw_image(content="single"))
    desk.collect(shelf.name)
    whole = desk.timeless()
    (journal,) = [path for path in desk.root.rglob("*.jsonl") if path.parent.name != "visits"]
    lines = journal.read_bytes().splitlines(keepends=True)
    assert len(lines) == 9
    for number in range(len(lines)):
        journal.write_bytes(b"".join(lines[:number] + lines[number + 1 :]))
        assert desk.collect(shelf.name).failed == 0
        assert desk.timeless() == whole
        desk.check()


def test_one_repository_under_two_names(shelf: Shelf, desk: Desk) -> None:
    put(shelf, "1", raw_image())
    put(shelf, "2", raw_image())
    report = desk.collect(f"{shelf.name}:1", f"{shelf.name}:2", f"{shelf.name}:1", f"{shelf.name}:[12]")
    assert ([one.image for one in report.images], report.changed, shelf.heads()) == ([shelf.name], 2, 2)


def test_an_index_of_one_manifest_under_two_platforms(shelf: Shelf, desk: Desk) -> None:
    one = raw_image()
    shelf.put(one)
    twice = index([one, raw_image()], note="twice")
    shelf.put_manifest(twice)
    shelf.point("1", twice)
    assert desk.collect(shelf.name).pulls == 2
    assert len(desk.state(f"{shelf.name}:1").images) == 2


def test_invalid_utf_8_is_refused(shelf: Shelf, desk: Desk) -> None:
    raw = config(layers=[]).raw.replace(b"linux", b"lin\xffx")
    put(shelf, "1", raw_image(config_blob=Blob(raw=raw, media_type=OCI_CONFIG)))
    assert desk.collect(shelf.name).failed == 1
