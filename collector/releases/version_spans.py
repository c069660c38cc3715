"""Which versions the tags of an image were, and when, by the releases that moved them: `python:3.6` was 3.6.2."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from collector.diff.changes import Moved
from collector.diff.step_reasons import is_version_name
from collector.model.tag_order import count_words, plainest_first
from collector.model.times import Time
from collector.releases.release import Release

MAX_TAGS = 8
"""Tags that are named together; the others are counted."""
MAX_ROWS = 60
"""Rows of one version."""
_NUMBER = re.compile(r"v?(\d+(?:\.\d+)+)", re.ASCII)
_NOT_A_NAME = re.compile(r"[^A-Z0-9]+")


class TagReleases(NamedTuple):
    """The releases of one tag."""

    tag: str
    releases: Sequence[Release]
    """The oldest first."""
    names: Mapping[int, str]
    """The number of a release's first state → the name of the release in addresses."""
    gone_since: Time | None
    """None if the tag still points at something."""


class VersionSpan(NamedTuple):
    """Tags of an image that became a version together."""

    version: str
    """The version as the image states it: `1.13.8-1~stretch`."""
    variable: str
    """The variable that states it: `PYTHON_VERSION`. Of several that agree, that of the image's name, or the first."""
    tags: tuple[str, ...]
    """The tags, those with the fewest words first: `3.6` before `3.6-slim`."""
    since: Time
    until: Time | None
    """When the tags became another version, or were gone; None: they still are this version."""
    name: str
    """The name of the release that brought the version."""


class _TagSpan(NamedTuple):
    """When one tag was a version."""

    variable: str
    version: str
    release: Release
    """The release that brought the version."""
    until: Time | None


def variable_of(image: str) -> str:
    """`PYTHON_VERSION` for `python`."""
    return _NOT_A_NAME.sub("_", image.rpartition("/")[2].upper()) + "_VERSION"


def version_key(version: str) -> str:
    """The key of a version: its number without what a distribution adds, `1.13.8` of `1.13.8-1~stretch`."""
    match = _NUMBER.match(version)
    return match[1] if match else version


def version_before(release: Release) -> str:
    """The version that tags had before a release moved it; empty if it moved none."""
    return next((before for _, before, _ in _moves(release)), "")


def version_spans(image: str, histories: Iterable[TagReleases]) -> Iterator[VersionSpan]:
    """Every version that a tag became, or that it was before a release moved it.

    Args:
        image: the name of the image, whose own variable is preferred.
        histories: of its tags.
    """
    tags: dict[tuple[str, str, Time, Time | None, str], list[str]] = defaultdict(list)
    for one in histories:
        for span in _distinct(_iter_spans(one), variable_of(image)):
            name = one.names[span.release.states[0]]
            tags[span.version, span.variable, span.release.since, span.until, name].append(one.tag)
    for (version, variable, since, until, name), found in tags.items():
        yield VersionSpan(version, variable, tuple(plainest_first(found)), since, until, name)


def version_order(
    key: str, *, version: str, variable: str, image: str, tag: str, count: int, since: Time
) -> tuple[bool, int, int, str, str, Time, str]:
    """The version itself before `3.6.2rc1`, `python:3.6` before `python:3.6-slim`.

    Args:
        key: from `version_key`.
        version: that of some tags.
        variable: where their image has it.
        image: its name.
        tag: the first of the tags.
        count: the number of the tags.
        since: when they became the version.
    """
    return version != key, count_words(tag), -count, image, version, since, variable


def _iter_spans(tag: TagReleases) -> Iterator[_TagSpan]:
    """The versions of a tag in the order in which they ended."""
    open_spans: dict[str, tuple[str, Release]] = {}
    for release in tag.releases:
        for name, before, after in _moves(release):
            version, brought_by = open_spans.pop(name, (before, tag.releases[0]))
            yield _TagSpan(name, version, brought_by, release.since)
            open_spans[name] = after, release
    for name, (version, brought_by) in open_spans.items():
        yield _TagSpan(name, version, brought_by, tag.gone_since)


def _distinct(spans: Iterable[_TagSpan], own: str) -> Iterable[_TagSpan]:
    """One span of those that differ only in the variable, as those of `PYTHON_VERSION` and `PYTHON_RELEASE` may.

    Args:
        spans: of one tag.
        own: the variable of the image's name, which is preferred.
    """
    found: dict[tuple[str, int, Time | None], _TagSpan] = {}
    for span in spans:
        key = span.version, span.release.states[0], span.until
        if key not in found or span.variable == own:
            found[key] = span
    return found.values()


def _moves(release: Release) -> Iterator[tuple[str, str, str]]:
    """The variables with a version that a release moved, with both values; each once, of its weightiest reason."""
    seen: set[str] = set()
    for reason in release.reasons:
        source = Moved("version", reason.before, reason.after)
        for one in (*reason.moved, source) if reason.code == "source-changed" else reason.moved:
            if one.before and one.after and is_version_name(one.name) and one.name not in seen:
                seen.add(one.name)
                yield one.name, one.before, one.after
