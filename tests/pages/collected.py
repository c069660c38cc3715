"""An archive from a registry, with everything that a page of a modern image can show."""

from __future__ import annotations

from pathlib import Path

from collector.archive.facts import HubFact, StatementFact
from collector.archive.store import Archive
from collector.model.digests import Digest, digest_of, parse_digest
from collector.model.packages import Package, Scan, package_list
from collector.model.references import parse_repository
from collector.model.times import Time
from tests.support.archives import deb
from tests.support.modern import BUILDER, OCI, PACKAGES, SOURCE, Collected, artifact, attested, tool, write_collected
from tests.support.registry import Blob, Image, index

NAME = "example/tool"
DAYS = [Time(f"2024-05-0{day}T12:00:00Z") for day in range(1, 5)]
MISSING = digest_of(b"what the registry does not have")


def statements_of(attestation: Image) -> list[StatementFact]:
    """The facts of the two statements."""
    provenance, sbom = attestation.layers
    return [
        StatementFact(
            digest=parse_digest(provenance.digest),
            predicate_type=provenance.annotations["in-toto.io/predicate-type"],
            size=len(provenance.raw),
            builder=BUILDER,
            source=SOURCE,
            revision="1" * 40,
        ),
        StatementFact(
            digest=parse_digest(sbom.digest),
            predicate_type=sbom.annotations["in-toto.io/predicate-type"],
            size=len(sbom.raw),
            packages=PACKAGES,
        ),
    ]


def release(tag: str, day: int, *images: Image, hub: HubFact | None = None) -> Collected:
    """A tag of these platforms, with an attestation of the first."""
    attestation = attested(images[0])
    return Collected(
        tag=tag,
        time=DAYS[day],
        top=index([*images, attestation], annotations={f"{OCI}.source": SOURCE, "com.example.index": "yes"}),
        images=[*images, attestation],
        statements=statements_of(attestation),
        hub=hub,
    )


def write(root: Path) -> Path:
    """1.0 and latest are the same at first; then the base of latest moves, then its source."""
    hub = HubFact(tag="latest", time=DAYS[3], pushed=Time("2024-05-04T08:00:00Z"), status="inactive")
    first = [tool(architecture=architecture) for architecture in ("amd64", "arm64")]
    second = [tool(base="b", architecture=architecture) for architecture in ("amd64", "arm64")]
    third = [tool("1.1", base="b", revision="2", architecture=architecture) for architecture in ("amd64", "arm64")]
    chart = artifact()
    write_collected(
        root,
        NAME,
        release("1.0", 0, *first),
        release("latest", 0, *first),
        release("latest", 1, *second),
        release("latest", 2, *third, hub=hub),
        Collected(tag="chart", time=DAYS[0], top=chart.manifest, images=[chart]),
        _with_holes(),
    )
    _scan(root, (first[0], "3.0.17-1~deb12u2"), (third[0], "3.0.17-1~deb12u3"))
    return root


def _scan(root: Path, *images: tuple[Image, str]) -> None:
    """What an SBOM says of images, each with its version of openssl."""
    archive = Archive(root)
    with archive.writing():
        writer = archive.writer(parse_repository(NAME))
        for image, version in images:
            packages = [
                deb("libssl3", version, "openssl", "Apache-2.0"),
                deb("openssl", version, licence="Apache-2.0"),
                deb("bash", "5.2.15-2+b8", licence="GPL-3+; <b>its own</b> words"),
                Package("npm", "@scope/[x](y)", "1.0|2"),
            ]
            scan = Scan(packages=package_list(packages), by="docker-scout 1.18.1", system="debian 12", left_out=2)
            writer.add_scan(DAYS[3], parse_digest(image.config.digest), scan)
        writer.flush()


def _with_holes() -> Collected:
    """An index of an image, an artifact, and a manifest that the registry does not have."""
    one, other = tool(), artifact("application/x-unknown", b"what")
    lost = Image(manifest=Blob(raw=b"what the registry does not have", media_type=one.manifest.media_type),
                 config=one.config, layers=(), platform={"os": "linux", "architecture": "s390x"})  # fmt: skip
    top = index([one, other, lost])
    return Collected(tag="holes", time=DAYS[0], top=top, images=[one, other], absent=[Digest(MISSING)])
