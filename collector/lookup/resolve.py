"""Resolves a tag, optionally at a date and for a platform, to a digest that can be pinned."""

from __future__ import annotations

import msgspec

from collector.lookup.platforms import images_for
from collector.lookup.repository_facts import RepositoryFacts
from collector.lookup.targets import find_target, state_of
from collector.model.digests import Digest
from collector.model.references import Asked, Tag
from collector.model.times import Time


class Resolved(msgspec.Struct, frozen=True, kw_only=True):
    """The result, which `repo-info resolve --json` prints."""

    image: str
    tag: Tag | None
    """None if the reference has only a digest."""
    digest: Digest
    """The digest to pin: that of the platform's manifest if a platform was given."""
    points_at: Digest
    """The index or single manifest at which the tag points."""
    platform: str | None
    since: Time | None
    """When the tag began to point there; None without a tag, or if it never did."""
    until: Time | None
    """When the tag moved to something else; None if it still points there, as far as the archive knows."""
    same_platform: tuple[Digest, ...] = ()
    """Further manifests of the index for the same platform. Docker takes the first, and so does `digest`."""

    @property
    def reference(self) -> str:
        """`python:3.6-slim@sha256:…`."""
        return f"{self.image}:{self.tag}@{self.digest}" if self.tag else f"{self.image}@{self.digest}"


def resolve(facts: RepositoryFacts, asked: Asked, platform: str | None = None) -> Resolved:
    """The digest of a reference.

    Raises:
        NotFound: there is none; the hint names the nearest moment at which there was one, or the existing platforms.
        ArchiveError: the archive lacks a part that is needed to look up the platform.
    """
    found, period = find_target(facts, asked)
    images = images_for(state_of(facts, found), platform) if platform is not None else []
    image = images[0] if images else None
    return Resolved(
        image=facts.repository.familiar,
        tag=asked.tag,
        digest=image.manifest if image else found,
        points_at=found,
        platform=str(image.platform) if image else None,
        since=period.since if period else None,
        until=period.until if period else None,
        same_platform=tuple(other.manifest for other in images[1:]),
    )
