"""What a site with limits leaves out, in a fixed order. Scripts answer at the addresses of what is left out.

Every item has a rank. A site leaves out the items of the lowest ranks, as many ranks as necessary:

1. what belongs to tags that are gone (pages, histories, JSON, feeds), those that went first by their year;
2. the separate pages of histories, with their JSON.

Everything else has the rank 0 and stays: the objects and states of an image tell all that was in these pages.
"""

from __future__ import annotations

import msgspec

from collector.model.times import Time

Rank = int
"""0: never left out."""

HISTORIES: Rank = 10_000
"""More than any year."""


class LeftOut(msgspec.Struct, frozen=True, kw_only=True):
    """What a site leaves out to stay within its limits."""

    rank: Rank
    """A year: the pages of tags that were gone by its end; 10,000: the separate pages of histories as well."""
    pages: int
    files: int
    size: int
    """Bytes."""


def rank_of_gone(since: Time) -> Rank:
    """The rank of everything that belongs to a tag that is gone since then."""
    return int(since[:4])


def render_left_out(left_out: LeftOut) -> str:
    """In words: `12 pages of tags that were gone by the end of 2019`."""
    pages = f"{left_out.pages:,} page{'s' if left_out.pages != 1 else ''}"
    if left_out.rank < HISTORIES:
        return f"{pages} of tags that were gone by the end of {left_out.rank}"
    return f"{pages} of tags that are gone, and of histories"
