"""Who used a digest, and when: the records behind the digest search.

Digests that were used by the same tags on the same platforms over the same time share one record: the
manifest, the config and the new layers of a build nearly always do.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from types import MappingProxyType

import msgspec

from collector.archive.holdings import Holdings
from collector.model.digests import Digest, hex_of
from collector.model.images import Image, State
from collector.model.platforms import platform_slugs
from collector.model.timelines import Period
from collector.model.times import Time
from collector.pages.natural import newest_first

BUCKET = 16
"""Records in one file."""
PREFIX = 16
"""Hex digits of a digest by which the site-wide index knows it."""

_MOST_TAGS = 12

Spans = dict[str, tuple[Time, Time | None]]
"""By tag: from when to when; None: still so."""
Place = tuple[str, str]
"""A platform and its slug; both empty for an index."""


class Where(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The tags that have a digest on one platform now, or those that had it."""

    platform: str
    slug: str
    tags: tuple[str, ...]
    more: int
    """Tags left out."""
    since: Time = msgspec.field(name="from")
    until: Time | None
    """None: these tags still have it."""
    addresses: dict[str, str] = {}
    """Of those tags that do not lie at `<address of the image><tag>/`."""


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """Digests by kind, and where they were used."""

    digests: dict[str, tuple[Digest, ...]]
    where: tuple[Where, ...]


def collect_records(
    holdings: Holdings, periods: Mapping[str, tuple[Period, ...]], exceptions: Mapping[str, str] = MappingProxyType({})
) -> list[Record]:
    """All digests of a repository that a tag ever led to. `exceptions`: addresses of tags, as in `Where.addresses`."""
    states = _spans_of_states(periods)
    users: dict[tuple[str, Digest], list[int]] = defaultdict(list)
    spans: list[tuple[Place, Spans]] = []
    """Of each image in each state, and of each index: what a digest's users are numbers of."""
    for digest, of_state in states.items():
        state = holdings.state(digest)
        if state is None or state.is_index:
            users["index", digest].append(len(spans))
            spans.append((("", ""), of_state))
        for place, members in _iter_members(state):
            for member in members:
                users[member].append(len(spans))
            spans.append((place, of_state))
    return _group(users, spans, exceptions)


def _spans_of_states(periods: Mapping[str, tuple[Period, ...]]) -> dict[Digest, Spans]:
    """By digest of a state: its tags; periods of one tag that lie apart are taken from the first to the last."""
    states: dict[Digest, Spans] = defaultdict(dict)
    for tag, of_tag in periods.items():
        for period in of_tag:
            if period.digest is not None:
                _widen(states[period.digest], tag, period.since, period.until)
    return states


def _widen(spans: Spans, tag: str, since: Time, until: Time | None) -> None:
    known = spans.get(tag)
    if known is None:
        spans[tag] = (since, until)
    else:
        ends = (known[1], until)
        last = None if None in ends else max(end for end in ends if end is not None)
        spans[tag] = (min(known[0], since), last)


def _iter_members(state: State | None) -> Iterator[tuple[Place, list[tuple[str, Digest]]]]:
    """Each image of a state: its platform, and its digests with their kinds; then what is of no platform."""
    if state is None:
        return
    slugs = iter(platform_slugs(image.platform for image in state.images))
    places = [(str(image.platform), "" if image.platform.is_attestation else next(slugs)) for image in state.all_images]
    by_manifest = {image.manifest: place for image, place in zip(state.all_images, places, strict=True)}
    for image, place in zip(state.all_images, places, strict=True):
        # An attestation has no page of its own: the page of the image that it speaks of tells of it.
        attested = by_manifest.get(image.attests) if image.attests else None
        yield attested or place, _members(image)
    others = [("artifact", artifact.digest) for artifact in state.artifacts]
    others += [("manifest", digest) for digest in state.absent]
    if others:
        yield ("", ""), others


def _members(image: Image) -> list[tuple[str, Digest]]:
    statements = {statement.digest for statement in image.statements}
    members = [("manifest", image.manifest), ("config", image.config.digest)]
    members += [("statement" if layer.digest in statements else "layer", layer.digest) for layer in image.layers]
    return list(dict.fromkeys(members))


def _group(
    users: Mapping[tuple[str, Digest], list[int]], spans: list[tuple[Place, Spans]], exceptions: Mapping[str, str]
) -> list[Record]:
    together: dict[tuple[bool, tuple[int, ...]], list[tuple[str, Digest]]] = defaultdict(list)
    for (kind, digest), numbers in users.items():
        together[kind == "index", tuple(numbers)].append((kind, digest))
    records = []
    for (_, users_of_all), members in together.items():
        digests: dict[str, list[Digest]] = defaultdict(list)
        for kind, digest in members:
            digests[kind].append(digest)
        where = tuple(_iter_where((spans[number] for number in users_of_all), exceptions))
        records.append(Record(digests={kind: tuple(found) for kind, found in digests.items()}, where=where))
    # In the order of time, so that a day's news comes last and the files before it stay as they are.
    return sorted(records, key=lambda record: (min(where.since for where in record.where), min(record.digests.items())))


def _iter_where(used: Iterator[tuple[Place, Spans]], exceptions: Mapping[str, str]) -> Iterator[Where]:
    """By place: the tags that still have it, then those that had it."""
    places: dict[Place, Spans] = defaultdict(dict)
    for place, spans in used:
        merged = places[place]
        for tag, (since, until) in spans.items():
            _widen(merged, tag, since, until)
    for place, spans in places.items():
        current = {tag: span for tag, span in spans.items() if span[1] is None}
        former = {tag: span for tag, span in spans.items() if span[1] is not None}
        yield from (_where(place, some, exceptions) for some in (current, former) if some)


def _where(place: Place, spans: Spans, exceptions: Mapping[str, str]) -> Where:
    ordered = newest_first(spans)
    shown = ordered[:_MOST_TAGS]
    platform, slug = place
    return Where(
        platform=platform,
        slug=slug,
        tags=tuple(shown),
        more=len(ordered) - len(shown),
        since=min(since for since, _ in spans.values()),
        until=max((until for _, until in spans.values() if until is not None), default=None),
        addresses={tag: exceptions[tag] for tag in shown if tag in exceptions},
    )


def pack_digests(records: list[Record]) -> bytes:
    """What the site-wide index needs: for each digest its first 16 hex digits and its record's number, in 12 bytes."""
    packed = bytearray()
    for number, record in enumerate(records):
        for digests in record.digests.values():
            for digest in digests:
                packed += bytes.fromhex(hex_of(digest)[:PREFIX]) + number.to_bytes(4, "big")
    return bytes(packed)
