"""The choice among the tags that had a base image.

The same image is usually `jessie`, `8`, `8.10`, `jessie-20171210` and, for a while, `latest`, perhaps in several
repositories. The choice is the tag that a Dockerfile most likely names, and whose later moves matter:

1. a tag on the same platform, variant included, if there is one;
2. a tag that had the image when the dependent image was first seen; otherwise the tag that had it last before then;
   otherwise the tag that had it first;
3. a tag of the same registry, and of the same namespace; then of the repository where the fewest tags had the image,
   then of the first by name;
4. a tag of a release line: not a channel that jumps from one release to the next (`latest`, `stable`), not a date, not
   a short form of another tag (`jre` beside `8-jre`);
5. the tag that had the most states until then; then the one with the fewest digits, the shortest, the first.

Rules 4 and 5 consider only earlier states, so that later observations do not change the choice.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Sequence
from functools import lru_cache

import msgspec

from collector.model.digests import Digest
from collector.model.references import Repository
from collector.model.times import Time

_CHANNELS = frozenset(
    "latest stable oldstable oldoldstable testing test edge rolling devel develop dev rc beta alpha nightly current "
    "lts mainline main master head next preview experimental insiders".split()
)
_DATE = re.compile(r"(?<!\d)\d{6,}")
_WORD = re.compile(r"[-_]")


class Span(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A time in which a tag had an image on a platform."""

    repository: Repository
    tag: str
    slug: str
    """The platform in an address."""
    manifest: Digest
    since: Time
    until: Time | None
    """When it had another image there; None: never. A time in which it was gone does not end it."""
    states: int
    """How many states the tag had until it began, with the one that began it."""


class TagChoice:
    """The spans of one image, and which of their tags is named."""

    def __init__(self, spans: Sequence[Span]) -> None:
        """`spans`: at least one."""
        self._spans = spans
        self._bounds = sorted({time for span in spans for time in (span.since, span.until) if time})
        self._chosen: dict[tuple[object, ...], Span] = {}

    def choose(self, repository: Repository, moment: Time, slug: str) -> Span:
        """The span of the tag to name.

        Args:
            repository: of an image that is built on this one.
            moment: when that image was first seen.
            slug: its platform.
        """
        # Between two bounds the choice is the same.
        key = repository.registry, _namespace(repository), bisect_right(self._bounds, moment), slug
        if key not in self._chosen:
            self._chosen[key] = self._choose(repository, moment, slug)
        return self._chosen[key]

    def of_tag(self, repository: Repository, tag: str) -> TagChoice | None:
        """The choice among the spans of one tag; None if it never had the image."""
        spans = [span for span in self._spans if (span.repository, span.tag) == (repository, tag)]
        return TagChoice(spans) if spans else None

    def _choose(self, repository: Repository, moment: Time, slug: str) -> Span:
        spans = _at([span for span in self._spans if span.slug == slug] or self._spans, moment)
        tags = Counter(home for home, _ in {(span.repository, span.tag) for span in spans})
        home = min(tags, key=lambda other: (*_distance(repository, other), tags[other], other.name))
        spans = [span for span in spans if span.repository == home]
        names = {span.tag for span in spans}
        return min(
            spans, key=lambda span: (_is_off_line(span.tag, names), -span.states, _digits(span.tag), *_name(span))
        )


def _at(spans: Sequence[Span], moment: Time) -> list[Span]:
    before = [span for span in spans if span.since <= moment]
    if now := [span for span in before if span.until is None or span.until > moment]:
        return now
    if before:
        last = max(span.until or "" for span in before)
        return [span for span in before if span.until == last]
    first = min(span.since for span in spans)
    return [span for span in spans if span.since == first]


def _distance(one: Repository, other: Repository) -> tuple[bool, bool]:
    return one.registry != other.registry, _namespace(one) != _namespace(other)


def _namespace(repository: Repository) -> str:
    return repository.path.rpartition("/")[0]


def _is_off_line(tag: str, others: Collection[str]) -> bool:
    """Whether a tag is no name of a line of releases, beside these others."""
    words = _words(tag)
    if words & _CHANNELS or _DATE.search(tag):
        return True
    return not _digits(tag) and any(words < _words(other) and not _DATE.search(other) for other in others)


@lru_cache(4096)
def _words(tag: str) -> frozenset[str]:
    return frozenset(_WORD.split(tag))


def _digits(tag: str) -> int:
    return sum(character.isdigit() for character in tag)


def _name(span: Span) -> tuple[int, str, str, Time]:
    return len(span.tag), span.tag, span.slug, span.since
