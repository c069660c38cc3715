"""Pages of images from a registry: what golden files do not cover. test_golden.py has whole pages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from collector.model.digests import digest_of, hex_of, parse_digest
from collector.model.images import Statement, Step
from collector.model.times import parse_time
from collector.pages.documents import AnyAsset, Asset, Document
from collector.pages.image_metadata import artifact_name, bounded_code, statement_name
from collector.pages.step_layers import pair_steps
from collector.site.body import render_body
from tests.pages import collected
from tests.pages.archives import files_of, iter_items
from tests.pages.digest_search import Index
from tests.support.modern import HELM, OCI, SETTINGS, Collected, artifact, attested, tool, write_collected
from tests.support.registry import index
from tests.support.tree import parse_html

ADDRESS = "repos/example/tool/"


def twin(pages: dict[str, Document], address: str) -> Any:
    return json.loads(pages[ADDRESS + address].twin)


def pages_of(archive: Path) -> dict[str, Document]:
    return {item.address: item for item in iter_items(archive) if isinstance(item, Document)}


@pytest.fixture(scope="module")
def files(collected_items: list[Document | Asset]) -> dict[str, Any]:
    files = (item for item in collected_items if isinstance(item, AnyAsset) and item.path.endswith(".json"))
    return {file.path: json.loads(file.content) for file in files}


def test_twins_follow_the_schema(files: dict[str, Any], collected_pages: dict[str, Document]) -> None:
    judge = Draft202012Validator(files["api/v1/schema.json"])
    for page in collected_pages.values():
        assert not list(judge.iter_errors(json.loads(page.twin))), page.address


def test_the_twin_of_a_tag(collected_pages: dict[str, Document]) -> None:
    found = twin(collected_pages, "latest/")
    assert found["hub"] == {"time": "2024-05-04T12:00:00Z", "pushed": "2024-05-04T08:00:00Z", "status": "inactive"}
    assert [row.get("attestations", 0) for row in found["platforms"]] == [1, 0]
    assert ["com.example.index", "yes"] in found["annotations"]
    holes = twin(collected_pages, "holes/")
    assert holes["absent"] == [collected.MISSING]
    assert [one["kind"] for one in holes["artifacts"]] == ["application/x-unknown"]
    assert "hub" not in holes
    assert "attestations" not in holes["platforms"][0]


def test_the_twin_of_a_platform(collected_pages: dict[str, Document]) -> None:
    found = twin(collected_pages, "latest/linux-amd64/")
    assert dict(found["annotations"])[f"{OCI}.base.name"] == "debian:12-slim"
    (attestation,) = found["attestations"]
    provenance, sbom = attestation["statements"]
    assert (provenance["revision"], provenance.get("packages")) == ("1" * 40, None)
    assert (sbom["packages"], sbom.get("builder")) == (214, None)
    assert ["label", "maintainer", "team@example.org"] in found["settings"]
    assert [step.get("layer") for step in found["steps"]] == [0, None, None, 1, None]
    assert "attestations" not in twin(collected_pages, "latest/linux-arm64-v8/")


@pytest.fixture(scope="module")
def asked(collected_items: list[Document | Asset]) -> Index:
    return Index(dict(files_of(iter(collected_items))))


def uses_of(asked: Index, digest: str) -> tuple[str, list[dict[str, Any]]]:
    """The kind of a digest and where it is used, as the browser finds it."""
    ((_, record),) = (
        (image, one) for image, one in asked.records(hex_of(parse_digest(digest))) if one.digest == digest
    )
    return record.kind, record.where


def test_statements_are_found_and_lead_to_the_platform_that_they_speak_of(asked: Index) -> None:
    attestation = attested(tool())
    for digest, kind in ((attestation.digest, "manifest"), (attestation.layers[1].digest, "layer")):
        found, where = uses_of(asked, digest)
        assert found == kind
        assert [(use["platform"], use["slug"], use["tags"], use["until"]) for use in where] == [
            ("linux/amd64", "linux-amd64", ["1.0"], None),
            ("linux/amd64", "linux-amd64", ["latest"], "2024-05-02T12:00:00Z"),
        ]


def test_artifacts_and_what_is_missing_are_found(asked: Index) -> None:
    found, where = uses_of(asked, artifact().digest)
    assert (found, [(use["slug"], use["tags"]) for use in where]) == ("artifact", [("", ["chart"])])
    assert uses_of(asked, artifact("application/x-unknown", b"what").digest)[0] == "artifact"
    found, where = uses_of(asked, collected.MISSING)
    assert (found, [use["tags"] for use in where]) == ("absent", [["holes"]])


def test_a_tag_with_only_artifacts_shows_no_pull_command(tmp_path: Path) -> None:
    chart = artifact()
    seen = Collected(tag="1", time=collected.DAYS[0], top=chart.manifest, images=[chart])
    pages = pages_of(write_collected(tmp_path / "archive", "charts", seen))
    assert "docker pull " not in "".join(page.markdown for page in pages.values()).replace("`docker pull`", "")
    assert json.loads(pages["repos/charts/"].twin)["groups"][0]["artifact"] == HELM


def test_a_tag_of_several_artifacts(tmp_path: Path) -> None:
    both = [artifact(), artifact("application/spdx+json", b"sbom")]
    seen = Collected(tag="1", time=collected.DAYS[0], top=index(both), images=both)
    page = pages_of(write_collected(tmp_path / "archive", "things", seen))["repos/things/1/"].markdown
    assert "is **not a container image** (2 artifacts)" in page
    assert "- **SBOM** of type `application/spdx+json` · " in page


# Without end.

LABELS = {f"label-{number:04}": "x" for number in range(5_000)}
LONG = "y" * 100_000


@pytest.fixture(scope="module")
def endless(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Document]:
    """An image with thousands of labels and annotations, some of them long, under two tags."""
    annotations = {**LABELS, f"{OCI}.source": LONG, f"{OCI}.base.name": LONG, f"{OCI}.base.digest": LONG}
    image = tool(settings={**SETTINGS, "Labels": {"a": LONG, **LABELS}, "User": LONG}, annotations=annotations)
    seen = [
        Collected(tag=tag, time=collected.DAYS[0], top=index([image], annotations=annotations), images=[image])
        for tag in ("1.0", "1")
    ]
    return pages_of(write_collected(tmp_path_factory.mktemp("endless") / "archive", collected.NAME, *seen))


def test_a_page_shows_the_beginning_and_says_how_much_more_there_is(endless: dict[str, Document]) -> None:
    page = endless[f"{ADDRESS}1.0/linux-amd64/"].markdown
    assert f"| Label | `a={'y' * 998}` … 99,002 characters more |" in page
    assert "| Label | and 4,901 more in the JSON |" in page
    assert f"| User | `{'y' * 1000}` … 99,000 characters more |" in page
    assert f"| Source | {'y' * 1000} … 7,001 characters more |" in page
    assert "| Annotation | and 97 more |" in page
    assert max(len(one.markdown) for one in endless.values()) < 30_000
    assert "x" not in {node.text for node in parse_html(render_body(page)).iter("a")}


def test_the_json_has_whole_settings_once_and_bounded_annotations(endless: dict[str, Document]) -> None:
    teller = twin(endless, "1.0/linux-amd64/")
    assert f"{ADDRESS}1/linux-amd64/" not in endless
    labels = {name: value for kind, name, value in teller["settings"] if kind == "label"}
    assert labels == {"a": LONG, **LABELS}
    for bounded in (teller["annotations"], twin(endless, "1/")["annotations"]):
        assert len(bounded) == 200
        assert max(len(value) for _, value in bounded) == 8_001


# Small rules.


@pytest.mark.parametrize(
    ("made", "layers", "places"),
    [
        ([True, False, True], 2, [0, None, 1]),
        ([True, True, True], 3, [0, 1, 2]),
        ([True, False, True], 1, [None, None, None]),
        ([False, False, False], 0, [None, None, None]),
        ([True, False, True], 3, [None, None, None]),
        ([True, None, True], 2, [None, None, None]),
    ],
)
def test_a_config_is_used_if_its_numbers_agree(made: list[bool | None], layers: int, places: list[int | None]) -> None:
    steps = [Step(created=None, text="RUN a", made_layer=one) for one in made]
    assert pair_steps(steps, [1] * layers) == places


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (HELM, "Helm chart"),
        ("application/vnd.wasm.config.v0+json", "WebAssembly module"),
        ("application/vnd.dev.sigstore.bundle.v0.3+json", "signature"),
        ("application/vnd.dev.cosign.artifact.sig.v1+json", "signature"),
        ("application/vnd.cncf.notary.signature", "signature"),
        ("application/x", "artifact"),
        ("", "artifact"),
    ],
)
def test_artifacts_are_shown_by_their_type(kind: str, name: str) -> None:
    assert artifact_name(kind) == name


@pytest.mark.parametrize(
    ("predicate_type", "name"),
    [
        ("https://slsa.dev/provenance/v0.2", "Provenance"),
        ("https://spdx.dev/Document/v2.3", "SBOM"),
        ("https://cyclonedx.org/bom/v1.4", "SBOM"),
        ("a|b", "`a\\|b`"),
        ("", "`unknown type`"),
    ],
)
def test_statements_are_named_by_their_type(predicate_type: str, name: str) -> None:
    assert statement_name(Statement(digest=digest_of(b""), predicate_type=predicate_type, size=1)) == name


@pytest.mark.parametrize("length", [999, 1_000, 1_001, 2_500])
def test_values_are_bounded(length: int) -> None:
    shown = bounded_code("`" * length)
    cell = parse_html(render_body(f"| A |\n|---|\n| {shown} |\n")).only("td").text
    assert cell == "`" * min(length, 1_000) + (f" … {length - 1_000:,} characters more" if length > 1_000 else "")


@pytest.mark.parametrize(
    ("name", "says_so"), [("public.ecr.aws/docker/library/tool", True), ("quay.io/docker/library/tool", False)]
)
def test_the_page_of_a_copy_of_an_image_on_docker_hub(name: str, says_so: bool, tmp_path: Path) -> None:
    one = tool("1.0")
    seen = Collected(tag="latest", time=parse_time("2024-05-01T00:00:00Z"), top=one.manifest, images=(one,))
    pages = pages_of(write_collected(tmp_path / "archive", name, seen))
    (page,) = (page for address, page in pages.items() if address.endswith("/tool/"))
    assert ("This host serves a copy of `tool` on Docker Hub." in page.markdown) is says_so
