"""The results of a search, which `repo-info find --json` prints as JSON."""

from __future__ import annotations

from typing import Literal

import msgspec

from collector.model.digests import Digest
from collector.model.images import PublishedGone
from collector.model.times import Time

Kind = Literal["index", "manifest", "config", "layer", "statement", "artifact"]
"""`config`: its digest is Docker's Image ID. `statement`: part of an attestation. `artifact`: not part of an image."""


class Use(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """Tags of one image that had the digest on these platforms, at this time."""

    image: str
    since: Time
    until: Time | None
    """When the tags moved to something else; None if they still have it, as far as the archive knows."""
    platforms: tuple[str, ...]
    tags: tuple[str, ...]
    """In the order of `collector.model.tag_order`, the newest version first."""


class FoundDigest(msgspec.Struct, frozen=True, kw_only=True):
    """A digest that matches, as an object of one kind."""

    digest: Digest
    kind: Kind
    uses: tuple[Use, ...]
    """Grouped by image, the newest first. Empty if the archive has the digest, but no tag ever pointed at it."""


class FoundPackage(msgspec.Struct, frozen=True, kw_only=True):
    """One version of a source package that matches, or with an installed package that matches."""

    type: str
    """`deb`, `apk`, `rpm`, `npm`, …"""
    source: str
    """Its name; that of the installed package if its source is not known."""
    version: str
    packages: tuple[str, ...]
    """The installed packages that match."""
    uses: tuple[Use, ...]
    """The states with this version in their package lists, grouped by image, the newest first."""


class FoundVersion(msgspec.Struct, frozen=True, kw_only=True):
    """Tags of an image that moved to a version at the same time."""

    image: str
    version: str
    """As the image names it: `1.13.8-1~stretch`."""
    variable: str
    """The variable with the version: `PYTHON_VERSION`."""
    tags: tuple[str, ...]
    """The plainest names first; the first 8."""
    count: int
    """The number of tags."""
    since: Time
    until: Time | None
    """When they moved to another version, or were gone; None if they still have it."""


class FoundImage(msgspec.Struct, frozen=True, kw_only=True):
    """An image whose name matches."""

    image: str
    tags: int
    """The number of tags that existed at their last observation."""
    gone: int
    """The number of tags that did not: removed, or announced but never published."""
    since: Time
    """The time of the first observation."""
    latest: Time
    """When one of its tags last changed."""


class FoundTag(msgspec.Struct, frozen=True, kw_only=True):
    """A tag whose name matches, with or without that of its image."""

    image: str
    tag: str
    since: Time
    """When its current state began, or when it was removed."""
    digest: Digest | None
    """What the tag points at; None if it is gone or was not understood."""
    gone: PublishedGone | None
    first: Time
    states: int
    """The number of states that it had."""


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """The result of one search."""

    text: str
    digests: tuple[FoundDigest, ...] = ()
    images: tuple[FoundImage, ...] = ()
    tags: tuple[FoundTag, ...] = ()
    packages: tuple[FoundPackage, ...] = ()
    versions: tuple[FoundVersion, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.digests or self.images or self.tags or self.packages or self.versions)
