"""Which tags have, or had, a version, and when: `python:3.6` was 3.6.2."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from collector.archive.store import Archive
from collector.diff.differ import Differ
from collector.lookup.found import FoundVersion
from collector.lookup.repository_facts import RepositoryFacts
from collector.releases import ImageUpdates, SharedUpdates, TagState, releases_of
from collector.releases.names import release_names
from collector.releases.version_spans import (
    MAX_ROWS,
    MAX_TAGS,
    TagReleases,
    version_key,
    version_order,
    version_spans,
)

_ASKED = re.compile(r"(?:(\S+?)(?:[:@]|\s+))?v?(\d+(?:\.\d+)+\S*)", re.IGNORECASE | re.ASCII)


class VersionQuery(NamedTuple):
    """A query for a version."""

    image: str
    """A part of an image's name; empty: any."""
    version: str
    """The beginning of the version, without a `v`."""

    @property
    def key(self) -> str:
        return version_key(self.version)

    def matches(self, image: str, version: str) -> bool:
        """Whether it is the version of this image."""
        is_asked = version_key(version) == self.key and version.lower().removeprefix("v").startswith(self.version)
        return is_asked and self.image in image


def parse_version_query(text: str) -> VersionQuery | None:
    """`3.6.2`, `python 3.6.2`, `python:v3.6.2`; None if the text has no version."""
    match = _ASKED.fullmatch(text.strip().removeprefix("docker.io/").removeprefix("library/"))
    return VersionQuery((match[1] or "").lower(), match[2].lower()) if match else None


def find_versions(archive: Archive, query: VersionQuery) -> tuple[FoundVersion, ...]:
    """The tags that have, or had, a version, the plainest names first."""
    repositories = (one for one in archive.with_value(query.version) if query.image in one.familiar)
    found = (one for repository in repositories for one in _iter_versions(archive.load(repository)))
    return first_versions(query, found)


def first_versions(query: VersionQuery, found: Iterable[FoundVersion]) -> tuple[FoundVersion, ...]:
    """The uses that match the query, in order."""

    def order(one: FoundVersion) -> tuple[object, ...]:
        return version_order(
            query.key,
            version=one.version,
            variable=one.variable,
            image=one.image,
            tag=one.tags[0],
            count=one.count,
            since=one.since,
        )

    return tuple(sorted((one for one in found if query.matches(one.image, one.version)), key=order)[:MAX_ROWS])


def _iter_versions(facts: RepositoryFacts) -> Iterator[FoundVersion]:
    image = facts.repository.familiar
    for span in version_spans(image, _iter_releases(facts)):
        yield FoundVersion(
            image=image,
            version=span.version,
            variable=span.variable,
            tags=span.tags[:MAX_TAGS],
            count=len(span.tags),
            since=span.since,
            until=span.until,
        )


def _iter_releases(facts: RepositoryFacts) -> Iterator[TagReleases]:
    updates = SharedUpdates(ImageUpdates(Differ(facts.image_packages).images))
    for tag in facts.tags:
        periods = facts.periods(tag)
        states = [
            TagState(period=one, state=facts.state(one.digest) if one.digest else None, reasons=()) for one in periods
        ]
        releases = releases_of(states, updates.between, known_until=facts.known_until)
        named = zip(releases, release_names(releases, periods), strict=True)
        names = {release.states[0]: name for release, name in named}
        yield TagReleases(tag, releases, names, None if periods[-1].digest else periods[-1].since)
