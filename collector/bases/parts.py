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
    """Empty: no tag is known, as of `scratch`."""
    manifest: Digest | None
    """None: not known."""
    since: Time | None
    """Since when the tag had this image on this platform; None: the archive never saw it there."""
    moved: Time | None
    """When the tag got another image on this platform; None: it never did, as far as the archive knows."""
    is_stated: bool
    """The image's annotations or labels say so; else it is deduced from layers and steps."""
    is_here: bool
    """Whether the archive has the tag."""
    release: BaseRelease | None = None
    """The release of the tag that brought this image; None: not known."""


class Dependent(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A repository with tags that are built on an image of a tag."""

    repository: str
    """Its full name."""
    tags: tuple[str, ...]
    """Tags that are built on it now, by name."""
    ever: int
    """The number of tags that ever were."""


class RepositoryBases(msgspec.Struct, frozen=True, array_like=True):
    """The bases of one repository's images, and what is built on its tags. Empty where nothing is known."""

    known: tuple[Base, ...] = ()
    places: dict[Digest, int] = {}
    """By manifest the place of its base in `known`."""
    dependents: dict[str, tuple[Dependent, ...]] = {}
    """By tag, in the order of the repositories' names."""
    of_all: tuple[Dependent, ...] = ()
    """The same of all tags together."""

    def base_of(self, manifest: Digest) -> Base | None:
        place = self.places.get(manifest)
        return self.known[place] if place is not None else None


NO_BASES = RepositoryBases()


def encode_bases(bases: RepositoryBases) -> bytes:
    return msgspec.msgpack.encode(bases)


def decode_bases(content: bytes) -> RepositoryBases:
    """The reverse of `encode_bases`."""
    return msgspec.msgpack.decode(content, type=RepositoryBases)
