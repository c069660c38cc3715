"""Which tags of a repository have, or had, each source package in each version."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import msgspec

from collector.model.digests import Digest
from collector.model.packages import Package, PackageList
from collector.model.tag_order import newest_first
from collector.model.times import Time
from collector.pages.repository_context import RepositoryContext

MAX_TAGS = 8
"""Tags that are named of one image; the others are counted."""


class TagUse(msgspec.Struct, frozen=True, array_like=True):
    """Which tags of an image have, or had, something."""

    tags: tuple[str, ...]
    """Those that have it now or, if none has, those that had it, the newest version first; the first 8."""
    now: int
    ever: int
    first: Time
    """When the first tag got it."""
    last: Time | None
    """When the last tag lost it; None: a tag has it now."""
    since_tag: str
    """The first tag that had it."""
    platform: str
    """Of the first of the tags, a platform whose list has it now, as in addresses; empty: no tag has it now."""


class InstalledUse(msgspec.Struct, frozen=True, array_like=True):
    """An installed package of a source package."""

    name: str
    version: str
    use: TagUse | None
    """None: that of the source."""


class SourceUse(msgspec.Struct, frozen=True, array_like=True):
    """A source package in one version, in one image."""

    type: str
    source: str
    """That of the package itself if its source is not known."""
    version: str
    packages: tuple[InstalledUse, ...]
    """In order."""
    licences: tuple[str, ...]
    """In the packages' own words."""
    use: TagUse


class _Span(NamedTuple):
    """When the tags of an image had a package list."""

    first: Time
    last: Time | None
    since_tag: str
    now: Mapping[str, str]
    """The tags that have it now, each with a platform."""
    ever: frozenset[str]

    def joined(self, other: _Span) -> _Span:
        earlier = min(self, other, key=lambda span: (span.first, span.since_tag))
        last = None if self.last is None or other.last is None else max(self.last, other.last)
        now = {**other.now, **self.now} if other.now else self.now
        return _Span(earlier.first, last, earlier.since_tag, now, self.ever | other.ever)


_Key = tuple[str, str, str]
"""Type, source and version of the source."""
_Installed = tuple[str, str]
"""Name and version of an installed package."""


class _Found:
    """What is found of a source package in one version."""

    def __init__(self) -> None:
        self.span: _Span | None = None
        self.spans: dict[_Installed, _Span] = {}
        self.licences: set[str] = set()

    def add(self, packages: Iterable[Package], span: _Span) -> None:
        """Add its packages in one list."""
        self.span = self.span.joined(span) if self.span else span
        for package in packages:
            key = package.name, package.version
            self.spans[key] = self.spans[key].joined(span) if key in self.spans else span
            self.licences.update(package.licences)


def source_uses(context: RepositoryContext) -> list[SourceUse]:
    """Every source package that a tag has now, or ever had if the site shows these; in order."""
    found: dict[_Key, _Found] = defaultdict(_Found)
    lists, spans = _spans_of_lists(context)
    for name, span in spans.items():
        by_source: dict[_Key, list[Package]] = defaultdict(list)
        for package in lists[name].packages:
            by_source[package.type, package.source_name, package.version_of_source].append(package)
        for key, packages in by_source.items():
            found[key].add(packages, span)
    return [
        _source_use(key, one, one.span)
        for key, one in sorted(found.items())
        if one.span and (one.span.now or context.packages == "ever")
    ]


def _source_use(key: _Key, found: _Found, span: _Span) -> SourceUse:
    installed = (
        InstalledUse(name, version, None if own == span else _tag_use(own))
        for (name, version), own in sorted(found.spans.items())
    )
    return SourceUse(*key, tuple(installed), tuple(sorted(found.licences)), _tag_use(span))


def _spans_of_lists(context: RepositoryContext) -> tuple[Mapping[str, PackageList], Mapping[str, _Span]]:
    lists: dict[str, PackageList] = {}
    spans: dict[str, _Span] = {}
    for tag, changes in context.histories.changes.items():
        for change in changes:
            period = change.period
            ever = frozenset([tag])
            for slug, packages in _lists_of(context, period.digest):
                now = {tag: slug} if period.until is None else {}
                span = _Span(period.since, period.until, tag, now, ever)
                lists[packages.id] = packages
                spans[packages.id] = spans[packages.id].joined(span) if packages.id in spans else span
    return lists, spans


def _lists_of(context: RepositoryContext, digest: Digest | None) -> Iterator[tuple[str, PackageList]]:
    """The lists of a state, each with its platform as in addresses."""
    for slug, image in (context.histories.images(digest) or {}).items():
        if known := context.image_packages(image):
            yield slug, known.packages


def _tag_use(span: _Span) -> TagUse:
    tags = newest_first(span.now or span.ever)
    platform = span.now.get(tags[0], "")
    return TagUse(
        tuple(tags[:MAX_TAGS]), len(span.now), len(span.ever), span.first, span.last, span.since_tag, platform
    )
