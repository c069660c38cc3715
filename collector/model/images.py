"""Manifests, configs and layers, which a registry keeps by digest (OCI image-spec, manifest.md and config.md).

These are the parsed forms. The archive also keeps the exact raw text, if it is known.

There are many of them. `gc=False` excludes them from Python's search for cycles, which frozen values cannot form.
"""

from __future__ import annotations

from functools import cached_property
from typing import Literal, NamedTuple

import msgspec

from collector.model.digests import Digest
from collector.model.platforms import Platform, attested_places, platform_slugs
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
    """How to check the health of a container."""

    test: tuple[str, ...]
    """`CMD` or `CMD-SHELL` and the command; `NONE`; empty to use that of the base image."""
    interval: int = 0
    """Nanoseconds, like timeout; 0 for the default."""
    timeout: int = 0
    retries: int = 0
    start_period: int = 0
    """Nanoseconds in which a failure does not count; start_interval is in nanoseconds, too."""
    start_interval: int = 0


class Runtime(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The members of a config for running the image that repo-info pages do not show."""

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
    """Compressed bytes, as transferred; 0 if unknown."""
    media_type: MediaType
    has_size: bool = True
    """Whether the size is known. Pages leave it out if the registry did not answer for the blob."""
    last_modified: Time | None = None
    """The date of the blob in the registry's storage: the time of the upload, not of the build."""


class Config(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An image's configuration. Its digest is Docker's Image ID.

    None means unknown, as for members that a repo-info page does not show; it does not mean empty.
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
    """The config's own time of creation."""
    runtime: Runtime | None = None

    @property
    def created(self) -> Time | None:
        """The creation time of the image: the config's own, else that of its last step."""
        return self.built or next((step.created for step in reversed(self.history) if step.created), None)


class Statement(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Facts from an attestation (in-toto). The statement itself is not kept, because an SBOM has megabytes."""

    digest: Digest
    """The digest of the blob with the statement."""
    predicate_type: str
    """`https://slsa.dev/provenance/v1`, `https://spdx.dev/Document`."""
    size: int
    builder: str = ""
    """The builder, from a provenance."""
    source: str = ""
    """The repository and path of the source, from a provenance."""
    revision: str = ""
    """The commit, from a provenance."""
    packages: int | None = None
    """The number of packages that an SBOM lists; None for other statements."""


class Artifact(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A manifest that is not an image: a Helm chart, a WASM module, a signature."""

    digest: Digest
    kind: str
    """Its artifact type or, without one, the media type of its config."""
    size: int
    """The bytes of all its layers, as transferred."""


class Image(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One platform of a tag: its manifest with its config and layers."""

    manifest: Digest
    media_type: MediaType
    """The media type of the manifest; empty if unknown, because pages show Docker's type for all manifests in an OCI
    index.
    """
    platform: Platform
    """The platform in the index, else in the config."""
    config: Config
    layers: tuple[Layer, ...]
    annotations: tuple[tuple[str, str], ...] = ()
    """The annotations of the manifest, and further ones of its entry in the index."""
    attests: Digest | None = None
    """For an attestation manifest, the manifest that it describes."""
    statements: tuple[Statement, ...] = ()
    """The statements of an attestation manifest."""

    @property
    def size(self) -> int:
        """Compressed bytes of all layers, as transferred."""
        return sum(layer.size for layer in self.layers)


class Subject(NamedTuple):
    """The manifest that an attestation describes."""

    manifest: Digest
    is_deduced: bool
    """Whether this is deduced from its place in the index, because neither registry nor page states it."""


class State(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """What a tag points at: an index with its images, or a single manifest."""

    digest: Digest
    """The digest of the index or of the single manifest."""
    media_type: MediaType
    all_images: tuple[Image, ...]
    """In the order of the index, including attestation manifests."""
    annotations: tuple[tuple[str, str], ...] = ()
    """The annotations of the index."""
    artifacts: tuple[Artifact, ...] = ()
    """The manifests that are not images."""
    absent: tuple[Digest, ...] = ()
    """Manifests that the index names but the registry did not have."""
    unread: tuple[Platform, ...] = ()
    """Platforms whose section on the page could not be read."""

    @property
    def is_index(self) -> bool:
        return self.media_type in INDEX_TYPES

    @cached_property
    def images(self) -> tuple[Image, ...]:
        """The images that can be pulled and run: all but attestations."""
        return tuple(image for image in self.all_images if not image.platform.is_attestation)

    @cached_property
    def slugs(self) -> list[str]:
        """The slug of each image's platform, in the same order."""
        return platform_slugs(image.platform for image in self.images)

    @cached_property
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


PublishedGone = Literal["missing", "not-followed"]
"""The same in all that is published: what is no longer followed need not be removed from its registry."""


def published_gone(gone: Gone | None) -> PublishedGone | None:
    """The word that is published."""
    return "not-followed" if gone == "removed" else gone


class Observation(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """At this time, this tag pointed at this digest, was gone, or had a page that was not understood."""

    tag: str
    time: Time
    source: str
    """Its source: `git:<commit>` or the address of a registry."""
    digest: Digest | None = None
    gone: Gone | None = None
    """If digest and gone are both None, the source existed but was not understood."""
    is_rehearsed: bool = False
    """Whether the time was given to try out a history."""
