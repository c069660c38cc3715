"""The history of a tag as values: its releases, and every state with the reasons of its change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import msgspec

from collector.bases.moves import base_moves
from collector.bases.parts import RepositoryBases
from collector.diff.changes import Change, Reason
from collector.diff.differ import Differ
from collector.errors import NotFound
from collector.lookup.repository_facts import RepositoryFacts
from collector.lookup.targets import find_target
from collector.model.digests import Digest
from collector.model.images import PublishedGone, published_gone
from collector.model.references import Asked, parse_repository
from collector.model.tag_order import newest_first
from collector.model.timelines import Period
from collector.model.times import Time
from collector.releases import ImageUpdates, Release, releases_of
from collector.releases import TagState as FoldedState
from collector.releases.release import Cause, PlatformProgress, Progress

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
    gone: PublishedGone | None
    reasons: tuple[Reason, ...]
    """Why it differs from the previous state, in order of weight."""
    is_rehearsed: bool
    """Whether `since` was given to `collect --rehearse`, to try out a history."""
    platforms: tuple[PlatformState, ...]


class ReleasePlatform(msgspec.Struct, frozen=True, kw_only=True):
    """A platform, and how far a release is on it."""

    platform: str
    progress: Progress
    since: Time | None
    """When it reached the platform; None if it did not."""
    skipped_for: Time | None
    """The start of the later release that reached the platform instead, within 30 days."""


class MovedBase(NamedTuple):
    """A base that moved in a release, as a source of facts knows it."""

    image: str
    """Its familiar name."""
    tag: str
    since: Time
    """When the base's release began."""
    slugs: tuple[str, ...]
    """The platforms that have been built on it since, as in addresses."""


MovedBases = Callable[[str, Release], Iterable[MovedBase]]
"""The bases that moved in a release of a tag."""


class ReleaseBase(msgspec.Struct, frozen=True, kw_only=True):
    """A base that moved in a release, and the release of its own tag that did it."""

    image: str
    tag: str
    since: Time
    """When the base's release began."""
    platforms: tuple[str, ...]
    """The platforms that have been built on it since."""


class TagRelease(msgspec.Struct, frozen=True, kw_only=True):
    """One update of a tag, which may have reached its platforms in several states."""

    since: Time
    """When it began; this never changes."""
    updated: Time
    """When it got its newest state or platform."""
    cause: Cause
    digest: Digest | None
    """What its newest state pointed at."""
    reasons: tuple[Reason, ...]
    """In order of weight; the facts that most platforms share."""
    of: int
    """The number of platforms that the tag had then."""
    platforms: tuple[ReleasePlatform, ...]
    """Those that it is about, in the order in which it reached them, then the others that were expected."""
    states: tuple[Time, ...]
    """When each of its states began, newest first. Every state is in exactly one release."""
    bases: tuple[ReleaseBase, ...] | msgspec.UnsetType = msgspec.UNSET
    """The bases that moved, if the archive has their releases; unset if they were not requested."""


class TagHistory(msgspec.Struct, frozen=True, kw_only=True):
    """All releases and states of a tag."""

    image: str
    tag: str
    releases: tuple[TagRelease, ...]
    """The newest first."""
    states: tuple[TagState, ...]
    """The newest first."""


def read_history(facts: RepositoryFacts, asked: Asked, bases: MovedBases | None = None) -> TagHistory:
    """All states of a tag.

    Args:
        facts: the facts of the image.
        asked: the tag, or a digest that only one tag had.
        bases: finds the bases that moved; None to leave them out.

    Raises:
        NotFound: the archive has no such tag.
    """
    tag = asked.tag or _only_tag_with(facts, asked)
    if not facts.periods(tag):
        find_target(facts, asked)
    differ = Differ(facts.image_packages)
    found = list(differ.history(facts.periods(tag), facts.state))
    return TagHistory(
        image=facts.repository.familiar,
        tag=tag,
        releases=tuple(_iter_releases(facts, differ, tag, found, bases))[::-1],
        states=tuple(_iter_states(facts, found))[::-1],
    )


def moved_bases(bases: RepositoryBases) -> MovedBases:
    """The bases that moved, from those of all images of the repository (`bases_of`)."""

    def moved(_: str, release: Release) -> Iterator[MovedBase]:
        for move in base_moves(release, bases):
            image = parse_repository(move.base.repository).familiar
            yield MovedBase(image, move.base.tag, move.release.since, move.platforms)

    return moved


def _only_tag_with(facts: RepositoryFacts, asked: Asked) -> str:
    """The only tag that pointed at a digest.

    Raises:
        NotFound: no tag did, or several did.
    """
    digest, image = asked.digest, facts.repository.familiar
    tags = newest_first(tag for tag in facts.tags if any(period.digest == digest for period in facts.periods(tag)))
    if not tags:
        raise NotFound(f"{image}: no tag pointed at {digest}", hint=f"to see what it is, run repo-info find {digest}")
    if len(tags) > 1:
        names = ", ".join(f"{image}:{tag}" for tag in tags[:_MAX_TAGS])
        raise NotFound(f"{image}: {len(tags)} tags pointed at {digest}", hint=f"name one of {names}")
    return tags[0]


def _iter_states(facts: RepositoryFacts, found: Sequence[tuple[Period, Change]]) -> Iterator[TagState]:
    for period, change in found:
        state = facts.state(period.digest) if period.digest else None
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
            gone=published_gone(period.gone),
            reasons=change.reasons,
            is_rehearsed=period.is_rehearsed,
            platforms=platforms,
        )


def _iter_releases(
    facts: RepositoryFacts,
    differ: Differ,
    tag: str,
    found: Sequence[tuple[Period, Change]],
    bases: MovedBases | None,
) -> Iterator[TagRelease]:
    """The releases, oldest first."""
    releases = releases_of(
        [
            FoldedState(
                period=period, state=facts.state(period.digest) if period.digest else None, reasons=change.reasons
            )
            for period, change in found
        ],
        ImageUpdates(differ.images).between,
        known_until=facts.known_until,
    )
    names = {arrival.platform: arrival.name for release in releases for arrival in release.arrivals}
    for release in releases:
        periods = [found[place][0] for place in reversed(release.states)]
        yield TagRelease(
            since=release.since,
            updated=release.updated,
            cause=release.cause,
            digest=periods[0].digest,
            reasons=release.reasons,
            of=release.of,
            platforms=tuple(_platform(one, names, releases) for one in release.platforms),
            states=tuple(period.since for period in periods),
            bases=msgspec.UNSET if bases is None else tuple(_base(one, names) for one in bases(tag, release)),
        )


def _base(moved: MovedBase, names: Mapping[str, str]) -> ReleaseBase:
    platforms = tuple(names[slug] for slug in moved.slugs)
    return ReleaseBase(image=moved.image, tag=moved.tag, since=moved.since, platforms=platforms)


def _platform(one: PlatformProgress, names: Mapping[str, str], releases: Sequence[Release]) -> ReleasePlatform:
    return ReleasePlatform(
        platform=names.get(one.platform, one.platform),
        progress=one.progress,
        since=one.since,
        skipped_for=None if one.skipped_for is None else releases[one.skipped_for].since,
    )
