"""The images that an image was built on, their moves, and those that are built on a tag, as the pages show them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import msgspec

from collector.bases.moves import BaseMove
from collector.bases.parts import Base, Dependent
from collector.model.digests import Digest
from collector.model.references import parse_repository
from collector.model.tag_order import newest_first
from collector.model.times import Time
from collector.pages.addresses import Addresses

_MAX_TAGS = 12
"""The number of named tags of each image that is built on a tag; the others are only counted."""


class BaseRow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The image that an image was built on."""

    image: str
    """Its familiar name."""
    tag: str = ""
    """The tag that had it; empty: none is known, as for `scratch`."""
    address: str | None = None
    """The address of the tag's page; None: the archive lacks the tag."""
    manifest: Digest | None = None
    """The manifest of the base; None: not known, or not the same on all platforms."""
    since: Time | None = None
    """The time at which the tag got this image on the first platform; None: the archive never saw it there."""
    last_since: Time | None = None
    """The same for the last platform, if that was on a later day."""
    moved: Time | None = None
    """When the tag got another image, on the first platform; None: it still has this one, as far as the archive knows.
    """
    is_stated: bool = False
    """Whether annotations or labels of the image name the base; otherwise it is deduced from layers and steps."""
    platforms: tuple[str, ...] = ()
    """The slugs of the tag's platforms with this base; empty: all of them, or the platform of the page."""


class BaseMoveRow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A base that moved in a release, and the release of the base's own tag."""

    image: str
    """Its familiar name."""
    tag: str
    since: Time
    """When the base's release began; with the tag it names the release."""
    platforms: tuple[str, ...] = ()
    """The slugs of the platforms that have it; empty: all that the release reached."""


class DependentRow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An image with tags that were built on an image of a tag."""

    image: str
    address: str
    tags: tuple[str, ...] = ()
    """The tags that are built on it now, the newest version first; the first 12."""
    now: int = 0
    """The number of tags that are built on it now."""
    ever: int
    """The number of tags that ever were."""


def base_row(base: Base, addresses: Addresses) -> BaseRow:
    """The row of a platform."""
    repository = parse_repository(base.repository)
    return BaseRow(
        image=repository.familiar,
        tag=base.tag,
        address=addresses.tag(repository, base.tag) if base.is_here else None,
        manifest=base.manifest,
        since=base.since,
        moved=base.moved,
        is_stated=base.is_stated,
    )


def tag_base_rows(rows: Iterable[tuple[str, BaseRow | None]]) -> tuple[BaseRow, ...]:
    """The rows of a tag: one for each base, with separate rows for platforms on which it has moved since.

    Args:
        rows: those of its platforms, in the order of the index.
    """
    found: dict[tuple[object, ...], list[tuple[str, BaseRow]]] = defaultdict(list)
    total = 0
    for slug, row in rows:
        total += 1
        if row is not None:
            found[row.image, row.tag, row.is_stated, row.since is None, row.moved is None].append((slug, row))
    return tuple(_joined(group, is_whole=len(group) == total) for group in found.values())


def _joined(rows: Sequence[tuple[str, BaseRow]], *, is_whole: bool) -> BaseRow:
    """One row for several platforms."""
    if len(rows) == 1 and is_whole:
        return rows[0][1]
    since = sorted(row.since for _, row in rows if row.since)
    manifests = {row.manifest for _, row in rows}
    return msgspec.structs.replace(
        rows[0][1],
        manifest=rows[0][1].manifest if len(manifests) == 1 else None,
        last_since=since[-1] if since and since[0][:10] != since[-1][:10] else None,
        since=since[0] if since else None,
        moved=min((row.moved for _, row in rows if row.moved), default=None),
        platforms=() if is_whole else tuple(slug for slug, _ in rows),
    )


def base_move_row(move: BaseMove, *, is_whole: bool) -> BaseMoveRow:
    """The row of a base that moved; `is_whole`: on all platforms of the release."""
    return BaseMoveRow(
        image=parse_repository(move.base.repository).familiar,
        tag=move.base.tag,
        since=move.release.since,
        platforms=() if is_whole else move.platforms,
    )


def dependent_rows(dependents: Iterable[Dependent], addresses: Addresses) -> tuple[DependentRow, ...]:
    """The images that are built on a tag, those with the most tags now first."""
    rows = [
        DependentRow(
            image=repository.familiar,
            address=addresses.image(repository),
            tags=tuple(newest_first(dependent.tags)[:_MAX_TAGS]),
            now=len(dependent.tags),
            ever=dependent.ever,
        )
        for dependent in dependents
        for repository in [parse_repository(dependent.repository)]
    ]
    return tuple(sorted(rows, key=lambda row: (-row.now, -row.ever, row.image)))
