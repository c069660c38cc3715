"""Collections from a real registry."""

from __future__ import annotations

from pathlib import Path

from collector.archive.facts import AbsentFact, RawFact
from collector.model.digests import digest_of
from tests.collect.conftest import Desk
from tests.support.registry import (
    OCI_INDEX,
    OCI_MANIFEST,
    Blob,
    RunningRegistry,
    attestation_of,
    blob,
    encode,
    index,
    push_image,
    push_index,
    raw_image,
    running_registry,
)

COSIGN = "application/vnd.dev.cosign.simplesigning.v1+json"
HELM = "application/vnd.cncf.helm.config.v1+json"


def test_a_first_collection_and_the_next(registry: RunningRegistry, app: str, desk: Desk) -> None:
    amd64, arm64 = raw_image(labels={"a": "b"}), raw_image(architecture="arm64", variant="v8")
    for tag in ("1.0", "1", "latest"):
        push_index(registry, app, tag, [amd64, arm64, attestation_of(amd64)], annotations={"x": "y"})
    name = f"{registry.address}/{app}"
    report = desk.collect(name)
    assert (report.looked_at, report.changed, report.pulls, report.failed) == (3, 3, 4, 0)
    state = desk.state(f"{name}:latest")
    assert [str(one.platform) for one in state.images] == ["linux/amd64", "linux/arm64/v8"]
    assert [one.builder for one in state.attestations[0].statements] == ["https://builder.example"]
    assert (state.annotations, state.images[0].config.runtime and state.images[0].config.runtime.labels) == (
        (("x", "y"),),
        (("a", "b"),),
    )
    before = desk.facts()
    report = desk.collect(name)
    assert (report.looked_at, report.changed, report.pulls) == (3, 0, 0)
    assert desk.facts() == before
    desk.check()


def test_only_what_is_new_is_fetched(registry: RunningRegistry, app: str, desk: Desk) -> None:
    name = f"{registry.address}/{app}"
    amd64, arm64 = raw_image(), raw_image(architecture="arm64")
    push_index(registry, app, "1", [amd64, arm64])
    assert desk.collect(name).pulls == 3
    push_index(registry, app, "1", [raw_image(content="new"), arm64])
    push_image(registry, app, amd64, tag="old")
    desk.at("21T08:00:00")
    report = desk.collect(name)
    assert (report.images[0].changed, report.pulls) == (["1", "old"], 2)
    assert desk.state(f"{name}:old").digest == amd64.digest
    desk.check()


def test_gone_once_back_and_still_gone(registry: RunningRegistry, app: str, desk: Desk) -> None:
    name = f"{registry.address}/{app}"
    kept, other = raw_image(), raw_image(content="other")
    for tag in ("a", "b", "c"):
        push_image(registry, app, kept, tag=tag)
    push_image(registry, app, other, tag="d")
    desk.collect(name)
    registry.delete(app, other.digest)
    desk.at("21T08:00:00")
    assert desk.collect(name).images[0].gone == ["d"]
    for day in ("22", "23"):
        desk.at(f"{day}T08:00:00")
        report = desk.collect(f"{name}:d")
        assert (report.looked_at, report.gone, report.changed, report.failed) == (1, 0, 0, 0)
    push_image(registry, app, other, tag="d")
    desk.at("24T08:00:00")
    report = desk.collect(name)
    assert (report.images[0].changed, report.pulls) == (["d"], 0)
    assert desk.seen(f"{name}:d") == [
        ("2026-11-20T08:00:00Z", other.digest),
        ("2026-11-21T08:00:00Z", "missing"),
        ("2026-11-24T08:00:00Z", other.digest),
    ]
    desk.check()


def test_many_gone_at_once_are_not_believed(registry: RunningRegistry, app: str, desk: Desk) -> None:
    name = f"{registry.address}/{app}"
    images = [raw_image(content=str(number)) for number in range(4)]
    for number, one in enumerate(images):
        push_image(registry, app, one, tag=f"t{number}")
    desk.collect(name)
    before = desk.facts()
    for one in images[1:]:
        registry.delete(app, one.digest)
    push_image(registry, app, raw_image(content="new"), tag="t0")
    desk.at("21T08:00:00")
    report = desk.collect(name)
    (failed,) = report.images[0].failed
    assert "3 of 4 tags are gone at once: nothing was recorded (see --allow-vanishing)" in failed.reason
    assert desk.facts() == before
    assert desk.collect(name, vanish_share=0.8).gone == 3
    registry.delete(app, raw_image(content="new").digest)
    push_image(registry, app, images[1], tag="t1")
    assert desk.collect(name).gone == 1
    assert [desk.seen(f"{name}:t{number}")[-1][1] for number in range(3)] == ["missing", images[1].digest, "missing"]


def test_allowed_vanishing_is_recorded(registry: RunningRegistry, app: str, desk: Desk) -> None:
    name = f"{registry.address}/{app}"
    for number in range(3):
        push_image(registry, app, raw_image(content=str(number)), tag=f"t{number}")
    desk.collect(name)
    for number in range(3):
        registry.delete(app, raw_image(content=str(number)).digest)
    assert desk.collect(name).failed == 1
    report = desk.collect(name, allow_vanishing=True)
    assert (report.gone, report.failed) == (3, 0)


def test_a_named_tag_that_does_not_exist_is_a_failure(registry: RunningRegistry, app: str, desk: Desk) -> None:
    push_image(registry, app, raw_image(), tag="1")
    name = f"{registry.address}/{app}"
    report = desk.collect(f"{name}:1", f"{name}:nope", f"{registry.address}/team/nothing")
    assert (report.changed, report.looked_at, report.failed) == (1, 1, 2)
    reasons = {failed.tag: failed.reason for one in report.images for failed in one.failed}
    assert reasons["nope"] == "the registry has no such tag"
    assert "not in the registry (NAME_UNKNOWN" in reasons[None]
    assert desk.holdings(name).tags == ["1"]


def test_nested_indexes_and_artifacts(registry: RunningRegistry, app: str, desk: Desk) -> None:
    name = f"{registry.address}/{app}"
    inner = push_index(registry, app, "inner", [raw_image(), raw_image(architecture="s390x")])
    outer = encode(
        {"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": [inner.descriptor, raw_image(os="x").descriptor]}
    )
    push_image(registry, app, raw_image(os="x"))
    registry.push_manifest(app, "outer", Blob(raw=outer, media_type=OCI_INDEX))
    chart, values = blob(b"{}", media_type=HELM), blob(b"chart")
    helm = {"schemaVersion": 2, "mediaType": OCI_MANIFEST, "config": chart.descriptor, "layers": [values.descriptor]}
    registry.push_blob(app, chart)
    registry.push_blob(app, values)
    registry.push_manifest(app, "chart", Blob(raw=encode(helm), media_type=OCI_MANIFEST))
    push_image(registry, app, raw_image(says_media_type=False, content="old"), tag="plain")
    signature = raw_image(layers=[blob(b"{}", media_type=COSIGN)])
    push_image(registry, app, signature, tag=f"sha256-{'0' * 64}.sig")
    # All tags, and the signature by a pattern of its own.
    report = desk.collect(name, f"{name}:*.sig")
    assert (report.changed, report.failed, report.pulls) == (5, 0, 8)
    assert [str(one.platform) for one in desk.state(f"{name}:outer").images] == [
        "linux/amd64",
        "linux/s390x",
        "x/amd64",
    ]
    (artifact,) = desk.state(f"{name}:chart").artifacts
    assert (artifact.kind, artifact.size) == (HELM, 5)
    (artifact,) = desk.state(f"{name}:sha256-{'0' * 64}.sig").artifacts
    assert (artifact.kind, desk.state(f"{name}:sha256-{'0' * 64}.sig").images) == (COSIGN, ())
    assert desk.state(f"{name}:plain").images[0].media_type == OCI_MANIFEST
    assert desk.collect(name).pulls == 0
    desk.check()


def test_an_index_whose_child_is_absent(registry: RunningRegistry, app: str, desk: Desk) -> None:
    name = f"{registry.address}/{app}"
    here, gone = raw_image(), raw_image(architecture="arm64")
    push_index(registry, app, "1", [here, gone])
    registry.delete(app, gone.digest)
    assert desk.collect(name).failed == 0
    state = desk.state(f"{name}:1")
    assert ([one.manifest for one in state.images], state.absent) == ([here.digest], (gone.digest,))
    assert desk.collect(name).pulls == 0
    # A new index asks for it anew.
    push_image(registry, app, gone)
    push_index(registry, app, "1", [here, gone], annotations={"a": "b"})
    assert desk.collect(name).pulls == 2
    assert desk.state(f"{name}:1").absent == ()
    assert [type(fact) for fact in desk.facts() if getattr(fact, "digest", "") == gone.digest] == [AbsentFact, RawFact]
    desk.check()


def test_schema_1(desk: Desk, tmp_path: Path) -> None:
    settings = {"compatibility": {"schema1": {"enabled": True}}}
    with running_registry(tmp_path / "registry", settings=settings) as registry:
        name = f"{registry.address}/team/old"
        push_image(registry, "team/old", raw_image(docker=True), tag="new")
        made = registry.session.get(f"{registry.url}/v2/team/old/manifests/new", headers={"Accept": ""})
        registry.push_manifest("team/old", "old", Blob(raw=made.content, media_type=made.headers["Content-Type"]))
        report = desk.collect(f"{name}:old")
        assert (report.changed, report.pulls, report.failed) == (1, 1, 0)
        assert desk.collect(f"{name}:old").pulls == 0
    (only,) = desk.state(f"{name}:old").images
    assert only.config.digest.startswith("v1:")
    assert {layer.size for layer in only.layers} == {len(layer.raw) for layer in raw_image(docker=True).layers}
    assert (str(only.platform), only.config.cmd) == ("linux/amd64", ("sh",))
    desk.check()


def test_the_digest_of_an_index_is_that_of_its_text(registry: RunningRegistry, app: str, desk: Desk) -> None:
    push_index(registry, app, "1", [raw_image()])
    desk.collect(f"{registry.address}/{app}")
    raws = [fact for fact in desk.facts() if isinstance(fact, RawFact)]
    assert [digest_of(fact.content) for fact in raws] == [fact.digest for fact in raws]
    assert raws[-1].content == index([raw_image()]).raw
