"""The bases of a repository's images in the whole archive, as its pages need them."""

from __future__ import annotations

import msgspec

from collector.model.digests import Digest
from collector.model.times import Time


class BaseRelease(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A release of the tag that is named as a base."""

    since: Time
    """When it began."""
    path: str
    """The part of a page that shows it, below the tag's page: `history/#r-33a5a60a9a15`."""


class Base(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The image that another one was built on."""

    repository: str
    """Its full name."""
    tag: str
    """The tag; empty if none is known, as for `scratch`."""
    manifest: Digest | None
    """None if it is not known."""
    since: Time | None
    """When the tag got this image on this platform; None if the archive never saw it there."""
    moved: Time | None
    """When the tag got another image on this platform; None if it never did, as far as the archive knows."""
    is_stated: bool
    """Whether the image's annotations or labels name the base; otherwise it is deduced from layers and steps."""
    is_here: bool
    """Whether the archive has the tag."""
    release: BaseRelease | None = None
    """The release of the tag that brought this image; None if it is not known."""


class Dependent(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A repository with tags that are built on an image of a tag."""

    repository: str
    """Its full name."""
    tags: tuple[str, ...]
    """Tags that are built on it now, by name."""
    ever: int
    """The number of tags that were ever built on it."""


class RepositoryBases(msgspec.Struct, frozen=True, array_like=True):
    """The bases of one repository's images, and the tags that are built on its own."""

    known: tuple[Base, ...] = ()
    places: dict[Digest, int] = {}
    """Manifest → the place of its base in `known`."""
    dependents: dict[str, tuple[Dependent, ...]] = {}
    """Tag → the repositories built on it, in the order of their names."""
    of_all: tuple[Dependent, ...] = ()
    """The repositories built on any tag."""

    def base_of(self, manifest: Digest) -> Base | None:
        place = self.places.get(manifest)
        return self.known[place] if place is not None else None


NO_BASES = RepositoryBases()


def encode_bases(bases: RepositoryBases) -> bytes:
    return msgspec.msgpack.encode(bases)


def decode_bases(content: bytes) -> RepositoryBases:
    """The inverse of `encode_bases`."""
    return msgspec.msgpack.decode(content, type=RepositoryBases)
