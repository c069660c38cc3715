"""The uses of digests by tags, over time: the data of the digest search."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from heapq import nsmallest
from types import MappingProxyType

import msgspec

from collector.archive.holdings import Holdings
from collector.model.digests import Digest
from collector.model.images import State
from collector.model.tag_order import newest_first
from collector.model.timelines import Period
from collector.model.times import Time

MAX_TAGS = 50
"""The number of tags of one place that are named."""
_MAX_PLATFORMS = 32
"""The number of platforms that are listed separately; a digest that is used on more is listed once for all."""

Span = tuple[Time, Time | None]
"""The first and the last time; None if it still lasts."""
Spans = dict[str, Span]
"""Spans by tag."""
Place = tuple[str, str]
"""A platform and its slug; both empty for an index."""
Users = tuple[int, ...]
"""The numbers of the images or states that contain a digest. Equal users mean equal uses."""

_NOWHERE: Place = ("", "")


class Where(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The tags that have a digest on one platform now, or the tags that had it."""

    platform: str = ""
    """Left out for an index, and for a digest of no platform or of very many platforms."""
    slug: str | None = None
    """The slug of the platform for tags that still have it, unless it is the platform with hyphens for slashes. Empty
    if it has no page.
    """
    tags: str
    """The newest tags, separated by spaces."""
    more: int = 0
    """The number of tags left out."""
    since: Time = msgspec.field(name="from")
    until: Time | None = None
    """Left out if these tags still have it."""
    addresses: dict[str, str] = {}
    """The addresses of tags that are not at `<address of the image><tag>/`."""


class Uses:
    """The uses of every digest to which a tag of a repository ever led."""

    def __init__(
        self,
        holdings: Holdings,
        periods: Mapping[str, Iterable[Period]],
        exceptions: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """`exceptions`: addresses of tags, as in `Where.addresses`."""
        self._exceptions = exceptions
        self._ranks = {tag: rank for rank, tag in enumerate(newest_first(periods))}
        self._users: dict[Digest, int | list[int]] = {}
        """A single number if there is one user, as in most cases."""
        self._spans: list[tuple[Place, Spans, list[str]]] = []
        """The users by number, each with the tags that still have it."""
        self._merged: dict[Users, list[_Merged]] = {}
        for digest, spans in _spans_of_states(periods).items():
            current = [tag for tag, (_, until) in spans.items() if until is None]
            for place, members in _iter_members(digest, holdings.state(digest)):
                self._note_user(len(self._spans), members)
                self._spans.append((place, spans, current))

    def _note_user(self, user: int, members: Iterable[Digest]) -> None:
        users = self._users
        for digest in members:
            known = users.setdefault(digest, user)
            if known == user:
                continue
            if isinstance(known, list):
                known.append(user)
            else:
                users[digest] = [known, user]

    def users(self, digest: Digest) -> Users:
        """The users of a digest; digests of one build usually have the same users."""
        known = self._users[digest]
        return (known,) if isinstance(known, int) else tuple(known)

    def where(self, users: Users, max_tags: int = MAX_TAGS) -> tuple[Where, ...]:
        """The uses, one for each place. Each names the tags that still have it, then those that had it.

        `max_tags`: the number of either that are named.
        """
        if users not in self._merged:
            self._merged[users] = list(self._merge(users))
        return tuple(merged.cut(max_tags, self._exceptions) for merged in self._merged[users])

    def _merge(self, users: Users) -> Iterator[_Merged]:
        platforms: dict[str, Spans] = {}
        pages: dict[tuple[str, str], str] = {}
        """The slug of the page for a platform and a tag that still has it."""
        for number in users:
            (platform, slug), spans, tags = self._spans[number]
            if platform not in platforms and len(platforms) >= _MAX_PLATFORMS:
                platform, slug = _NOWHERE
            if platform in platforms:
                _widen(platforms[platform], spans)
            else:
                platforms[platform] = spans.copy()
            for tag in tags:
                pages.setdefault((platform, tag), slug)
        for platform, spans in platforms.items():
            current: dict[str, Spans] = defaultdict(dict)
            former: Spans = {}
            for tag, span in spans.items():
                page = pages.get((platform, tag))
                (former if page is None else current[page])[tag] = span
            yield from (self._one(platform, slug, some) for slug, some in current.items())
            if former:
                yield self._one(platform, None, former)

    def _one(self, platform: str, slug: str | None, spans: Spans) -> _Merged:
        return _Merged(
            platform=platform,
            slug=None if slug == platform.replace("/", "-") else slug,
            tags=tuple(nsmallest(MAX_TAGS, spans, key=self._ranks.__getitem__)),
            count=len(spans),
            since=min(since for since, _ in spans.values()),
            until=max((until for _, until in spans.values() if until is not None), default=None),
        )


class _Merged(msgspec.Struct, frozen=True, kw_only=True):
    """A `Where` before the number of tags for which there is room is known."""

    platform: str
    slug: str | None
    tags: tuple[str, ...]
    """The newest tags, as many as can be shown."""
    count: int
    since: Time
    until: Time | None

    def cut(self, most: int, exceptions: Mapping[str, str]) -> Where:
        shown = self.tags[:most]
        return Where(
            platform=self.platform,
            slug=self.slug,
            tags=" ".join(shown),
            more=self.count - len(shown),
            since=self.since,
            until=self.until,
            addresses={tag: exceptions[tag] for tag in shown if tag in exceptions},
        )


def _spans_of_states(periods: Mapping[str, Iterable[Period]]) -> dict[Digest, Spans]:
    """The tags of each state by digest; separate periods of one tag are merged, from the first to the last."""
    states: dict[Digest, Spans] = defaultdict(dict)
    for tag, of_tag in periods.items():
        for period in of_tag:
            if period.digest is not None:
                _widen(states[period.digest], {tag: (period.since, period.until)})
    return states


def _widen(spans: Spans, others: Spans) -> None:
    """Adds other spans; of a tag that has one, from the first time to the last."""
    for tag, span in others.items():
        known = spans.setdefault(tag, span)
        if known != span:
            last = None if known[1] is None or span[1] is None else max(known[1], span[1])
            spans[tag] = (min(known[0], span[0]), last)


def _iter_members(digest: Digest, state: State | None) -> Iterator[tuple[Place, Iterable[Digest]]]:
    """The members of a state: the index itself, each image with its platform, and manifests without a platform."""
    if state is None:
        yield _NOWHERE, (digest,)
        return
    for image, place in zip(state.all_images, _places(state), strict=True):
        yield place, dict.fromkeys([image.manifest, image.config.digest, *(layer.digest for layer in image.layers)])
    others = [digest] if state.is_index else []
    others += [*(artifact.digest for artifact in state.artifacts), *state.absent]
    if others:
        yield _NOWHERE, dict.fromkeys(others)


def _places(state: State) -> list[Place]:
    slugs = iter(state.slugs)
    places = [(str(image.platform), "" if image.platform.is_attestation else next(slugs)) for image in state.all_images]
    by_manifest = {image.manifest: place for image, place in zip(state.all_images, places, strict=True)}
    # An attestation has no page of its own; the page of the image that it describes shows it.
    subjects = state.subjects
    return [
        by_manifest.get(subjects[image.manifest].manifest, place) if image.manifest in subjects else place
        for image, place in zip(state.all_images, places, strict=True)
    ]
