"""The history of a tag as values: every state, with the reasons of its change."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from collector.archive.holdings import Holdings
from collector.diff.changes import Reason
from collector.diff.differ import Differ
from collector.errors import NotFound
from collector.lookup.targets import find_target
from collector.model.digests import Digest
from collector.model.images import Gone
from collector.model.references import Asked
from collector.model.times import Time

_MAX_TAGS = 12
"""The number of tags that a hint names."""


class PlatformState(msgspec.Struct, frozen=True, kw_only=True):
    """One platform of a state."""

    platform: str
    manifest: Digest
    config: Digest
    """The Image ID."""
    size: int
    """Compressed bytes of all layers."""


class TagState(msgspec.Struct, frozen=True, kw_only=True):
    """What a tag pointed at between two observations."""

    since: Time
    until: Time | None
    """None if it still does, as far as the archive knows."""
    digest: Digest | None
    """None if the tag was gone or was not understood."""
    gone: Gone | None
    reasons: tuple[Reason, ...]
    """Why it differs from the previous state, in order of weight."""
    platforms: tuple[PlatformState, ...]


class TagHistory(msgspec.Struct, frozen=True, kw_only=True):
    """All states of a tag."""

    image: str
    tag: str
    states: tuple[TagState, ...]
    """The newest first."""


def read_history(holdings: Holdings, asked: Asked) -> TagHistory:
    """All states of a tag.

    Raises:
        NotFound: the archive has no such tag.
    """
    tag = asked.tag or _only_tag_with(holdings, asked)
    if not holdings.periods(tag):
        find_target(holdings, asked)
    states = tuple(_iter_states(holdings, tag))
    return TagHistory(image=holdings.repository.familiar, tag=tag, states=states[::-1])


def _only_tag_with(holdings: Holdings, asked: Asked) -> str:
    """The only tag that pointed at a digest.

    Raises:
        NotFound: no tag did, or several did.
    """
    digest, image = asked.digest, holdings.repository.familiar
    tags = [tag for tag in holdings.tags if any(period.digest == digest for period in holdings.periods(tag))]
    if not tags:
        raise NotFound(f"{image}: no tag pointed at {digest}", hint=f"to see what it is, run repo-info find {digest}")
    if len(tags) > 1:
        names = ", ".join(f"{image}:{tag}" for tag in tags[:_MAX_TAGS])
        raise NotFound(f"{image}: {len(tags)} tags pointed at {digest}", hint=f"name one of {names}")
    return tags[0]


def _iter_states(holdings: Holdings, tag: str) -> Iterator[TagState]:
    for period, change in Differ(holdings.image_packages).history(holdings.periods(tag), holdings.state):
        state = holdings.state(period.digest) if period.digest else None
        platforms = tuple(
            PlatformState(
                platform=str(image.platform), manifest=image.manifest, config=image.config.digest, size=image.size
            )
            for image in (state.images if state else ())
        )
        yield TagState(
            since=period.since,
            until=period.until,
            digest=period.digest,
            gone=period.gone,
            reasons=change.reasons,
            platforms=platforms,
        )
