"""Registries that break the specification but are pulled from every day: their images are collected."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest

from tests.collect.conftest import Desk
from tests.collect.image_store import UNKNOWN, Shelf
from tests.support.registry import (
    OCI_CONFIG,
    OCI_INDEX,
    OCI_LAYER,
    OCI_MANIFEST,
    Blob,
    Image,
    blob,
    config,
    encode,
    raw_image,
)
from tests.support.stub import Answering, Reply, Seen, reply, running_stub

OLD_CONFIG_TYPES = ["application/octet-stream", "application/json", "text/html", ""]
"""That Docker pulls: moby, distribution/pull_v2.go, "ImageTypes"."""


def with_config_type(media_type: str, *, layers: str = OCI_LAYER) -> Image:
    made = [blob(b"a layer", media_type=layers)]
    return raw_image(layers=made, config_blob=config(layers=made, media_type=media_type))


@pytest.mark.parametrize("media_type", OLD_CONFIG_TYPES)
def test_an_image_with_an_old_config_is_an_image(shelf: Shelf, desk: Desk, media_type: str) -> None:
    old = with_config_type(media_type)
    shelf.put(old)
    shelf.point("1", old)
    assert desk.collect(shelf.name).changed == 1
    (found,) = desk.state(f"{shelf.name}:1").images
    assert (found.config.digest, str(found.platform)) == (old.config.digest, "linux/amd64")
    shelf.forget()
    assert desk.collect(shelf.name).pulls == 0
    desk.check()


@pytest.mark.parametrize("media_type", ["application/vnd.cncf.helm.config.v1+json", *OLD_CONFIG_TYPES])
def test_a_manifest_without_file_systems_is_not_an_image(shelf: Shelf, desk: Desk, media_type: str) -> None:
    chart = with_config_type(media_type, layers="application/vnd.cncf.helm.chart.content.v1.tar+gzip")
    shelf.put(chart)
    shelf.point("1", chart)
    desk.collect(shelf.name)
    state = desk.state(f"{shelf.name}:1")
    assert (state.images, len(state.artifacts)) == ((), 1)
    assert not [seen for seen in shelf.stub.seen if seen.path == shelf.blob_path(chart.config.digest)]


@pytest.mark.parametrize(("layers", "is_image"), [(OCI_LAYER, True), ("application/vnd.example.data", False)])
def test_an_artifact_type_beside_the_config_of_an_image(
    shelf: Shelf, desk: Desk, layers: str, *, is_image: bool
) -> None:
    """Docker pulls file systems whatever the artifact type."""
    plain = with_config_type(OCI_CONFIG, layers=layers)
    named = json.loads(plain.manifest.raw) | {"artifactType": "application/vnd.example"}
    shelf.put(plain)
    both = blob(encode(named), media_type=OCI_MANIFEST)
    shelf.put_manifest(both)
    shelf.point("1", both)
    desk.collect(shelf.name)
    state = desk.state(f"{shelf.name}:1")
    assert (len(state.images), len(state.artifacts)) == ((1, 0) if is_image else (0, 1))
    desk.check()


@dataclass
class WithoutHead:
    """Answers HEAD with another status, and GET as before."""

    answer: Answering
    status: int

    def __call__(self, seen: Seen) -> Reply:
        return reply("", self.status) if seen.method == "HEAD" else self.answer(seen)


def refuse_heads(shelf: Shelf, status: int) -> None:
    for path, route in list(shelf.stub.routes.items()):
        if "/manifests/" in path:
            shelf.stub.on(path, WithoutHead(route, status))


@pytest.mark.parametrize("status", [400, 405, 501, 404])
def test_a_registry_without_head_is_asked_by_get(shelf: Shelf, desk: Desk, status: int) -> None:
    for tag in ("1", "2"):
        shelf.put(raw_image(content=tag))
        shelf.point(tag, raw_image(content=tag))
    refuse_heads(shelf, status)
    report = desk.collect(shelf.name)
    assert (report.changed, report.failed, report.pulls) == (2, 0, 2)
    # Only GET tells that nothing changed: a pull for each tag.
    report = desk.collect(shelf.name)
    assert (report.changed, report.failed, report.gone, report.pulls) == (0, 0, 0, 2)
    assert desk.collect(f"{shelf.name}:2", is_dry=True).pulls == 1
    desk.check()


@pytest.mark.parametrize("has_list", [True, False])
def test_head_that_misses_some_of_the_listed_tags(shelf: Shelf, desk: Desk, *, has_list: bool) -> None:
    """GET decides about a tag that is listed, also where HEAD finds others, and where most of them would be gone."""
    for tag in ("1", "2", "3"):
        shelf.put(raw_image(content=tag))
        shelf.point(tag, raw_image(content=tag))
    for tag in ("2", "3"):
        path = shelf.manifest_path(tag)
        shelf.stub.on(path, WithoutHead(shelf.stub.routes[path], 404))
    wanted = [shelf.name] if has_list else [f"{shelf.name}:{tag}" for tag in "123"]
    report = desk.collect(*wanted)
    assert (report.changed, report.failed, report.notices, report.pulls) == (3, 0, [], 3)
    # Only GET tells that nothing changed.
    shelf.forget()
    report = desk.collect(*wanted)
    assert (report.looked_at, report.changed, report.gone, report.failed, report.pulls) == (3, 0, 0, 0, 2)
    assert sorted(shelf.gets()) == ["2", "3"]
    desk.check()


def test_a_listed_tag_that_was_gone_comes_back_although_head_misses_it(shelf: Shelf, desk: Desk) -> None:
    for tag in "1234":
        shelf.put(raw_image(content=tag))
        shelf.point(tag, raw_image(content=tag))
    desk.collect(shelf.name)
    shelf.drop("1")
    assert desk.collect(shelf.name).gone == 1
    shelf.point("1", raw_image(content="1"))
    path = shelf.manifest_path("1")
    shelf.stub.on(path, WithoutHead(shelf.stub.routes[path], 404))
    assert desk.collect(shelf.name).changed == 1
    assert [seen for _, seen in desk.seen(f"{shelf.name}:1")][1:] == ["missing", raw_image(content="1").digest]


def test_a_listed_tag_without_a_manifest_is_a_notice(shelf: Shelf, desk: Desk) -> None:
    shelf.put(raw_image())
    shelf.point("1", raw_image())
    shelf.tags["dangling"] = raw_image().digest
    for _ in range(2):
        report = desk.collect(shelf.name)
        assert report.failed == 0
        assert [f"{shelf.name}:dangling: is listed, but has no manifest"] == report.notices
    # HEAD alone is not believed: one GET in each run.
    assert sorted(shelf.gets()) == ["dangling", "dangling", raw_image().digest]
    assert "dangling" not in desk.holdings(shelf.name).tags


def test_without_a_list_of_tags_get_confirms_that_one_is_gone(shelf: Shelf, desk: Desk) -> None:
    for tag in "1234":
        shelf.put(raw_image(content=tag))
        shelf.point(tag, raw_image(content=tag))
    desk.collect(shelf.name)
    shelf.stub.on(shelf.tags_path, reply("", 500))
    shelf.answer("1", UNKNOWN)
    shelf.forget()
    report = desk.collect(*(f"{shelf.name}:{tag}" for tag in "1234"))
    assert (report.images[0].gone, report.failed, shelf.gets()) == (["1"], 0, ["1"])


def test_listed_tags_whose_manifests_vanish_at_once_are_not_believed_gone(shelf: Shelf, desk: Desk) -> None:
    for tag in "123":
        shelf.put(raw_image(content=tag))
        shelf.point(tag, raw_image(content=tag))
    desk.collect(shelf.name)
    for tag in "12":
        shelf.answer(tag, UNKNOWN)
    report = desk.collect(shelf.name)
    assert (report.gone, report.failed) == (0, 1)
    assert "2 of 3 tags are gone at once" in report.images[0].failed[0].reason
    # A dry run makes no pulls, so it does not know, and counts them.
    shelf.forget()
    report = desk.collect(shelf.name, is_dry=True)
    assert (report.images[0].changed, report.gone, report.failed, report.pulls) == (["1", "2"], 0, 0, 2)
    assert shelf.gets() == []
    assert desk.collect(shelf.name, allow_vanishing=True).images[0].gone == ["1", "2"]


def test_the_only_tag_of_an_image_does_not_vanish_unnoticed(shelf: Shelf, desk: Desk) -> None:
    shelf.put(raw_image())
    shelf.point("1", raw_image())
    desk.collect(shelf.name)
    shelf.drop("1")
    report = desk.collect(shelf.name)
    assert (report.gone, report.failed) == (0, 1)
    assert "1 of 1 tags are gone at once" in report.images[0].failed[0].reason
    assert desk.collect(shelf.name, allow_vanishing=True).gone == 1


@pytest.mark.parametrize(("gone", "is_recorded"), [(3, True), (4, False)])
def test_exactly_the_allowed_share_of_tags_may_vanish(
    shelf: Shelf, desk: Desk, gone: int, *, is_recorded: bool
) -> None:
    for number in range(10):
        shelf.put(raw_image(content=str(number)))
        shelf.point(f"t{number}", raw_image(content=str(number)))
    desk.collect(shelf.name)
    for number in range(gone):
        shelf.drop(f"t{number}")
    assert desk.collect(shelf.name, vanish_share=0.3).gone == (gone if is_recorded else 0)


def test_a_temporarily_missing_config_does_not_make_its_image_absent(shelf: Shelf, desk: Desk) -> None:
    here, lacking = raw_image(), raw_image(architecture="arm64")
    shelf.put_index([here, lacking], "1")
    shelf.stub.on(shelf.blob_path(lacking.config.digest), UNKNOWN)
    report = desk.collect(shelf.name)
    assert (report.changed, report.failed) == (0, 1)
    reason = report.images[0].failed[0].reason
    assert f"{shelf.name}@{lacking.digest}" in reason
    assert lacking.config.digest in reason
    assert not desk.holdings(shelf.name).absent
    shelf.put(lacking)
    assert desk.collect(shelf.name).changed == 1
    assert [str(one.platform) for one in desk.state(f"{shelf.name}:1").images] == ["linux/amd64", "linux/arm64"]
    desk.check()


def test_a_child_that_comes_late_is_found_by_a_later_run(shelf: Shelf, desk: Desk) -> None:
    here, late = raw_image(), raw_image(architecture="arm64")
    made = shelf.put_index([here, late], "1")
    shelf.answer(late.digest, UNKNOWN)
    desk.collect(shelf.name)
    assert desk.state(f"{shelf.name}:1").absent == (late.digest,)
    # Still absent: one HEAD more, and no pull.
    shelf.forget()
    report = desk.collect(shelf.name)
    assert (report.changed, report.failed, report.pulls, shelf.heads()) == (0, 0, 0, 2)
    shelf.put(late)
    shelf.forget()
    report = desk.collect(shelf.name)
    assert (report.failed, shelf.gets()) == (0, [late.digest])
    state = desk.state(f"{shelf.name}:1")
    assert (state.digest, state.absent) == (made.digest, ())
    assert [str(one.platform) for one in state.images] == ["linux/amd64", "linux/arm64"]
    assert desk.collect(shelf.name).pulls == 0
    desk.check()


@pytest.mark.parametrize("is_served", [False, True])
@pytest.mark.parametrize("tags", [["image", "odd"], ["odd", "image"]])
@pytest.mark.parametrize("is_one_run", [True, False])
def test_one_digest_in_two_roles(
    shelf: Shelf, desk: Desk, tags: list[str], *, is_served: bool, is_one_run: bool
) -> None:
    """An index lists the digest of a config as that of a manifest; some registries serve any blob as a manifest."""
    good = raw_image()
    shelf.put(good)
    shelf.point("image", good)
    as_manifest = {"mediaType": OCI_MANIFEST, "digest": good.config.digest, "size": len(good.config.raw)}
    listed = {"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": [good.descriptor, as_manifest]}
    odd = Blob(raw=encode(listed), media_type=OCI_INDEX)
    shelf.put_manifest(odd)
    shelf.point("odd", odd)
    shelf.answer(good.config.digest, reply(good.config.raw, content_type=OCI_MANIFEST) if is_served else UNKNOWN)
    names = [f"{shelf.name}:{tag}" for tag in tags]
    for arguments in [names] if is_one_run else [[name] for name in names]:
        desk.collect(*arguments)
    assert [str(one.platform) for one in desk.state(f"{shelf.name}:image").images] == ["linux/amd64"]
    if is_served:
        # What is served is no manifest: the index is refused.
        assert "odd" not in desk.holdings(shelf.name).tags
    else:
        assert desk.state(f"{shelf.name}:odd").absent == (good.config.digest,)
    desk.check()


def test_a_refused_tag_is_pulled_once_in_a_run(shelf: Shelf, desk: Desk) -> None:
    refused = Blob(raw=b'{"schemaVersion": 2, "layers": {}}', media_type=OCI_MANIFEST)
    shelf.put_manifest(refused)
    shelf.point("1", refused)
    report = desk.collect(shelf.name)
    assert (report.failed, report.pulls, len(shelf.gets())) == (1, 1, 1)


def test_a_good_manifest_that_is_called_html(shelf: Shelf, desk: Desk) -> None:
    good = raw_image()
    shelf.put(good)
    shelf.point("1", good, content_type="text/html")
    shelf.answer(good.digest, reply(good.manifest.raw, content_type="text/html; charset=utf-8"))
    assert desk.collect(shelf.name).changed == 1
    assert desk.state(f"{shelf.name}:1").images[0].media_type == OCI_MANIFEST


def test_a_layer_by_an_unknown_algorithm_is_named_and_not_fetched(shelf: Shelf, desk: Desk) -> None:
    foreign = {"mediaType": OCI_LAYER, "digest": "blake3:" + "5" * 64, "size": 7}
    plain = raw_image()
    manifest = encode({"schemaVersion": 2, "config": plain.config.descriptor, "layers": [foreign]})
    odd = Image(manifest=blob(manifest, media_type=OCI_MANIFEST), config=plain.config, layers=(), platform={})
    shelf.put(odd)
    shelf.point("1", odd)
    assert desk.collect(shelf.name).changed == 1
    (found,) = desk.state(f"{shelf.name}:1").images
    assert [layer.digest for layer in found.layers] == [foreign["digest"]]
    assert not [seen for seen in shelf.stub.seen if "GET" in seen.method and "blake3" in seen.target]
    desk.check()


def schema_1(**newest: object) -> Blob:
    compatible = {"id": "a" * 64, "created": "2015-01-01T00:00:00Z", "container_config": {"Cmd": ["sh"]}, **newest}
    said = {
        "schemaVersion": 1,
        "architecture": "amd64",
        "fsLayers": [{"blobSum": blob(b"a layer").digest}],
        "history": [{"v1Compatibility": json.dumps(compatible)}],
    }
    return blob(encode(said), media_type="application/vnd.docker.distribution.manifest.v1+json")


@pytest.mark.parametrize(
    ("named", "platform"),
    [
        ({}, "linux/amd64"),
        ({"os": "linux"}, "linux/amd64"),
        ({"architecture": "arm"}, "linux/arm"),
        ({"os": "windows", "architecture": "amd64"}, "windows/amd64"),
    ],
)
def test_schema_1_without_a_platform_is_an_image(
    shelf: Shelf, desk: Desk, named: dict[str, str], platform: str
) -> None:
    old = Image(manifest=schema_1(**named), config=blob(b""), layers=(blob(b"a layer"),), platform={})
    shelf.put(old)
    shelf.point("1", old)
    assert desk.collect(shelf.name).changed == 1
    (found,) = desk.state(f"{shelf.name}:1").images
    assert str(found.platform) == platform


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        (rb"good \ud83d", "good \ufffd"),
        (rb"\udc00x", "\ufffdx"),
        (rb"\ud83d\u0041", "\ufffdA"),
        (rb"\ud83d\ud83d\ude00", "\ufffd\U0001f600"),
        (rb"\\ud83d \" \\\ud83d", '\\ud83d " \\\ufffd'),
        (rb"\uD83D\uDE00", "\U0001f600"),
    ],
)
def test_half_a_surrogate_pair_in_a_label_is_the_replacement_character(
    shelf: Shelf, desk: Desk, label: bytes, expected: str
) -> None:
    raw = config(settings={"Labels": {"text": "HERE"}}).raw.replace(b"HERE", label)
    cut = raw_image(config_blob=blob(raw, media_type=OCI_CONFIG))
    shelf.put(cut)
    shelf.point("1", cut)
    assert desk.collect(shelf.name).changed == 1
    (found,) = desk.state(f"{shelf.name}:1").images
    assert found.config.runtime
    assert found.config.runtime.labels == (("text", expected),)
    desk.check()


def test_a_registry_named_by_its_ipv6_address(desk: Desk) -> None:
    with running_stub(host="::1") as stub:
        shelf = Shelf(stub)
        shelf.put(raw_image())
        shelf.point("1", raw_image())
        assert shelf.name.startswith("[::1]:")
        assert desk.collect(f"{shelf.name}:1").changed == 1
    assert desk.archive.repositories() == [shelf.repository]
    (seen,) = desk.holdings(shelf.name).observations["1"]
    assert seen.source == f"http://{shelf.repository.registry}"
    (folder,) = desk.root.glob("+*")
    assert folder.name == shelf.repository.registry.replace("[::1]:", "++1_+")
    desk.check()
