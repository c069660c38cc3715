"""The bases that a release of an image took up: from which of their releases to which."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from collector.bases.parts import Base, BaseRelease, RepositoryBases
from collector.releases import Release

_Identity = tuple[str, str, BaseRelease | None]


class _Member(NamedTuple):
    """A platform whose base moved."""

    platform: str
    base: Base
    before: Base | None


class BaseMove(msgspec.Struct, frozen=True, kw_only=True):
    """A base that moved."""

    base: Base
    """The one that the platforms are built on now; its release is known."""
    before: Base | None
    """The one before; None: not known, or of different releases."""
    platforms: tuple[str, ...]
    """Their slugs, in the order of time."""


def base_moves(release: Release, bases: RepositoryBases) -> tuple[BaseMove, ...]:
    """The bases that moved in a release, those of the most platforms first.

    Args:
        release: of a tag.
        bases: of the images of the tag's repository.
    """
    found: dict[_Identity, list[_Member]] = {}
    for arrival in release.arrivals:
        base = bases.base_of(arrival.manifest) if "base-moved" in arrival.codes else None
        if base is not None and base.release is not None:
            before = bases.base_of(arrival.before) if arrival.before else None
            if before is None or _identity(before) != _identity(base):
                found.setdefault(_identity(base), []).append(_Member(arrival.platform, base, before))
    return tuple(sorted(map(_move, found.values()), key=lambda move: -len(move.platforms)))


def _move(members: Sequence[_Member]) -> BaseMove:
    before = members[0].before
    is_common = len({one.before and _identity(one.before) for one in members}) == 1
    return BaseMove(
        base=members[0].base,
        before=before if is_common else None,
        platforms=tuple(dict.fromkeys(one.platform for one in members)),
    )


def _identity(base: Base) -> _Identity:
    return base.repository, base.tag, base.release
