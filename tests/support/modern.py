"""An image of a modern builder as a registry sends it, with labels, annotations and attestations; and an artifact.

`write_collected` writes them to an archive as `repo-info collect` would, without a registry.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from collector.archive.facts import AbsentFact, HubFact, ObservationFact, RawFact, RegistryFact, StatementFact
from collector.archive.store import Archive
from collector.model.digests import Digest, parse_digest
from collector.model.packages import Scan
from collector.model.references import parse_repository
from collector.model.times import Time
from tests.support.registry import OCI_MANIFEST, Blob, Image, attestation_of, blob, config, encode, raw_image, statement

OCI = "org.opencontainers.image"
PROVENANCE = "https://slsa.dev/provenance/v1"
SPDX = "https://spdx.dev/Document"
SOURCE = "https://github.com/example/tool.git#main:app"
HELM = "application/vnd.cncf.helm.config.v1+json"
BUILDER = "https://github.com/example/tool/actions/runs/1"
PACKAGES = 214
SECOND = 10**9

SETTINGS: dict[str, Any] = {
    "Env": ["PATH=/usr/local/bin:/usr/bin"],
    "Labels": {"maintainer": "team@example.org", f"{OCI}.title": "Tool"},
    "ExposedPorts": {"8080/tcp": {}, "53/udp": {}},
    "Volumes": {"/data": {}},
    "WorkingDir": "/app",
    "User": "app:app",
    "StopSignal": "SIGQUIT",
    "Entrypoint": ["/app/run"],
    "Cmd": None,
    "Healthcheck": {
        "Test": ["CMD-SHELL", "curl -f http://localhost:8080/ || exit 1"],
        "Interval": 30 * SECOND,
        "Timeout": 3 * SECOND,
        "Retries": 3,
    },
}


def tool(
    version: str = "1.0",
    *,
    base: str = "a",
    revision: str = "1",
    architecture: str = "amd64",
    annotations: Mapping[str, str] | None = None,
    settings: Mapping[str, Any] | None = None,
) -> Image:
    """An image of two layers on `debian:12-slim`; `base` and `revision` are one hex digit each."""
    layers = [blob(f"base {base} {architecture}".encode()), blob(f"own {version} {architecture}".encode())]
    # The CMD came from the base. BuildKit's COPY does not name the content that it copied.
    history: list[dict[str, Any]] = [
        {"created": "2024-04-01T00:00:00Z", "created_by": "ADD rootfs.tar / # buildkit", "comment": "buildkit"},
        {"created": "2024-04-01T00:00:00Z", "created_by": 'CMD ["bash"]', "empty_layer": True},
        {"created": "2024-05-01T10:00:00Z", "created_by": "WORKDIR /app", "empty_layer": True},
        {"created": "2024-05-01T10:00:00Z", "created_by": "COPY . /app # buildkit"},
        {"created": "2024-05-01T10:00:00Z", "created_by": 'ENTRYPOINT ["/app/run"]', "empty_layer": True},
    ]
    usual = {
        f"{OCI}.base.name": "debian:12-slim",
        f"{OCI}.base.digest": "sha256:" + base * 64,
        f"{OCI}.version": version,
        f"{OCI}.revision": revision * 40,
        f"{OCI}.source": SOURCE,
        f"{OCI}.created": "2024-05-01T10:00:00Z",
        "com.example.team": "blue | green",
    }
    return raw_image(
        architecture=architecture,
        layers=layers,
        config_blob=config(
            architecture=architecture,
            layers=layers,
            created="2024-05-01T10:00:00Z",
            history=history,
            settings=settings or SETTINGS,
        ),
        annotations=usual if annotations is None else annotations,
    )


def attested(subject: Image) -> Image:
    """An attestation manifest with a provenance and an SBOM."""
    source = {"uri": SOURCE, "digest": {"sha1": "1" * 40}}
    provenance = {
        "buildDefinition": {"externalParameters": {"configSource": source}},
        "runDetails": {"builder": {"id": BUILDER}},
    }
    sbom = {"packages": [{"SPDXID": f"p{number}", "name": f"p{number}"} for number in range(PACKAGES)]}
    kinds = ((PROVENANCE, provenance), (SPDX, sbom))
    statements = [
        statement(predicate_type=kind, predicate=predicate, subject=subject.digest) for kind, predicate in kinds
    ]
    return attestation_of(subject, statements=statements)


def artifact(kind: str = HELM, content: bytes = b"chart") -> Image:
    """The manifest of an artifact: a Helm chart."""
    held, about = blob(content, media_type="application/octet-stream"), blob(b'{"name":"tool"}', media_type=kind)
    document = {"schemaVersion": 2, "mediaType": OCI_MANIFEST, "config": about.descriptor, "layers": [held.descriptor]}
    manifest = Blob(raw=encode(document), media_type=OCI_MANIFEST)
    return Image(manifest=manifest, config=about, layers=(held,), platform={})


class Collected(msgspec.Struct, frozen=True, kw_only=True):
    """One observation of a tag, with what was fetched for it."""

    tag: str
    time: Time
    top: Blob
    """The manifest or index that the tag points at."""
    images: Sequence[Image] = ()
    """The images that the index names, except those that the registry lacked."""
    statements: Sequence[StatementFact] = ()
    absent: Sequence[Digest] = ()
    hub: HubFact | None = None
    scans: Mapping[Digest, Scan] = {}
    """The digest of a config → what a scanner found in the image."""

    def facts(self) -> list[RegistryFact]:
        blobs = [part for one in self.images for part in (one.config, one.manifest)]
        return [
            *self.statements,
            *(AbsentFact(digest=digest, time=self.time) for digest in self.absent),
            *(raw(each) for each in [*blobs, self.top]),
            *([self.hub] if self.hub else []),
        ]


def raw(part: Blob) -> RawFact:
    return RawFact(digest=parse_digest(part.digest), media_type=part.media_type, text=part.raw.decode())


def write_collected(root: Path, name: str, *seen: Collected) -> Path:
    """Add the repository to an archive, which is created if it is missing."""
    archive = Archive(root, create=True)
    with archive.writing():
        writer = archive.writer(parse_repository(name))
        for one in seen:
            for fact in one.facts():
                writer.add(one.time, fact)
            for config, scan in one.scans.items():
                writer.add_scan(one.time, config, scan)
            digest = parse_digest(one.top.digest)
            writer.observe(ObservationFact(tag=one.tag, time=one.time, source="registry.example", digest=digest))
        writer.flush()
    return root
