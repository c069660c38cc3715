"""The home page: all images, and what changed lately."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from collector.model.times import Time
from collector.pages.view_builder import ViewBuilder
from collector.pages.views import HomeView, ImageChangeRow, ImageRow, ImageView

_CHANGES = 30


class ForHome(msgspec.Struct, frozen=True, kw_only=True):
    """What home needs to know of a repository."""

    row: ImageRow
    first_seen: Time
    changes: tuple[ImageChangeRow, ...]
    digests: int
    """How many."""


def for_home(builder: ViewBuilder, image: ImageView, digests: int) -> ForHome:
    """The same of a repository whose pages are being made; it has so many digests."""
    return ForHome(
        row=ImageRow(
            image=image.image, address=image.address, tags=image.tags, gone=image.tags_gone, updated=image.updated
        ),
        first_seen=image.first_seen,
        changes=tuple(builder.latest_changes(_CHANGES)),
        digests=digests,
    )


def home_view(found: Sequence[ForHome], address: str = "") -> HomeView:
    """The home page of a site, or at another address that of an edition."""
    found = sorted(found, key=lambda one: one.row.image)
    changes = sorted(
        (row for one in found for row in one.changes), key=lambda row: (row.since, row.image), reverse=True
    )
    return HomeView(
        address=address,
        images=tuple(one.row for one in found),
        changes=tuple(changes[:_CHANGES]),
        tags=sum(one.row.tags + one.row.gone for one in found),
        digests=sum(one.digests for one in found),
        first_seen=min((one.first_seen for one in found), default=None),
        updated=max((one.row.updated for one in found), default=None),
    )
