"""The releases of tags that are bases, by their states and arrivals."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

import msgspec

from collector.archive.holdings import Holdings
from collector.bases.parts import Base, BaseRelease, RepositoryBases
from collector.diff.images import ImageDiffer
from collector.diff.package_changes import PackagesOf, no_packages
from collector.model.digests import Digest
from collector.model.times import Time
from collector.releases import ImageUpdates, SharedUpdates, TagState, releases_of
from collector.releases.history_parts import history_path
from collector.releases.names import release_names


class TagReleases(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The releases of one tag."""

    releases: tuple[BaseRelease, ...]
    """The releases, oldest first."""
    states: dict[Time, int]
    """The time of each state → the place of its release."""
    arrivals: dict[Time, dict[Digest, int]]
    """The time of a state → manifest → the place of the image's release, if it is not that of the state."""

    def release_of(self, since: Time, manifest: Digest | None) -> BaseRelease | None:
        """The release that brought an image to the tag."""
        others = self.arrivals.get(since, {})
        place = others[manifest] if manifest in others else self.states.get(since)
        return self.releases[place] if place is not None else None


def named_tags(parts: Iterable[RepositoryBases]) -> dict[str, set[str]]:
    """Full name of a repository → its tags that are bases and in the archive."""
    found: dict[str, set[str]] = {}
    for base in (base for part in parts for base in part.known):
        if base.is_here and base.since:
            found.setdefault(base.repository, set()).add(base.tag)
    return found


def tag_releases(holdings: Holdings, tags: Collection[str], *, names_packages: bool) -> dict[str, TagReleases]:
    """Tag → its releases, for some tags of a repository.

    `names_packages`: as for the histories of the site; packages can decide which states form a release.
    """
    folder = _Folder(holdings, holdings.image_packages if names_packages else no_packages)
    return {tag: folder.fold(tag) for tag in sorted(tags)}


def with_releases(part: RepositoryBases, known: Mapping[str, Mapping[str, TagReleases]]) -> RepositoryBases:
    """The same bases, each with the release of its tag that brought it.

    Args:
        part: the bases of a repository.
        known: full name of a repository → tag → its releases.
    """
    return msgspec.structs.replace(part, known=tuple(_with_release(base, known) for base in part.known))


def _with_release(base: Base, known: Mapping[str, Mapping[str, TagReleases]]) -> Base:
    releases = known.get(base.repository, {}).get(base.tag)
    if releases is None or base.since is None:
        return base
    return msgspec.structs.replace(base, release=releases.release_of(base.since, base.manifest))


class _Folder:
    """Folds the states of a repository's tags. Many tags share images, which are compared once."""

    def __init__(self, holdings: Holdings, packages_of: PackagesOf) -> None:
        self._holdings = holdings
        self._updates = SharedUpdates(ImageUpdates(ImageDiffer(packages_of)))

    def fold(self, tag: str) -> TagReleases:
        periods = self._holdings.periods(tag)
        # Why a state differs from the one before it decides nothing.
        states = [
            TagState(period=one, state=self._holdings.state(one.digest) if one.digest else None, reasons=())
            for one in periods
        ]
        releases = releases_of(states, self._updates.between, known_until=periods[-1].since)
        homes = {place: number for number, release in enumerate(releases) for place in release.states}
        arrivals: dict[Time, dict[Digest, int]] = {}
        for number, release in enumerate(releases):
            for arrival in release.arrivals:
                if homes[arrival.state] != number:
                    arrivals.setdefault(arrival.since, {})[arrival.manifest] = number
        return TagReleases(
            releases=tuple(
                BaseRelease(release.since, f"{history_path(release.states[0], len(periods))}#{name}")
                for release, name in zip(releases, release_names(releases, periods), strict=True)
            ),
            states={periods[place].since: number for place, number in homes.items()},
            arrivals=arrivals,
        )
