"""Tags of an archive, folded into releases, for tests."""

from __future__ import annotations

from collections.abc import Sequence

from collector.archive.holdings import Holdings
from collector.diff.differ import Differ
from collector.model.times import Time
from collector.releases import ImageUpdates, Release, TagState, releases_of

_WEAK = ("new-platform", "platform-absent")


def states_of(holdings: Holdings, tag: str, differ: Differ) -> list[TagState]:
    """The states of a tag, oldest first."""
    return [
        TagState(period=period, state=holdings.state(period.digest) if period.digest else None, reasons=change.reasons)
        for period, change in differ.history(holdings.periods(tag), holdings.state)
    ]


def known_until(holdings: Holdings) -> Time:
    """When the last of all tags was observed."""
    return max(seen.time for of_tag in holdings.observations.values() for seen in of_tag)


def fold_tag(holdings: Holdings, tag: str) -> tuple[Release, ...]:
    """The releases of one tag."""
    differ = Differ()
    compare = ImageUpdates(differ.images).between
    return releases_of(states_of(holdings, tag, differ), compare, known_until=known_until(holdings))


def written(releases: Sequence[Release]) -> list[str]:
    """Each release as a person writes it, the newest first: `2017-12-12 base 6/7 s390x skipped until 2017-12-21`."""
    return [_line(release, releases) for release in reversed(releases)]


def _line(release: Release, releases: Sequence[Release]) -> str:
    words: list[str] = [release.since[:10], release.cause]
    if release.cause == "version":
        words.append(release.reasons[0].moved[0].after)
    if release.cause in _WEAK:
        words.extend(sorted(_short(one.platform) for one in release.platforms))
    elif release.cause not in ("gone", "unreadable"):
        words.append(f"{release.count('arrived')}/{len(release.platforms)}")
    fates: dict[str, list[str]] = {}
    for one in release.platforms:
        until = f" until {releases[one.skipped_for].since[:10]}" if one.skipped_for is not None else ""
        if one.progress != "arrived":
            fates.setdefault(one.progress.replace("-", " ") + until, []).append(_short(one.platform))
    if release.cause == "platform-absent":
        return " ".join([*words, *fates])
    return " ".join([*words, ", ".join(f"{' '.join(sorted(names))} {fate}" for fate, names in fates.items())]).rstrip()


def _short(slug: str) -> str:
    system, *rest = slug.split("-")
    return "/".join(rest) if system == "linux" else f"{system}/{rest[0]}"
