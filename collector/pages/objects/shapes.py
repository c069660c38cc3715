"""The published objects. Members with their default are left out; numbers refer to other objects.

A step is a JSON string: the text of one instruction. Every other object has one of these shapes, which its first field
tells.
"""

from __future__ import annotations

import msgspec

from collector.model.digests import Digest
from collector.model.images import DOCKER_LIST, MediaType, Runtime, Statement
from collector.model.times import Time
from collector.pages.objects.uses import Where

USUAL_LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip"
USUAL_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
USUAL_STATE = DOCKER_LIST

PLACES = 64
"""The numbers in one file: the number of an object is `file * 64 + place`."""
MADE_LAYER = {True: "+", False: "-", None: "?"}
"""Whether a step made a layer → its sign in `made`."""

StepTime = int | str | None
"""Seconds since the last known time before it, an absolute time (RFC 3339), or unknown."""


class _Object(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    pass


class LayerObject(_Object, frozen=True, kw_only=True):
    """One layer. The image with which it first appeared is the next image object after it."""

    layer: Digest
    size: int
    """Compressed bytes."""
    type: MediaType | None = None
    """None for Docker's usual one, `USUAL_LAYER`."""
    has_size: bool = True
    """Whether the size is known; an unknown size is 0."""


class RuntimeObject(Runtime, frozen=True, kw_only=True, omit_defaults=True):
    """The members of a config for running the image."""


class ImageObject(_Object, frozen=True, kw_only=True):
    """A manifest with its config. It is also the state of a tag that points directly at it."""

    manifest: Digest
    config: Digest
    """The Image ID."""
    type: MediaType | None = None
    """None for `USUAL_MANIFEST`, empty if unknown."""
    platform: tuple[str, ...]
    """os, architecture, variant, os.version; without empty parts at the end."""
    config_platform: tuple[str, ...] | None = None
    """The value in the config, if it differs."""
    built: Time | None = None
    docker_version: str | None = None
    entrypoint: tuple[str, ...] | None = None
    cmd: tuple[str, ...] | None = None
    shell: tuple[str, ...] | None = None
    runtime: RuntimeObject | None = None
    annotations: tuple[tuple[str, str], ...] = ()
    attests: Digest | None = None
    after: Digest | None = None
    """For an attestation that does not name the image it describes: the image before it in the index, which is deduced
    to be it.
    """
    statements: tuple[Statement, ...] = ()
    layers: tuple[int, ...] = ()
    steps: tuple[int, ...] = ()
    created: tuple[StepTime, ...] = ()
    """The time of each step; empty if none is known."""
    made: str = ""
    """For each step whether it made a layer: `+` yes, `-` no, `?` unknown; empty if all are unknown."""


class StateObject(_Object, frozen=True, kw_only=True):
    """What a tag pointed at: an index, or an artifact."""

    state: Digest
    type: MediaType | None = None
    """None for Docker's manifest list, `USUAL_STATE`."""
    images: tuple[int, ...] = ()
    annotations: tuple[tuple[str, str], ...] = ()
    artifacts: tuple[int, ...] = ()
    absent: tuple[int, ...] = ()
    unread: tuple[tuple[str, ...], ...] = ()
    """Platforms, in the form of an image's, whose section on the page could not be read."""


class ArtifactObject(_Object, frozen=True, kw_only=True):
    """A manifest that is not an image: a Helm chart, a signature."""

    artifact: Digest
    kind: str
    size: int


class AbsentObject(_Object, frozen=True, kw_only=True):
    """A manifest that an index names but the registry did not have."""

    absent: Digest


class PartialObject(_Object, frozen=True, kw_only=True):
    """What a tag pointed at, if the archive lacks a part of it."""

    partial: Digest


Object = LayerObject | ImageObject | StateObject | ArtifactObject | AbsentObject | PartialObject
OBJECTS = (LayerObject, ImageObject, StateObject, ArtifactObject, AbsentObject, PartialObject)


class ScanObject(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How the packages of an image became known."""

    time: Time
    """The time at which the list was read."""
    statement: Digest | None = None
    """The blob of the attestation."""
    system: str = ""
    """The system that the scanner names: `debian 12`."""
    left_out: int = 0
    """Entries of the scanner that cannot be a package, or are too long."""


class Chunk(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One file: objects and their uses. Only the last file gets more objects."""

    objects: msgspec.Raw
    """An array of objects."""
    where_of: tuple[int | None, ...]
    """For each object, its place in `where`; null for steps."""
    config_where_of: dict[int, int] = {}
    """The same for Image IDs with other uses than their manifests, by the place of the image."""
    packages_of: dict[int, int] = {}
    """The numbers of the package lists of images, by the place of the image; left out where no packages are known."""
    scans_of: dict[int, ScanObject] = {}
    """The scans of the same images, by the place of the image."""
    where: tuple[tuple[Where, ...], ...]
