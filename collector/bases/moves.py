"""The bases that moved in a release of an image, with the releases of their own tags."""

from __future__ import annotations

import msgspec

from collector.bases.parts import Base, BaseRelease, RepositoryBases
from collector.releases import Release


class BaseMove(msgspec.Struct, frozen=True, kw_only=True):
    """A base that moved."""

    base: Base
    """The new base of the platforms; where their times differ, that of the first platform."""
    release: BaseRelease
    """The release of its tag."""
    platforms: tuple[str, ...]
    """The slugs of the platforms, in the order of time."""


def base_moves(release: Release, bases: RepositoryBases) -> tuple[BaseMove, ...]:
    """The bases that moved in a release and whose own releases are known, those of the most platforms first.

    Args:
        release: of a tag.
        bases: of the images of the tag's repository.
    """
    found: dict[tuple[str, str, BaseRelease], tuple[Base, list[str]]] = {}
    for arrival in release.arrivals:
        base = bases.base_of(arrival.manifest) if "base-moved" in arrival.codes else None
        if base is not None and base.release is not None:
            key = base.repository, base.tag, base.release
            before = bases.base_of(arrival.before) if arrival.before else None
            if before is None or key != (before.repository, before.tag, before.release):
                found.setdefault(key, (base, []))[1].append(arrival.platform)
    moves = (
        BaseMove(base=base, release=own, platforms=tuple(dict.fromkeys(platforms)))
        for (_, _, own), (base, platforms) in found.items()
    )
    return tuple(sorted(moves, key=lambda move: -len(move.platforms)))
