"""What a search finds. As JSON these are what `repo-info find --json` prints."""

from __future__ import annotations

from typing import Literal

import msgspec

from collector.model.digests import Digest
from collector.model.images import Gone
from collector.model.times import Time

Kind = Literal["index", "manifest", "config", "layer", "statement", "artifact"]
"""`config`: its digest is what Docker calls the Image ID. `statement`: of an attestation. `artifact`: of no image."""


class Use(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """Some tags of one image had the digest, on these platforms, over this time."""

    image: str
    since: Time
    until: Time | None
    """When the tags turned to something else; None: they still have it, as far as the archive knows."""
    platforms: tuple[str, ...]
    tags: tuple[str, ...]


class FoundDigest(msgspec.Struct, frozen=True, kw_only=True):
    """A digest that fits, as one kind of thing."""

    digest: Digest
    kind: Kind
    uses: tuple[Use, ...]
    """By image, the newest first. Empty: the archive has it, and no tag ever pointed at it."""


class FoundImage(msgspec.Struct, frozen=True, kw_only=True):
    """An image whose name fits."""

    image: str
    tags: int
    """Tags that were there when they were last looked at."""
    gone: int
    """Tags that were not: removed, or announced and never there."""
    since: Time
    """Of the first observation."""
    latest: Time
    """When a tag of it last changed."""


class FoundTag(msgspec.Struct, frozen=True, kw_only=True):
    """A tag whose name, with or without its image's, fits."""

    image: str
    tag: str
    since: Time
    """Since when it has what it has; or since when it is gone."""
    digest: Digest | None
    """What it points at; None if it is gone or could not be understood."""
    gone: Gone | None
    first: Time
    states: int
    """How many different times it pointed at something."""


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that one search found."""

    text: str
    digests: tuple[FoundDigest, ...] = ()
    images: tuple[FoundImage, ...] = ()
    tags: tuple[FoundTag, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.digests or self.images or self.tags)
