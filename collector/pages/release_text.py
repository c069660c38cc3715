"""The words for a release, except those for its reasons: its progress, the other platforms, the bases that moved."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Protocol

from collector.model.times import Time, render_day, render_minute
from collector.pages.plain_text import cut
from collector.pages.reason_text import summary_text
from collector.releases.release import Cause, Progress, Release

_MAX_NAMES = 2
_MAX_ARRIVALS = 9
_MAX_NAME = 100
"""Characters of a platform's name; an index may contain any text."""
_WORDS: Mapping[Progress, str] = {"to-follow": "to follow", "skipped": "skipped", "dropped": "dropped"}
_LABELS: Mapping[Cause, str] = {
    "first-seen": "first seen",
    "root-filesystem": "base",
    "new-platform": "platform",
    "platform-back": "platform",
    "platform-absent": "platform",
}
"""Cause → its word, if that is another."""
_PLATFORMS = re.compile(r"((?:\d+ )?(?:new )?platforms?(?: back| temporarily absent)?)(?:[:;] |$)", re.ASCII)
"""The beginning of the text of a release that is about platforms, up to their names."""
_UPDATES = frozenset[Cause]({"version", "steps", "base", "root-filesystem", "packages", "rebuilt", "metadata"})
"""Causes that reach one platform after another."""
_SAID_BY_LABEL = re.compile(r"rebuilt (?=with )|only metadata: (?=same )")
"""Beginnings of texts that their labels say. `historytable.js` puts them back where there is no label."""


def release_text(release: Release) -> str:
    """What a release changed, on one line: `PYTHON_VERSION 3.6.3 → 3.6.4; base image moved (on linux/s390x)`."""
    return summary_text(release.reasons)


def release_label(release: Release) -> str:
    """The cause of a release in a word or two: `version`, `base`."""
    return _LABELS.get(release.cause, release.cause)


def label_and_rest(release: Release, text: str) -> tuple[str, str]:
    """The label of a release, and what its text says beside that: `base`, `moved`; `new platform`, `linux/arm/v5`."""
    label = release_label(release)
    if label == "platform" and (platforms := _PLATFORMS.match(text)):
        return platforms[1], text[platforms.end() :]
    if text == label:
        return label, ""
    if (said := _SAID_BY_LABEL.match(text)) and label in said[0]:
        return label, text[said.end() :]
    starts = f"{label}; ", f"{label}, ", f"{label} image "
    return label, next((text.removeprefix(start) for start in starts if text.startswith(start)), text)


class _Platform(Protocol):
    @property
    def platform(self) -> str: ...
    @property
    def progress(self) -> Progress: ...


class _Told(Protocol):
    @property
    def cause(self) -> Cause: ...
    @property
    def of(self) -> int: ...
    @property
    def platforms(self) -> Sequence[_Platform]: ...


def progress_text(release: _Told, names: Mapping[str, str] = MappingProxyType({})) -> str:
    """`7 of 7 platforms`, `6 of 7 platforms, linux/s390x to follow`; empty if the tag has one platform, or none.

    Args:
        release: from `collector.releases`, or as `collector.lookup` has it.
        names: of platforms, where the release has their slugs.
    """
    others = [one for one in release.platforms if one.progress != "arrived"]
    arrived = len(release.platforms) - len(others)
    if release.of <= 1 or release.cause not in _UPDATES:
        return ""
    total = len(release.platforms) if others else release.of
    counted = f"{arrived} of {total} platforms"
    by_word = {word: [one.platform for one in others if one.progress == code] for code, word in _WORDS.items()}
    fates = [f"{_named(slugs, names)} {word}" for word, slugs in by_word.items() if slugs]
    return ", ".join([counted, *fates])


def arrivals_text(platforms: Sequence[str]) -> str:
    """`linux/arm/v7, linux/s390x`: the platforms to which a state brought an image."""
    more = len(platforms) - _MAX_ARRIVALS
    names = ", ".join(cut(name, _MAX_NAME) for name in platforms[:_MAX_ARRIVALS])
    return f"{names} and {more} more" if more > 0 else names


def where_text(slugs: Sequence[str], names: Mapping[str, str]) -> str:
    """`on linux/s390x`, `on 3 platforms`; empty without any.

    Args:
        slugs: of the platforms.
        names: of the platforms by slug.
    """
    if not slugs:
        return ""
    return f"on {_named(slugs, names)}{' platforms' if len(slugs) > _MAX_NAMES else ''}"


def last_text(release: Release) -> str:
    """`the last on 2018-01-07`, if the release took more than one day; else empty."""
    last = max((one.since for one in release.platforms if one.since), default=release.since)
    return f"the last on {render_day(last)}" if last[:10] != release.since[:10] else ""


class _BaseRelease(Protocol):
    @property
    def image(self) -> str: ...
    @property
    def tag(self) -> str: ...
    @property
    def since(self) -> Time: ...


BaseDay = tuple[str, str, str]
"""Image, tag and day."""


def base_days_of_several(bases: Iterable[_BaseRelease]) -> frozenset[BaseDay]:
    """The days that several releases of one base share, so that only their minutes tell them apart.

    Args:
        bases: those of all releases of a tag, so that each has the same name wherever the tag's releases are shown.
    """
    times: dict[BaseDay, set[Time]] = defaultdict(set)
    for base in bases:
        times[_base_day(base)].add(base.since)
    return frozenset(day for day, found in times.items() if len(found) > 1)


def base_time(base: _BaseRelease, of_several: frozenset[BaseDay]) -> str:
    """`2017-12-12`; `2017-12-12 14:05 UTC` on a day in `base_days_of_several`."""
    return render_minute(base.since) if _base_day(base) in of_several else render_day(base.since)


def _base_day(base: _BaseRelease) -> BaseDay:
    return base.image, base.tag, render_day(base.since)


def _named(slugs: Sequence[str], names: Mapping[str, str]) -> str:
    if len(slugs) > _MAX_NAMES:
        return str(len(slugs))
    return " and ".join(cut(names.get(slug, slug), _MAX_NAME) for slug in slugs)
