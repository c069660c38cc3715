"""Records images as `repo-info collect` does: raw texts with valid digests, and attestations."""

from __future__ import annotations

from typing import Any

import msgspec

from benchmarks.synthetic.draws import hash_of, made_up_digest
from benchmarks.synthetic.history import Shown
from benchmarks.synthetic.parts import PartsOf, platform_of
from benchmarks.synthetic.plan import ImagePlan
from benchmarks.synthetic.values import Build, Parts
from benchmarks.synthetic.world import World
from collector.archive.facts import RawFact, StatementFact
from collector.archive.writer import RepositoryWriter
from collector.model.annotations import BASE_DIGEST, BASE_NAME, CREATED, REVISION, SOURCE, VERSION
from collector.model.digests import Digest, digest_of
from collector.model.documents import OCI_CONFIG, OCI_MANIFEST
from collector.model.images import OCI_INDEX
from collector.model.platforms import Platform
from collector.model.times import Time

_LAYER = "application/vnd.oci.image.layer.v1.tar+gzip"
_IN_TOTO = "application/vnd.in-toto+json"
_PROVENANCE = "https://slsa.dev/provenance/v1"
_SBOM = "https://spdx.dev/Document"
_UNKNOWN = Platform(os="unknown", architecture="unknown")
_MAKES_LAYER = ("ADD ", "COPY ", "RUN ")

_Json = dict[str, Any]


class RegistryRecorder:
    """Records what one repository's tags pointed at, in a registry's own words."""

    def __init__(self, plan: ImagePlan, world: World, writer: RepositoryWriter) -> None:
        self._plan = plan
        self._name = f"{world.seed} {plan.name}"
        self._clock = world.clock
        self._parts = PartsOf(plan, world)
        self._writer = writer
        self._entries: dict[Build, list[_Json]] = {}
        """Of an image and its attestation, as an index has them."""
        self._indexes: dict[Shown, Digest] = {}

    def state(self, run: int, shown: Shown) -> Digest:
        """The digest of what is shown, always an index; what is new of it is added first."""
        if shown not in self._indexes:
            time = self._clock.times[run]
            entries = [self._image(time, build) for build in shown.builds]
            images, attestations = [each[0] for each in entries], [one for each in entries for one in each[1:]]
            document = {"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": images + attestations}
            self._indexes[shown] = self._add(time, document, OCI_INDEX)["digest"]
        return self._indexes[shown]

    def _image(self, time: Time, build: Build) -> list[_Json]:
        if build not in self._entries:
            parts, platform = self._parts.of(build), platform_of(build)
            for layer in parts.layers:
                self._writer.add_layer(time, msgspec.structs.replace(layer, media_type=_LAYER))
            config = self._add(time, self._config(build, parts, platform), OCI_CONFIG)
            layers = [{"mediaType": _LAYER, "digest": layer.digest, "size": layer.size} for layer in parts.layers]
            manifest = self._add(time, _manifest(config, layers, self._annotations(build, parts)), OCI_MANIFEST)
            manifest["platform"] = _platform(platform)
            attestations = [] if platform.os == "windows" else [self._attestation(time, build, manifest["digest"])]
            self._entries[build] = [manifest, *attestations]
        return self._entries[build]

    def _config(self, build: Build, parts: Parts, platform: Platform) -> _Json:
        recipe, name = self._plan.recipe, self._plan.name
        variables = [step.text.removeprefix("ENV ") for step in parts.steps if step.text.startswith("ENV ")]
        history = [
            {"created": step.created, "created_by": f"{step.text} # buildkit"}
            | ({} if step.text.startswith(_MAKES_LAYER) else {"empty_layer": True})
            for step in parts.steps
        ]
        settings: _Json = {
            "Env": ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", *variables],
            "Entrypoint": recipe.entrypoint,
            "Cmd": recipe.command,
            "ExposedPorts": {"8080/tcp": {}},
            "Labels": {"org.opencontainers.image.title": name, VERSION: build.version},
            "WorkingDir": f"/usr/src/{name}",
            "User": name,
            "Healthcheck": {"Test": ["CMD", name, "--ping"], "Interval": 30_000_000_000, "Retries": 3},
        }
        return {
            **_platform(platform),
            "created": parts.steps[-1].created,
            "config": settings,
            "history": history,
            "rootfs": {"type": "layers", "diff_ids": [made_up_digest(f"diff {one.digest}") for one in parts.layers]},
            # Two builds of the same steps at the same time differ in something.
            "org.example.build": [build.salt, hash_of(f"{build.line} {build.variant} {build.stamps}")[:16]],
        }

    def _annotations(self, build: Build, parts: Parts) -> dict[str, str]:
        base, path = self._plan.variants[build.variant].base, self._plan.path
        return {
            BASE_NAME: f"{base.name}:{base.version}",
            BASE_DIGEST: made_up_digest(f"base {base.name} {base.release} {build.base}"),
            CREATED: parts.steps[-1].created or "",
            REVISION: hash_of(f"{self._name} {build.version} {build.revisions}")[:40],
            SOURCE: f"https://code.example/{path}.git#{build.version}:",
            VERSION: build.version,
        }

    def _attestation(self, time: Time, build: Build, subject: Digest) -> _Json:
        """A provenance and a list of packages."""
        facts = (
            StatementFact(
                digest=made_up_digest(f"provenance {subject}"),
                predicate_type=_PROVENANCE,
                size=9_000 + int(subject[-3:], 16),
                builder=f"https://code.example/{self._plan.path}/runs/{build.stamps[-1] if build.stamps else 0}",
                source=f"https://code.example/{self._plan.path}.git",
                revision=hash_of(f"{self._name} {build.version} {build.revisions}")[:40],
            ),
            StatementFact(
                digest=made_up_digest(f"packages {subject}"),
                predicate_type=_SBOM,
                size=900_000 + int(subject[-5:], 16),
                packages=60 + int(subject[-2:], 16),
            ),
        )
        for fact in facts:
            self._writer.add(time, fact)
        diffs = {"type": "layers", "diff_ids": [fact.digest for fact in facts]}
        config = self._add(time, {**_platform(_UNKNOWN), "config": {}, "rootfs": diffs}, OCI_CONFIG)
        layers = [
            {"mediaType": _IN_TOTO, "digest": fact.digest, "size": fact.size}
            | {"annotations": {"in-toto.io/predicate-type": fact.predicate_type}}
            for fact in facts
        ]
        entry = self._add(time, _manifest(config, layers, {}), OCI_MANIFEST)
        kind = {"vnd.docker.reference.type": "attestation-manifest", "vnd.docker.reference.digest": subject}
        return entry | {"platform": _platform(_UNKNOWN), "annotations": kind}

    def _add(self, time: Time, document: _Json, media_type: str) -> _Json:
        """Keep a document as it is; gives its descriptor."""
        raw = msgspec.json.encode(document)
        digest = digest_of(raw)
        self._writer.add(time, RawFact(digest=digest, media_type=media_type, text=raw.decode()))
        return {"mediaType": media_type, "digest": digest, "size": len(raw)}


def _manifest(config: _Json, layers: list[_Json], annotations: dict[str, str]) -> _Json:
    said = {"schemaVersion": 2, "mediaType": OCI_MANIFEST, "config": config, "layers": layers}
    return said | ({"annotations": annotations} if annotations else {})


def _platform(platform: Platform) -> _Json:
    found: _Json = msgspec.to_builtins(platform)
    return found
