"""A repository on a stub: manifests, blobs and tags, each route of which can be made to misbehave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from collector.model.references import Repository, parse_repository
from tests.support.registry import Blob, Image, index
from tests.support.stub import Reply, Stub, reply

UNKNOWN = reply({"errors": [{"code": "MANIFEST_UNKNOWN", "message": "manifest unknown"}]}, 404)
NO_NAME = reply({"errors": [{"code": "NAME_UNKNOWN", "message": "repository name not known to registry"}]}, 404)
PULL_LIMIT = reply(
    {"errors": [{"code": "TOOMANYREQUESTS", "message": "You have reached your pull rate limit."}]},
    429,
    retry_after="7200",
    ratelimit_remaining="0;w=21600",
)


class Shelf:
    """`team/app` on a stub, or another path."""

    def __init__(self, stub: Stub, path: str = "team/app") -> None:
        self.stub = stub
        self.path = path
        self.tags: dict[str, str] = {}
        """By name, the digest."""
        self.stub.on(self.tags_path, lambda _: reply({"name": path, "tags": list(self.tags)}))

    @property
    def name(self) -> str:
        return f"{self.stub.address}/{self.path}"

    @property
    def repository(self) -> Repository:
        return parse_repository(self.name)

    @property
    def tags_path(self) -> str:
        return f"/v2/{self.path}/tags/list"

    def manifest_path(self, reference: str) -> str:
        return f"/v2/{self.path}/manifests/{reference}"

    def blob_path(self, digest: str) -> str:
        return f"/v2/{self.path}/blobs/{digest}"

    def put_blob(self, blob: Blob, **headers: str) -> None:
        self.stub.on(self.blob_path(blob.digest), _reply(blob, headers))

    def put_manifest(self, manifest: Blob, *, digest: str = "") -> None:
        digest = digest or manifest.digest
        served = reply(manifest.raw, content_type=manifest.media_type, docker_content_digest=digest)
        self.stub.on(self.manifest_path(digest), served)

    def put(self, *images: Image, dates: Mapping[str, str] = {}) -> None:
        """Add images with their configs and layers. `dates`: those of layers, by digest."""
        for image in images:
            self.put_blob(image.config)
            for layer in image.layers:
                self.put_blob(layer, **({"last_modified": dates[layer.digest]} if layer.digest in dates else {}))
            self.put_manifest(image.manifest)

    def put_index(self, images: Sequence[Image], tag: str = "", **more: object) -> Blob:
        """Add an index with its images, and a tag that points at it."""
        self.put(*images)
        made = index(images, **more)  # type: ignore[arg-type]  # whatever index takes
        self.put_manifest(made)
        if tag:
            self.point(tag, made)
        return made

    def point(self, tag: str, manifest: Blob | Image, **headers: str) -> None:
        """Make a tag point at an existing manifest."""
        blob = manifest.manifest if isinstance(manifest, Image) else manifest
        said = {"docker_content_digest": blob.digest} | headers
        self.tags[tag] = blob.digest
        kept = {"content_type": blob.media_type} | {name: value for name, value in said.items() if value}
        self.stub.on(self.manifest_path(tag), _reply(blob, kept))

    def drop(self, tag: str) -> None:
        """Remove a tag."""
        self.tags.pop(tag, None)
        self.answer(tag, UNKNOWN)

    def answer(self, reference: str, *replies: Reply) -> None:
        self.stub.on(self.manifest_path(reference), *replies)

    def heads(self) -> int:
        return len([seen for seen in self.stub.seen if seen.method == "HEAD" and "/manifests/" in seen.target])

    def gets(self) -> list[str]:
        """References of manifests that were pulled."""
        start = self.manifest_path("")
        return [
            seen.path.removeprefix(start)
            for seen in self.stub.seen
            if seen.method == "GET" and seen.path.startswith(start)
        ]

    def forget(self) -> None:
        """The requests so far."""
        self.stub.seen.clear()


def _reply(blob: Blob, headers: Mapping[str, str]) -> Reply:
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Reply(headers=named, body=blob.raw)
