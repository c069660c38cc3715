"""An index, as a page shows it."""

from __future__ import annotations

from typing import Annotated

import msgspec

from collector.archive.facts.fact import DigestFact, DigestText, SharedMediaType, SharedPlatform


class IndexEntry(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    digest: DigestText
    platform: SharedPlatform


class UnreadEntry(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A section of a page that could not be read; the observation has its text."""

    place: Annotated[int, msgspec.Meta(ge=0)]
    """The place of the section on the page, from 0."""
    platform: str
    """The platform as written on the page."""


class IndexFact(DigestFact, frozen=True, kw_only=True, tag="index"):
    table = "indexes"
    media_type: SharedMediaType
    manifests: tuple[IndexEntry, ...]
    unread: tuple[UnreadEntry, ...] = ()
    """The entries of the index beside its manifests."""
