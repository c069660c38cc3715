"""Manifests, configs and layers: what a registry keeps by digest (OCI image-spec, manifest.md and config.md).

These are the parsed forms. Where the exact raw text is known it is kept beside them in the archive.

There are many of them: `gc=False` leaves them out of Python's search for cycles, of which frozen values can have none.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import msgspec

from collector.model.digests import Digest
from collector.model.platforms import Platform, attested_places
from collector.model.times import Time

MediaType = str

DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json"
OCI_INDEX = "application/vnd.oci.image.index.v1+json"
INDEX_TYPES = frozenset({DOCKER_LIST, OCI_INDEX})


class Step(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One entry of a config's history, as an instruction: `RUN apt-get update`, `ENV LANG=C.UTF-8`."""

    created: Time | None
    text: str
    made_layer: bool | None = None
    """Whether it made a layer; None if that is not known, as on repo-info pages."""


class Healthcheck(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """How to see that a container is well."""

    test: tuple[str, ...]
    """`CMD` or `CMD-SHELL` and what to run; `NONE`; empty: as the base image has it."""
    interval: int = 0
    """Nanoseconds, as is timeout; 0: the default."""
    timeout: int = 0
    retries: int = 0
    start_period: int = 0
    """Nanoseconds in which a failure does not count, as is start_interval."""
    start_interval: int = 0


class Runtime(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a config says of running the image, beyond what repo-info pages show."""

    environment: tuple[str, ...] = ()
    """`NAME=value`."""
    labels: tuple[tuple[str, str], ...] = ()
    exposed_ports: tuple[str, ...] = ()
    """`8080/tcp`."""
    volumes: tuple[str, ...] = ()
    working_directory: str = ""
    user: str = ""
    stop_signal: str = ""
    healthcheck: Healthcheck | None = None
    on_build: tuple[str, ...] = ()
    """Instructions that run when another image is built on this one."""
    stop_timeout: int | None = None
    """Seconds."""


class Layer(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One layer of a manifest."""

    digest: Digest
    size: int
    """Compressed, in bytes, as transferred; 0 if it is not known."""
    media_type: MediaType
    has_size: bool = True
    """Whether the size is known: pages leave it out where the registry did not answer for the blob."""
    last_modified: Time | None = None
    """What the registry's storage answered for the blob; the time of upload, not of build."""


class Config(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An image's configuration. Its digest is what Docker calls the Image ID.

    Everything a repo-info page does not say is None: not known, which is not the same as empty.
    """

    digest: Digest
    platform: Platform
    history: tuple[Step, ...] = ()
    """Oldest first."""
    docker_version: str | None = None
    entrypoint: tuple[str, ...] | None = None
    cmd: tuple[str, ...] | None = None
    shell: tuple[str, ...] | None = None
    built: Time | None = None
    """The config's own word on when the image was made."""
    runtime: Runtime | None = None

    @property
    def created(self) -> Time | None:
        """When the image was made: the config's own time, else that of its last step."""
        return self.built or next((step.created for step in reversed(self.history) if step.created), None)


class Statement(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """What was read from an attestation (in-toto); the statement itself is not kept, as an SBOM has megabytes."""

    digest: Digest
    """Of the blob that has the statement."""
    predicate_type: str
    """`https://slsa.dev/provenance/v1`, `https://spdx.dev/Document`."""
    size: int
    builder: str = ""
    """Of a provenance: who built."""
    source: str = ""
    """Of a provenance: from which repository and path."""
    revision: str = ""
    """Of a provenance: from which commit."""
    packages: int | None = None
    """Of an SBOM: how many packages it lists."""


class Artifact(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A manifest that is of no image: a Helm chart, a WASM module, a signature."""

    digest: Digest
    kind: str
    """Its artifact type or, without one, its config's media type."""
    size: int
    """Bytes of all its layers, as transferred."""


class Image(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One platform of a tag: its manifest with the config and layers that it names, resolved."""

    manifest: Digest
    media_type: MediaType
    """Of the manifest; empty: unknown, as pages call every manifest in an index of OCI Docker's."""
    platform: Platform
    """As the index says it; else as the config does."""
    config: Config
    layers: tuple[Layer, ...]
    annotations: tuple[tuple[str, str], ...] = ()
    """Of the manifest, and of its entry in the index where that says more."""
    attests: Digest | None = None
    """Of an attestation manifest: the manifest that it describes."""
    statements: tuple[Statement, ...] = ()
    """Of an attestation manifest: what it says."""

    @property
    def size(self) -> int:
        """Compressed bytes of all layers, as transferred."""
        return sum(layer.size for layer in self.layers)


class Subject(NamedTuple):
    """The manifest that an attestation describes."""

    manifest: Digest
    is_deduced: bool
    """From its place in the index: no registry and no page says so."""


class State(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a tag points at: an index with its images, or a single manifest."""

    digest: Digest
    """Of the index, or of the single manifest."""
    media_type: MediaType
    all_images: tuple[Image, ...]
    """In the index's order, attestation manifests among them."""
    annotations: tuple[tuple[str, str], ...] = ()
    """Of the index."""
    artifacts: tuple[Artifact, ...] = ()
    """What is no image."""
    absent: tuple[Digest, ...] = ()
    """Manifests that the index names and the registry did not have."""
    unread: tuple[Platform, ...] = ()
    """Platforms of which the page has a section that could not be read."""

    @property
    def is_index(self) -> bool:
        return self.media_type in INDEX_TYPES

    @property
    def images(self) -> tuple[Image, ...]:
        """The images that can be pulled and run: all but attestations."""
        return tuple(image for image in self.all_images if not image.platform.is_attestation)

    @property
    def subjects(self) -> dict[Digest, Subject]:
        """What attestation manifests describe, by their digests. Official images have each behind its image."""
        images = self.all_images
        places = attested_places([image.platform for image in images])
        subjects = {
            images[place].manifest: Subject(images[before].manifest, is_deduced=True)
            for place, before in places.items()
        }
        said = {image.manifest: image.attests for image in images if image.attests}
        return subjects | {digest: Subject(attested, is_deduced=False) for digest, attested in said.items()}

    @property
    def attestations(self) -> tuple[Image, ...]:
        return tuple(image for image in self.all_images if image.platform.is_attestation)


Gone = Literal["missing", "removed"]
"""`missing`: the registry had no such tag; `removed`: the archive's source stopped following it."""


class Observation(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """At this time this tag pointed at this digest, or was gone, or its page could not be understood."""

    tag: str
    time: Time
    source: str
    """Where it comes from: `git:<commit>` or a registry's address."""
    digest: Digest | None = None
    gone: Gone | None = None
    """Digest and gone both None: the source was there and could not be understood."""
