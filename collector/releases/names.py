"""The names of a tag's releases in addresses, which never change."""

from __future__ import annotations

from collections.abc import Sequence

from collector.model.timelines import Period
from collector.releases.release import Release

_DIGITS = 12


def release_names(releases: Sequence[Release], periods: Sequence[Period]) -> list[str]:
    """`r-33a5a60a9a15` for each release, from the digest of its opening state, or from its time where it has none.

    Of several releases with the same opening digest all but the first have a number behind it.

    Args:
        releases: all of a tag, oldest first.
        periods: of the tag's states, oldest first.
    """
    found: list[str] = []
    taken: dict[str, int] = {}
    for release in releases:
        period = periods[release.states[0]]
        digits = period.digest.partition(":")[2] if period.digest else "".join(filter(str.isdigit, period.since))
        name = f"r-{digits[:_DIGITS]}"
        taken[name] = taken.get(name, 0) + 1
        found.append(name if taken[name] == 1 else f"{name}-{taken[name]}")
    return found
