"""Which tags of a repository have, or had, each source package in each version."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import msgspec

from collector.model.digests import Digest
from collector.model.packages import Package, PackageList
from collector.model.tag_order import newest_first
from collector.model.times import Time
from collector.pages.repository_context import RepositoryContext

MAX_TAGS = 8
"""The number of tags of one image that are named; the others are counted."""


class TagUse(msgspec.Struct, frozen=True, array_like=True):
    """Which tags of an image have, or had, something."""

    tags: tuple[str, ...]
    """The tags that have it now or, if none has, those that had it, the newest version first; the first 8."""
    now: int
    ever: int
    first: Time
    """The time at which the first tag got it."""
    last: Time | None
    """The time at which the last tag lost it; None: a tag has it now."""
    since_tag: str
    """The first tag that had it."""
    platform: str
    """The slug of a platform of the first tag whose list has it now; empty: no tag has it now."""


class InstalledUse(msgspec.Struct, frozen=True, array_like=True):
    """An installed package of a source package."""

    name: str
    version: str
    use: TagUse | None
    """None if it is that of the source."""


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


_Key = tuple[str, str, str]
"""Type, source and version of the source."""
_Installed = tuple[str, str]
"""Name and version of an installed package."""


class _Found:
    """The lists that have a source package in one version."""

    def __init__(self) -> None:
        self.lists: dict[_Installed, list[int]] = defaultdict(list)
        """Package → the numbers of the lists that have it."""
        self.licences: set[str] = set()


class _Spans:
    """When the tags of an image had its package lists. Most packages are in the same lists as many others."""

    def __init__(self, spans: Sequence[_Span]) -> None:
        """`spans`: of each list."""
        self._spans = spans
        self._joined: dict[tuple[int, ...], _Span] = {}
        self._uses: dict[tuple[int, ...], TagUse] = {}

    def joined(self, lists: tuple[int, ...]) -> _Span:
        """The times at which tags had one of some lists."""
        if lists not in self._joined:
            self._joined[lists] = _join([self._spans[number] for number in lists])
        return self._joined[lists]

    def use(self, lists: tuple[int, ...]) -> TagUse:
        """The same as pages say it."""
        if lists not in self._uses:
            self._uses[lists] = _tag_use(self.joined(lists))
        return self._uses[lists]


def source_uses(context: RepositoryContext) -> list[SourceUse]:
    """Every source package that a tag has now, or ever had if the site shows these; in order."""
    lists, of_lists = _spans_of_lists(context)
    numbers: dict[Package, list[int]] = defaultdict(list)
    for number, packages in enumerate(lists):
        for package in packages.packages:
            numbers[package].append(number)
    found: dict[_Key, _Found] = defaultdict(_Found)
    for package, having in numbers.items():
        one = found[package.type, package.source_name, package.version_of_source]
        one.lists[package.name, package.version] += having
        one.licences.update(package.licences)
    spans = _Spans(of_lists)
    uses = (_source_use(key, one, spans, is_ever=context.packages == "ever") for key, one in sorted(found.items()))
    return [use for use in uses if use]


def _source_use(key: _Key, found: _Found, spans: _Spans, *, is_ever: bool) -> SourceUse | None:
    of_packages = {one: tuple(sorted(set(having))) for one, having in sorted(found.lists.items())}
    all_lists = tuple(sorted(set().union(*of_packages.values())))
    span = spans.joined(all_lists)
    if not span.now and not is_ever:
        return None
    installed = (
        InstalledUse(name, version, None if spans.joined(having) == span else spans.use(having))
        for (name, version), having in of_packages.items()
    )
    return SourceUse(*key, tuple(installed), tuple(sorted(found.licences)), spans.use(all_lists))


def _spans_of_lists(context: RepositoryContext) -> tuple[list[PackageList], list[_Span]]:
    """The lists of all tags, in the order of their states, and when tags had each of them."""
    if not context.histories.holdings.inventories:
        return [], []
    lists: dict[str, PackageList] = {}
    spans: dict[str, list[_Span]] = defaultdict(list)
    for tag, changes in context.histories.changes.items():
        ever = frozenset([tag])
        for change in changes:
            period = change.period
            for slug, packages in _lists_of(context, period.digest):
                now = {tag: slug} if period.until is None else {}
                lists[packages.id] = packages
                spans[packages.id].append(_Span(period.since, period.until, tag, now, ever))
    return list(lists.values()), [_join(spans[name]) for name in lists]


def _join(spans: Sequence[_Span]) -> _Span:
    """From the beginning of the first to the end of the last. If a tag has two platforms, the first counts."""
    first = min(spans, key=lambda span: (span.first, span.since_tag))
    ends = [span.last for span in spans if span.last is not None]
    now: dict[str, str] = {}
    for span in reversed(spans):
        now.update(span.now)
    return _Span(
        first.first,
        max(ends) if len(ends) == len(spans) else None,
        first.since_tag,
        now,
        frozenset().union(*(span.ever for span in spans)),
    )


def _lists_of(context: RepositoryContext, digest: Digest | None) -> Iterator[tuple[str, PackageList]]:
    """The lists of a state, each with the slug of its platform."""
    for slug, image in (context.histories.images(digest) or {}).items():
        if known := context.image_packages(image):
            yield slug, known.packages


def _tag_use(span: _Span) -> TagUse:
    tags = newest_first(span.now or span.ever)
    platform = span.now.get(tags[0], "")
    return TagUse(
        tuple(tags[:MAX_TAGS]), len(span.now), len(span.ever), span.first, span.last, span.since_tag, platform
    )
