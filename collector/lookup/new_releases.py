"""The releases of a source since the last query."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from collector.lookup.repository_facts import RepositoryFacts
from collector.lookup.tag_history import TagRelease, read_history
from collector.model.references import Asked, Tag
from collector.model.times import Time


class NewRelease(msgspec.Struct, frozen=True, kw_only=True):
    """A release, or a further platform of one."""

    image: str
    tag: str
    is_new: bool
    """False: the release began before, and has reached another platform since."""
    release: TagRelease


class Bookmark(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A reader's place in the releases."""

    seen: dict[str, Time]
    """Image → the time at which one of its tags was last observed."""


def releases_since(repositories: Iterable[RepositoryFacts], bookmark: Bookmark) -> tuple[list[NewRelease], Bookmark]:
    """The releases since the bookmark, oldest first, and the next bookmark.

    An image that the bookmark lacks is added to the next one; its earlier releases are not returned.
    """
    found: list[NewRelease] = []
    seen = dict(bookmark.seen)
    for facts in repositories:
        name = facts.repository.name
        last = seen.get(name)
        if last is not None and facts.known_until > last:
            found += _iter_new(facts, last)
        seen[name] = max(last or facts.known_until, facts.known_until)
    found.sort(key=lambda new: (new.release.updated, new.image, new.tag))
    return found, Bookmark(seen=seen)


def _iter_new(facts: RepositoryFacts, last: Time) -> Iterator[NewRelease]:
    for tag in facts.tags:
        # Most tags did not move: their states need not be read.
        if not any(period.since > last for period in facts.periods(tag)[-1:]):
            continue
        history = read_history(facts, Asked(repository=facts.repository, tag=Tag(tag)))
        yield from (
            NewRelease(image=history.image, tag=tag, is_new=release.since > last, release=release)
            for release in history.releases
            if release.updated > last
        )
