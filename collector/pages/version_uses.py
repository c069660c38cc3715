"""Which tags of a repository once were a version, by the releases that moved it: `python:3.6` was 3.6.2."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import msgspec

from collector.diff.changes import Moved
from collector.diff.step_reasons import is_version_name
from collector.model.tag_order import count_words, plainest_first
from collector.model.times import Time
from collector.pages.current_version import variable_of
from collector.pages.documents import Asset
from collector.pages.hashed_files import count_digits, iter_hashed_files
from collector.pages.repository_context import RepositoryContext
from collector.releases import Release

FOLDER = "api/v1/versions"
MAX_TAGS = 8
"""Tags that are named in one row; the others are counted."""
MAX_ROWS = 60
"""Rows of one version."""
_NUMBER = re.compile(r"v?(\d+(?:\.\d+)+)", re.ASCII)


class VersionUse(msgspec.Struct, frozen=True, array_like=True):
    """Tags of an image that became a version together."""

    version: str
    """As the image has it: `1.13.8-1~stretch`."""
    variable: str
    """Where the image has it: `PYTHON_VERSION`. Of several that agree, the one of the image's name, or the first."""
    image: str
    tags: str
    """Those with the fewest words first: `3.6` before `3.6-slim`; the first 8, between spaces."""
    ever: int
    """The number of tags."""
    since: Time
    until: Time | None
    """When they became another version, or were gone; null: they are it now."""
    address: str
    """Of the release that brought it, in the history of the first tag."""


VersionsFile = dict[str, tuple[VersionUse, ...]]
"""By the number at the beginning of the version: `1.13.8`."""


def version_key(version: str) -> str:
    """The key of a version: its number without what a distribution adds, `1.13.8` of `1.13.8-1~stretch`."""
    match = _NUMBER.match(version)
    return match[1] if match else version


class _Span(NamedTuple):
    """When a tag was a version."""

    variable: str
    version: str
    release: Release
    """That brought it."""
    until: Time | None


def version_uses(context: RepositoryContext) -> tuple[VersionUse, ...]:
    """Every version that a tag became, or that it was before a release moved it."""
    tags: dict[tuple[str, str, Time, Time | None, str], list[str]] = defaultdict(list)
    for tag in context.histories.changes:
        anchors = context.releases.anchors(tag)
        for span in _distinct(_spans(context, tag), variable_of(context.image)):
            anchor = anchors[span.release.states[0]]
            tags[span.variable, span.version, span.release.since, span.until, anchor].append(tag)
    return tuple(
        VersionUse(
            version=version,
            variable=variable,
            image=context.image,
            tags=" ".join(found[:MAX_TAGS]),
            ever=len(found),
            since=since,
            until=until,
            address=f"{context.history_address(found[0]).partition('#')[0]}#{anchor}",
        )
        for (variable, version, since, until, anchor), found in (
            (key, plainest_first(of_key)) for key, of_key in tags.items()
        )
    )


def _spans(context: RepositoryContext, tag: str) -> Iterator[_Span]:
    """The versions of a tag in the order in which they ended."""
    releases = context.histories.releases(tag)
    open_spans: dict[str, tuple[str, Release]] = {}
    for release in releases:
        for name, before, after in _moves(release):
            version, brought_by = open_spans.pop(name, (before, releases[0]))
            yield _Span(name, version, brought_by, release.since)
            open_spans[name] = after, release
    last = context.histories.changes[tag][-1].period
    until = None if last.digest else last.since
    for name, (version, brought_by) in open_spans.items():
        yield _Span(name, version, brought_by, until)


def _distinct(spans: Iterable[_Span], own: str) -> Iterable[_Span]:
    """One span of those that differ only in the variable, as those of `PYTHON_VERSION` and `PYTHON_RELEASE` may.

    Args:
        spans: of one tag.
        own: the variable of the image's name, which is preferred.
    """
    found: dict[tuple[str, int, Time | None], _Span] = {}
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


def version_of(release: Release) -> str:
    """The version that tags had before a release moved it; empty if it moved none."""
    return next((before for _, before, _ in _moves(release)), "")


def version_assets(uses: Iterable[VersionUse]) -> tuple[int, Iterator[Asset]]:
    """The files of the look-up by version, and the number of digits that name one."""
    by_key: dict[str, list[VersionUse]] = defaultdict(list)
    for use in uses:
        by_key[version_key(use.version)].append(use)
    contents = {key: msgspec.json.encode(_plainest_first(key, found)) for key, found in sorted(by_key.items())}
    digits = count_digits(contents)
    return digits, iter_hashed_files(FOLDER, contents, digits)


def _plainest_first(key: str, uses: Iterable[VersionUse]) -> list[VersionUse]:
    """The version itself before `3.6.2rc1`, `python:3.6` before `python:3.6-slim`."""

    def order(use: VersionUse) -> tuple[bool, int, int, str, str, Time, str]:
        words = count_words(use.tags.partition(" ")[0])
        return use.version != key, words, -use.ever, use.image, use.version, use.since, use.variable

    return sorted(uses, key=order)[:MAX_ROWS]
