"""Attestations of all forms, and the facts of their statements."""

from __future__ import annotations

import json

import pytest

from collector.archive.facts import StatementFact
from collector.collect.attestations import read_statement
from collector.model.digests import Digest
from collector.model.documents import Descriptor
from collector.model.packages import Package
from collector.sbom.formats import MAX_STATEMENT
from tests.collect.conftest import Desk
from tests.collect.image_store import UNKNOWN, Shelf
from tests.sbom.documents import scout_alpine
from tests.support.formats import as_format_1
from tests.support.registry import IN_TOTO, Blob, Image, attestation_of, blob, config, encode, raw_image, statement
from tests.support.stub import reply

ATTESTED = Digest(raw_image().digest)
V1 = "https://slsa.dev/provenance/v1"
V02 = "https://slsa.dev/provenance/v0.2"
SPDX = "https://spdx.dev/Document"
SOURCE = {"uri": "https://github.com/x/y.git#main", "digest": {"sha1": "ab" * 20}, "path": "Dockerfile"}
VCS = {"source": "https://github.com/x/y.git", "revision": "cd" * 20}
PACKAGES = {
    "packages": [
        {"SPDXID": "SPDXRef-root", "name": "x"},
        {"SPDXID": "SPDXRef-a", "name": "a"},
        {"SPDXID": "SPDXRef-b", "name": "b", "files": []},
    ],
    "relationships": [{"relationshipType": "DESCRIBES", "relatedSpdxElement": "SPDXRef-root", "spdxElementId": "d"}],
}


def of_second_generation(subject: Image) -> Image:
    """With BuildKit's own config, as its documentation had it."""
    made = attestation_of(subject, as_artifact=True)
    own = blob(b"{}", media_type="application/vnd.docker.attestation.config.v1+json")
    said = {"schemaVersion": 2, "config": own.descriptor, "layers": [layer.descriptor for layer in made.layers]}
    manifest = Blob(raw=encode(said), media_type=made.manifest.media_type)
    return Image(
        manifest=manifest, config=own, layers=made.layers, platform=made.platform, annotations=made.annotations
    )


@pytest.mark.parametrize(
    "attest", [attestation_of, of_second_generation, lambda subject: attestation_of(subject, as_artifact=True)]
)
def test_attestations_are_folded_under_their_image(shelf: Shelf, desk: Desk, attest: object) -> None:
    amd64, arm64 = raw_image(), raw_image(architecture="arm64")
    attested = [attest(amd64), attest(arm64)]  # type: ignore[operator]  # one of three functions
    shelf.put_index([amd64, *attested, arm64], "1")
    assert desk.collect(shelf.name).pulls == 5
    state = desk.state(f"{shelf.name}:1")
    assert [one.manifest for one in state.images] == [amd64.digest, arm64.digest]
    assert [(one.attests, one.manifest) for one in state.attestations] == [
        (amd64.digest, attested[0].digest),
        (arm64.digest, attested[1].digest),
    ]
    assert state.artifacts == ()
    (said,) = state.attestations[0].statements
    assert (said.predicate_type, said.builder) == (V1, "https://builder.example")
    assert desk.collect(shelf.name).pulls == 0
    desk.check()


@pytest.mark.parametrize("subject", ["", "sha256:<script>", "../../x"])
def test_an_attestation_of_an_unknown_manifest(shelf: Shelf, desk: Desk, subject: str) -> None:
    made = attestation_of(raw_image())
    annotations = {**made.annotations, "vnd.docker.reference.digest": subject}
    odd = Image(
        manifest=made.manifest, config=made.config, layers=made.layers, platform=made.platform, annotations=annotations
    )
    shelf.put_index([raw_image(), odd], "1")
    assert desk.collect(shelf.name).failed == 0
    state = desk.state(f"{shelf.name}:1")
    assert (len(state.images), [one.attests for one in state.attestations]) == (1, [None])


@pytest.mark.parametrize(
    ("kind", "predicate", "expected"),
    [
        (
            V1,
            {
                "buildDefinition": {"externalParameters": {"configSource": SOURCE}},
                "runDetails": {"builder": {"id": "b"}, "metadata": {"buildkit_metadata": {"vcs": VCS}}},
            },
            {"builder": "b", "source": SOURCE["uri"], "revision": "ab" * 20},
        ),
        (V1, {"runDetails": {"metadata": {"buildkit_metadata": {"vcs": VCS}}}}, VCS),
        (
            V02,
            {"builder": {"id": "b"}, "invocation": {"configSource": SOURCE}},
            {"builder": "b", "source": SOURCE["uri"], "revision": "ab" * 20},
        ),
        (V02, {"metadata": {"https://mobyproject.org/buildkit@v1#metadata": {"vcs": VCS}}}, VCS),
        (V1, {"buildDefinition": None, "runDetails": {"builder": {"id": ["b"]}}}, {}),
        (SPDX, PACKAGES, {"packages": 2}),
        (SPDX, {"packages": []}, {"packages": 0}),
        (
            SPDX,
            {"packages": [{"SPDXID": "root"}, {"SPDXID": "a", "name": "a"}], "documentDescribes": ["root"]},
            {"packages": 1},
        ),
        (SPDX, scout_alpine(), {"packages": 16}),
        ("https://cyclonedx.org/bom/v1.6", {"components": [{"name": "a"}, {"name": "b"}]}, {"packages": 2}),
        (SPDX, {"packages": None}, {}),
        (SPDX, {"packages": "many"}, {}),
        ("https://openvex.dev/ns", {"statements": []}, {}),
        (V1, ["no object"], {}),
        (V1, {"builder": {"id": "b"}, "large": "x" * 2**24}, {}),
    ],
)
def test_facts_of_a_statement(kind: str, predicate: object, expected: dict[str, object]) -> None:
    made = statement(predicate_type=kind, predicate=predicate, subject=raw_image().digest)
    layer = Descriptor(
        media_type=IN_TOTO,
        digest=Digest(made.digest),
        size=len(made.raw),
        annotations=tuple(made.annotations.items()),
    )
    assert read_statement(layer, made.raw, ATTESTED).fact == StatementFact(
        digest=Digest(made.digest),
        predicate_type=kind,
        size=len(made.raw),
        **expected,  # type: ignore[arg-type]  # names of fields
    )


DEBIAN = "distro=debian-12"
OF_AMD64 = {
    "spdxVersion": "SPDX-2.3",
    "creationInfo": {"creators": ["Tool: syft-1.18.1"]},
    "packages": [
        {
            "name": "libssl3",
            "SPDXID": "SPDXRef-a",
            "externalRefs": [
                {
                    "referenceType": "purl",
                    "referenceLocator": f"pkg:deb/debian/libssl3@3.0?arch=amd64&{DEBIAN}&upstream=openssl",
                }
            ],
        }
    ],
}


def with_statement(subject: Image, predicate: object, about: str | None) -> Image:
    named = statement(predicate_type=SPDX, predicate=predicate, subject=about or subject.digest)
    if about is None:
        return attestation_of(subject, statements=[named])
    raw = named.raw if about else encode({**json.loads(named.raw), "subject": []})
    return attestation_of(subject, statements=[blob(raw, media_type=IN_TOTO, annotations=named.annotations)])


@pytest.mark.parametrize("is_single", [False, True], ids=["index", "single"])
def test_the_packages_of_an_image(shelf: Shelf, desk: Desk, *, is_single: bool) -> None:
    amd64, arm64 = raw_image(), raw_image(architecture="arm64")
    sbom = with_statement(amd64, OF_AMD64, None)
    # The attestation comes before the image that it is about.
    shelf.put_index([sbom, amd64] if is_single else [sbom, arm64, amd64, with_statement(arm64, {}, None)], "1")
    assert desk.collect(shelf.name).failed == 0
    holdings = desk.holdings(shelf.name)
    images = {str(one.platform): one for one in desk.state(f"{shelf.name}:1").images}
    config = images["linux/amd64"].config.digest
    inventory = holdings.inventory(config)
    assert inventory
    assert (inventory.by, inventory.system, inventory.types) == ("syft 1.18.1", "debian 12", ("deb",))
    assert inventory.statement == sbom.layers[0].digest
    found = holdings.package_list(config)
    assert found
    assert found.packages == (Package("deb", "libssl3", "3.0", "openssl"),)
    if not is_single:
        assert holdings.inventory(images["linux/arm64"].config.digest) is None
    desk.check()
    facts = desk.facts()
    desk.collect(shelf.name)
    assert desk.facts() == facts


def test_a_statement_about_another_image_is_not_believed(
    shelf: Shelf, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    image = raw_image()
    shelf.put_index([image, with_statement(image, OF_AMD64, f"sha256:{'1' * 64}")], "1")
    desk.collect(shelf.name)
    assert desk.holdings(shelf.name).inventories == {}
    (attestation,) = desk.state(f"{shelf.name}:1").attestations
    assert attestation.statements[0].packages == 1
    assert [one for one in caplog.messages if f"reason=about another manifest than {image.digest}" in one]
    desk.check()


def without_packages(desk: Desk) -> None:
    """The archive in its form before packages were kept."""
    for path in desk.root.rglob("2*.jsonl"):
        lines = path.read_bytes().splitlines(keepends=True)
        kept = [line for line in lines if b'"fact":"packages"' not in line and b'"fact":"inventory"' not in line]
        path.write_bytes(b"".join(kept))


def test_sboms_that_were_collected_before_are_read_again(shelf: Shelf, desk: Desk) -> None:
    image = raw_image()
    kept, lost = with_statement(image, OF_AMD64, None), raw_image(architecture="arm64")
    gone = with_statement(lost, {**OF_AMD64, "name": "of a blob that the registry has no more"}, None)
    shelf.put_index([image, kept, attestation_of(image), lost, gone], "1")
    desk.collect(shelf.name)
    assert len(desk.holdings(shelf.name).inventories) == 2
    before = desk.facts()
    assert desk.collect(shelf.name, packages=True).sboms == 0
    without_packages(desk)
    assert desk.collect(shelf.name).sboms == 0
    shelf.forget()
    dry = desk.collect(shelf.name, packages=True, is_dry=True)
    assert (dry.sboms, dry.pulls) == (2, 0)
    assert shelf.stub.asked("GET") == [f"GET /v2/{shelf.path}/tags/list"]
    shelf.stub.on(shelf.blob_path(gone.layers[0].digest), UNKNOWN)
    report = desk.collect(shelf.name, packages=True)
    assert (report.sboms, report.pulls, report.failed) == (2, 0, 0)
    assert [line for line in shelf.stub.asked("GET") if "/manifests/" in line] == []
    found = desk.holdings(shelf.name).package_list(image.config.digest)
    assert found
    assert found.packages == (Package("deb", "libssl3", "3.0", "openssl"),)
    assert desk.holdings(shelf.name).inventory(lost.config.digest) is None
    assert len(desk.facts()) == len(before) - 1
    desk.check()


def test_an_sbom_that_cannot_be_read_again_for_the_moment_is_a_failure(shelf: Shelf, desk: Desk) -> None:
    image = raw_image()
    sbom = with_statement(image, OF_AMD64, None)
    shelf.put_index([image, sbom], "1")
    desk.collect(shelf.name)
    without_packages(desk)
    shelf.stub.on(shelf.blob_path(sbom.layers[0].digest), reply("", 500))
    report = desk.collect(shelf.name, packages=True)
    assert (report.sboms, report.failed) == (0, 1)
    shelf.put(sbom)
    assert desk.collect(shelf.name, packages=True).sboms == 1
    assert len(desk.holdings(shelf.name).inventories) == 1


def test_an_archive_of_the_older_format_has_no_packages(shelf: Shelf, desk: Desk) -> None:
    as_format_1(desk.root)
    image = raw_image()
    shelf.put_index([image, with_statement(image, OF_AMD64, None)], "1")
    report = desk.collect(shelf.name)
    assert ["repo-info upgrade" in notice for notice in report.notices] == [True]
    assert desk.collect(shelf.name).notices == []
    shelf.forget()
    assert desk.collect(shelf.name, packages=True).sboms == 0
    assert [line for line in shelf.stub.asked("GET") if "/blobs/" in line] == []
    assert desk.holdings(shelf.name).inventories == {}
    desk.check()


def test_only_so_many_packages_wait_for_their_images(shelf: Shelf, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("collector.collect.statement_reader._MAX_WAITING", 2)
    images = [raw_image(content=str(number)) for number in range(5)]
    strangers = [raw_image(content=f"unknown {number}") for number in range(5)]
    sboms = [with_statement(one, OF_AMD64, None) for one in (*strangers, *images)]
    shelf.put_index([*sboms, *images], "1")
    assert desk.collect(shelf.name, threads=1).failed == 0
    assert len(desk.holdings(shelf.name).inventories) < 5
    assert desk.collect(shelf.name, packages=True).sboms > 0
    assert len(desk.holdings(shelf.name).inventories) == 5
    desk.check()


def test_packages_of_an_image_that_the_registry_lacks_do_not_wait(
    shelf: Shelf, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("collector.collect.statement_reader._MAX_WAITING", 1)
    image, lacking = raw_image(), raw_image(architecture="arm64")
    shelf.put_index([with_statement(lacking, OF_AMD64, None), lacking], "1")
    shelf.answer(lacking.digest, UNKNOWN)
    shelf.put_index([with_statement(image, OF_AMD64, None), image], "2")
    assert desk.collect(shelf.name, threads=1).failed == 0
    assert list(desk.holdings(shelf.name).inventories) == [image.config.digest]


def test_a_large_sbom_is_read(shelf: Shelf, desk: Desk) -> None:
    image = raw_image()
    files = [{"fileName": "x" * 2**20} for _ in range(63)]
    large = with_statement(image, {**OF_AMD64, "files": files}, None)
    assert len(large.layers[0].raw) > 63 * 2**20
    shelf.put_index([image, large], "1")
    assert desk.collect(shelf.name, layer_dates=False).failed == 0
    assert desk.holdings(shelf.name).inventory(image.config.digest)


def test_an_sbom_of_itself_waits_for_nothing(shelf: Shelf, desk: Desk) -> None:
    image = raw_image()
    sbom = with_statement(image, OF_AMD64, "")
    annotations = {**sbom.annotations, "vnd.docker.reference.digest": sbom.digest}
    odd = Image(
        manifest=sbom.manifest, config=sbom.config, layers=sbom.layers, platform=sbom.platform, annotations=annotations
    )
    shelf.put_index([image, odd, with_statement(image, OF_AMD64, "")], "1")
    assert desk.collect(shelf.name).failed == 0
    assert len(desk.holdings(shelf.name).inventories) == 1
    desk.check()


def test_statements_that_cannot_be_read_leave_their_descriptor(
    shelf: Shelf, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    subject = raw_image()
    kept = [
        statement(predicate_type=SPDX, predicate=PACKAGES, subject=f"sha256:{name}")
        for name in ("gone", "wrong", "large")
    ]
    broken = blob(b"no JSON", media_type=IN_TOTO, annotations={"in-toto.io/predicate-type": SPDX})
    other = blob(b"something else")
    made = attestation_of(subject, statements=[*kept, broken, other])
    before, after = made.manifest.raw.split(kept[2].digest.encode())
    after = after.replace(b'"size": %d' % len(kept[2].raw), b'"size": %d' % (MAX_STATEMENT + 1), 1)
    raw = kept[2].digest.encode().join((before, after))
    whole = Image(
        manifest=Blob(raw=raw, media_type=made.manifest.media_type),
        config=made.config,
        layers=made.layers,
        platform=made.platform,
        annotations=made.annotations,
    )
    shelf.put_index([subject, whole], "1")
    shelf.stub.on(shelf.blob_path(kept[0].digest), UNKNOWN)
    shelf.stub.on(shelf.blob_path(kept[1].digest), reply(b"x" * len(kept[1].raw)))
    assert desk.collect(shelf.name, layer_dates=False).failed == 0
    (attestation,) = desk.state(f"{shelf.name}:1").attestations
    assert [(one.predicate_type, one.packages) for one in attestation.statements] == [(SPDX, None)] * 4
    assert f"GET {shelf.blob_path(kept[2].digest)}" not in shelf.stub.asked()
    assert [one.size for one in attestation.statements][2] == MAX_STATEMENT + 1
    told = [one.partition(" event=unread-statement digest=")[2] for one in caplog.messages]
    reasons = dict(one.split(" reason=", 1) for one in told if one)
    assert sorted(reasons) == sorted(one.digest for one in (*kept, broken))
    assert reasons[kept[2].digest] == f"{MAX_STATEMENT + 1} bytes are too many"
    assert reasons[broken.digest].startswith("not a statement: ")
    desk.check()


def test_a_statement_that_fails_for_the_moment_fails_the_tag(shelf: Shelf, desk: Desk) -> None:
    made = attestation_of(raw_image())
    shelf.put_index([raw_image(), made], "1")
    shelf.stub.on(shelf.blob_path(made.layers[0].digest), reply("", 500))
    assert desk.collect(shelf.name).failed == 1
    shelf.put(made)
    assert desk.collect(shelf.name).changed == 1
    assert desk.state(f"{shelf.name}:1").attestations[0].statements[0].builder == "https://builder.example"


def test_an_image_whose_config_has_no_platform_is_not_an_attestation(shelf: Shelf, desk: Desk) -> None:
    shelf.put_index([raw_image(), raw_image(config_blob=config(os="", architecture=""))], "1")
    shelf.point("2", raw_image(config_blob=config(os="", architecture="")))
    desk.collect(shelf.name)
    assert [str(one.platform) for one in desk.state(f"{shelf.name}:2").images] == ["unknown/unspecified"]
