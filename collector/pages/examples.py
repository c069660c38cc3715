"""Examples to click: a tag of the archive with a past, its digest, a version that it was, a day when it was another."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import msgspec

from collector.model.digests import Digest
from collector.model.tag_order import count_words, plainest_first
from collector.model.times import Time
from collector.pages.repository_context import RepositoryContext
from collector.releases import Release
from collector.releases.version_spans import version_before


class Example(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A live tag that moved, and what to ask about it."""

    image: str
    tag: str
    address: str
    """The address of the tag's page."""
    digest: Digest
    """At which it points now."""
    releases: int
    """The number of its releases."""
    day: str
    """A day when it pointed at something else."""
    version: str = ""
    """A version that it was; left out if it never moved to another."""


def example_of(context: RepositoryContext) -> Example | None:
    """The live tag with the plainest name that moved to another version, or else one that moved; None if none moved."""
    found = [tag for tag in plainest_first(context.live_tags) if len(context.histories.releases(tag)) > 1]
    if not found:
        return None
    tag = max(found, key=lambda tag: _worth(tag, context.histories.releases(tag)))
    releases = context.histories.releases(tag)
    moved = next((release for release in reversed(releases) if version_before(release)), releases[-1])
    day = _day_before(moved.since)
    digest = context.histories.changes[tag][-1].period.digest
    if digest is None or day < releases[0].since[:10]:
        return None
    return Example(
        image=context.image,
        tag=tag,
        address=context.tag_addresses[tag],
        digest=digest,
        releases=len(releases),
        day=day,
        version=version_before(moved),
    )


def best_example(examples: Iterable[Example | None]) -> Example | None:
    """Preferably with a version, and of the tag with the plainest name and the longest history."""
    found = [one for one in examples if one]
    return max(found, key=lambda one: (bool(one.version), -count_words(one.tag), one.releases), default=None)


def _worth(tag: str, releases: tuple[Release, ...]) -> tuple[bool, int, int]:
    return any(release.cause == "version" for release in releases), -count_words(tag), len(releases)


def _day_before(moment: Time) -> str:
    day = datetime.fromisoformat(moment[:10]).replace(tzinfo=UTC)
    return (day - timedelta(days=1)).date().isoformat() if day.year > 1 else moment[:10]
