"""A real registry on loopback (Debian's docker-registry), and functions that fill it.

    with running_registry(tmp_path) as registry:
        amd64 = push_image(registry, "library/app", raw_image(labels={"a": "b"}))
        pushed = push_index(registry, "library/app", "1.0", [amd64, attestation_of(amd64)])
        registry.delete("library/app", pushed.digest)

Builders with keyword-only arguments return plain values, which a test may change before it pushes them.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
import requests
from requests.auth import HTTPBasicAuth

from collector.model.references import Repository, parse_repository
from tests.support.services import program_of

OCI_INDEX = "application/vnd.oci.image.index.v1+json"
OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json"
OCI_CONFIG = "application/vnd.oci.image.config.v1+json"
OCI_LAYER = "application/vnd.oci.image.layer.v1.tar+gzip"
DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json"
DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
DOCKER_CONFIG = "application/vnd.docker.container.image.v1+json"
DOCKER_LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip"
IN_TOTO = "application/vnd.in-toto+json"


class Blob(msgspec.Struct, frozen=True, kw_only=True):
    """Bytes with their descriptor in a manifest."""

    raw: bytes
    media_type: str
    annotations: Mapping[str, str] = {}

    @property
    def digest(self) -> str:
        return "sha256:" + hashlib.sha256(self.raw).hexdigest()

    @property
    def descriptor(self) -> dict[str, Any]:
        document: dict[str, Any] = {"mediaType": self.media_type, "digest": self.digest, "size": len(self.raw)}
        return document | ({"annotations": dict(self.annotations)} if self.annotations else {})


class Image(msgspec.Struct, frozen=True, kw_only=True):
    """A manifest with everything that it names, and with its descriptor in an index."""

    manifest: Blob
    config: Blob
    layers: tuple[Blob, ...]
    platform: Mapping[str, str]
    annotations: Mapping[str, str] = {}
    """The annotations of its descriptor in the index."""

    @property
    def digest(self) -> str:
        return self.manifest.digest

    @property
    def descriptor(self) -> dict[str, Any]:
        document = self.manifest.descriptor | {"platform": dict(self.platform)}
        return document | ({"annotations": dict(self.annotations)} if self.annotations else {})


class RunningRegistry(msgspec.Struct, frozen=True, kw_only=True):
    """A running registry. Its `address` is the first part of its images' names."""

    address: str
    url: str
    session: requests.Session
    """A session that is allowed to push."""

    def repository(self, path: str) -> Repository:
        return parse_repository(f"{self.address}/{path}")

    def push_blob(self, path: str, blob: Blob) -> None:
        begun = self._ask("POST", f"{path}/blobs/uploads/", 202)
        where = begun.headers["Location"]
        where += ("&" if "?" in where else "?") + f"digest={blob.digest}"
        self._done(self.session.put(where, data=blob.raw), 201)

    def push_manifest(self, path: str, reference: str, manifest: Blob) -> str:
        """Push a manifest under a tag or its digest, and return its digest. An existing tag is moved."""
        headers = {"Content-Type": manifest.media_type}
        self._ask("PUT", f"{path}/manifests/{reference}", 201, data=manifest.raw, headers=headers)
        return manifest.digest

    def delete(self, path: str, digest: str) -> None:
        """Delete a manifest, and with it every tag that points at it."""
        self._ask("DELETE", f"{path}/manifests/{digest}", 202)

    def _ask(self, method: str, path: str, expected: int, **more: Any) -> requests.Response:
        return self._done(self.session.request(method, f"{self.url}/v2/{path}", timeout=30, **more), expected)

    def _done(self, answer: requests.Response, expected: int) -> requests.Response:
        assert answer.status_code == expected, f"{answer.request.method} {answer.url}: {answer.text[:300]}"
        return answer


def encode(value: object) -> bytes:
    """JSON in the form that registries expect."""
    return json.dumps(value, indent=3).encode()


def blob(raw: bytes, *, media_type: str = OCI_LAYER, annotations: Mapping[str, str] = {}) -> Blob:
    return Blob(raw=raw, media_type=media_type, annotations=annotations)


def config(
    *,
    os: str = "linux",
    architecture: str = "amd64",
    layers: Sequence[Blob] = (),
    created: str | None = "2024-05-01T10:00:00Z",
    history: Sequence[Mapping[str, Any]] | None = None,
    settings: Mapping[str, Any] | None = None,
    media_type: str = OCI_CONFIG,
    **more: Any,
) -> Blob:
    """A config with one entry of history per layer. `settings`: the value of its key `config`."""
    if history is None:
        history = [{"created": created, "created_by": f"RUN step {number}"} for number in range(len(layers))]
    document = {
        "architecture": architecture,
        "os": os,
        "created": created,
        "config": settings or {},
        "rootfs": {"type": "layers", "diff_ids": [layer.digest for layer in layers]},
        "history": list(history),
    }
    return Blob(raw=encode(document | more), media_type=media_type)


def raw_image(
    *,
    os: str = "linux",
    architecture: str = "amd64",
    variant: str = "",
    os_version: str = "",
    content: str = "",
    labels: Mapping[str, str] | None = None,
    layers: Sequence[Blob] | None = None,
    config_blob: Blob | None = None,
    docker: bool = False,
    says_media_type: bool = True,
    annotations: Mapping[str, str] | None = None,
    descriptor_annotations: Mapping[str, str] | None = None,
) -> Image:
    """An image with one layer, made from `content` and `architecture`."""
    if layers is None:
        layers = [blob(f"layer of {architecture} {content}".encode(), media_type=DOCKER_LAYER if docker else OCI_LAYER)]
    config_blob = config_blob or config(
        os=os,
        architecture=architecture,
        layers=layers,
        settings={"Labels": dict(labels or {}), "Env": ["PATH=/bin"], "Cmd": ["sh"]},
        media_type=DOCKER_CONFIG if docker else OCI_CONFIG,
    )
    media_type = DOCKER_MANIFEST if docker else OCI_MANIFEST
    document: dict[str, Any] = {"schemaVersion": 2}
    document |= {"mediaType": media_type} if says_media_type else {}
    document |= {"config": config_blob.descriptor, "layers": [layer.descriptor for layer in layers]}
    document |= {"annotations": dict(annotations)} if annotations else {}
    platform = {"os": os, "architecture": architecture, "variant": variant, "os.version": os_version}
    return Image(
        manifest=Blob(raw=encode(document), media_type=media_type),
        config=config_blob,
        layers=tuple(layers),
        platform={key: value for key, value in platform.items() if value},
        annotations=descriptor_annotations or {},
    )


def statement(*, predicate_type: str, predicate: object, subject: str) -> Blob:
    """An in-toto statement as BuildKit stores it."""
    document = {
        "_type": "https://in-toto.io/Statement/v0.1",
        "predicateType": predicate_type,
        "subject": [{"name": "_", "digest": {"sha256": subject.partition(":")[2]}}],
        "predicate": predicate,
    }
    return blob(encode(document), media_type=IN_TOTO, annotations={"in-toto.io/predicate-type": predicate_type})


def attestation_of(subject: Image, *, statements: Sequence[Blob] | None = None, as_artifact: bool = False) -> Image:
    """An attestation manifest (moby/buildkit, attestation-storage.md): an image or, since 2026, also an artifact."""
    if statements is None:
        provenance = {"buildDefinition": {}, "runDetails": {"builder": {"id": "https://builder.example"}}}
        kind = "https://slsa.dev/provenance/v1"
        statements = [statement(predicate_type=kind, predicate=provenance, subject=subject.digest)]
    config_blob = config(os="unknown", architecture="unknown", layers=statements, created=None, history=[])
    document: dict[str, Any] = {"schemaVersion": 2, "mediaType": OCI_MANIFEST}
    if as_artifact:
        config_blob = blob(b"{}", media_type="application/vnd.oci.empty.v1+json")
        document |= {
            "artifactType": "application/vnd.docker.attestation.manifest.v1+json",
            "subject": subject.manifest.descriptor,
        }
    document |= {"config": config_blob.descriptor, "layers": [layer.descriptor for layer in statements]}
    return Image(
        manifest=Blob(raw=encode(document), media_type=OCI_MANIFEST),
        config=config_blob,
        layers=tuple(statements),
        platform={"os": "unknown", "architecture": "unknown"},
        annotations={
            "vnd.docker.reference.type": "attestation-manifest",
            "vnd.docker.reference.digest": subject.digest,
        },
    )


def index(
    images: Sequence[Image], *, docker: bool = False, annotations: Mapping[str, str] | None = None, **more: Any
) -> Blob:
    media_type = DOCKER_LIST if docker else OCI_INDEX
    document = {"schemaVersion": 2, "mediaType": media_type, "manifests": [image.descriptor for image in images]}
    document |= {"annotations": dict(annotations)} if annotations else {}
    return Blob(raw=encode(document | more), media_type=media_type)


def push_image(registry: RunningRegistry, path: str, image: Image, *, tag: str = "") -> Image:
    """Push an image with everything that it names, under a tag or its digest, and return it."""
    for part in (image.config, *image.layers):
        registry.push_blob(path, part)
    registry.push_manifest(path, tag or image.digest, image.manifest)
    return image


def push_index(registry: RunningRegistry, path: str, tag: str, images: Sequence[Image], **more: Any) -> Blob:
    """Push an index with all its images, point the tag at it, and return the index."""
    for each in images:
        push_image(registry, path, each)
    made = index(images, **more)
    registry.push_manifest(path, tag, made)
    return made


@contextmanager
def running_registry(
    folder: Path,
    *,
    settings: Mapping[str, Any] | None = None,
    certificate: tuple[Path, Path, Path] | None = None,
    credentials: tuple[str, str] | None = None,
) -> Iterator[RunningRegistry]:
    """Run a registry on a free port, with its data in the folder.

    Args:
        settings: further keys of its configuration (`auth`, `proxy`, …).
        certificate: the files of the certificate, of its key, and of the authority that signed it.
        credentials: the user name and password of the session that pushes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    document: dict[str, Any] = {
        "version": 0.1,
        "log": {"level": "info", "accesslog": {"disabled": True}},
        "storage": {"filesystem": {"rootdirectory": str(folder / "data")}, "delete": {"enabled": True}},
        "http": {"addr": "127.0.0.1:0"},
    }
    if certificate:
        document["http"]["tls"] = {"certificate": str(certificate[0]), "key": str(certificate[1])}
    (folder / "config.yml").write_bytes(encode(document | dict(settings or {})))  # all JSON is YAML
    log = folder / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [program_of("docker-registry"), "serve", str(folder / "config.yml")],
            stdin=subprocess.DEVNULL, stdout=output, stderr=output, env={"OTEL_TRACES_EXPORTER": "none"},
        )  # fmt: skip
    try:
        address = _address(process, log)
        with requests.Session() as session:
            session.trust_env = False
            if credentials:
                # As bytes, because requests sends texts in Latin-1.
                session.auth = HTTPBasicAuth(*(part.encode() for part in credentials))
            session.verify = str(certificate[2]) if certificate else True
            scheme = "https" if certificate else "http"
            yield RunningRegistry(address=address, url=f"{scheme}://{address}", session=session)
    finally:
        process.kill()
        process.wait()


def _address(process: subprocess.Popen[bytes], log: Path) -> str:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and process.poll() is None:
        if found := re.search(r"listening on (127\.0\.0\.1:\d+)", log.read_text(errors="replace")):
            return found[1]
        time.sleep(0.02)
    pytest.fail(f"docker-registry does not start:\n{log.read_text(errors='replace')[-2000:]}")
