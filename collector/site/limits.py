"""Decides what a site leaves out to stay within its limits: the same for an archive, however the site is built."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator

from collector.configuration import PACKAGES_EVER, PACKAGES_NOW, SiteSettings
from collector.pages.left_out import LeftOut, Rank
from collector.site.incremental import RankSize, TaskEntry

_RESERVE = 4_096
"""Bytes kept free for the text about what is left out."""
_MARKS = 1
"""The site's mark: a file that belongs to no task."""


def lowest_rank(
    settings: SiteSettings, entries: Collection[TaskEntry], *, others: tuple[int, int], left_out: Rank
) -> Rank:
    """The rank up to which a site leaves out rows; the highest if even that does not suffice.

    Args:
        settings: with the limits.
        entries: of the images and editions.
        others: files and bytes of everything else.
        left_out: the rank up to which the entries leave out rows already.
    """
    sizes = _by_rank(entries)
    files = others[0] + _MARKS + sum(entry.files for entry in entries)
    size = others[1] + _RESERVE + sum(entry.size for entry in entries)
    for rank, one in sizes.items():
        if rank <= left_out:
            files, size = files + one.files, size + one.size
    lowest = 0
    for rank, one in sizes.items():
        if excess_of(settings, files=files, size=size) == (0, 0):
            break
        files, size, lowest = files - one.files, size - one.size, rank
    return lowest


def left_out_of(entries: Collection[TaskEntry], rank: Rank) -> LeftOut | None:
    """What a site leaves out up to a rank; None: nothing."""
    sizes = [one for one in _by_rank(entries).values() if one.rank <= rank]
    if not sizes:
        return None
    return LeftOut(
        rank=rank,
        pages=sum(one.pages for one in sizes),
        files=sum(one.files for one in sizes),
        size=sum(one.size for one in sizes),
    )


def excess_of(settings: SiteSettings, *, files: int, size: int) -> tuple[int, int]:
    """The files and bytes by which a site exceeds its limits."""
    too_many = 0 if settings.limit_files is None else files - settings.limit_files
    too_large = 0 if settings.limit_bytes is None else size - settings.limit_bytes
    return max(too_many, 0), max(too_large, 0)


def iter_savings(settings: SiteSettings) -> Iterator[str]:
    """The settings with which a site has fewer files and bytes, as they are written in repo-info.toml."""
    for name in ("plain_data", "markdown", "badges"):
        if getattr(settings, name):
            yield f"{name} = false"
    if settings.editions:
        yield "fewer editions"
    if settings.packages == PACKAGES_EVER:
        yield f'packages = "{PACKAGES_NOW}"'
    elif settings.packages:
        yield "packages = false"


def _by_rank(entries: Collection[TaskEntry]) -> dict[Rank, RankSize]:
    """The size of each rank in all tasks, the lowest first."""
    found: dict[Rank, list[RankSize]] = defaultdict(list)
    for entry in entries:
        for one in entry.ranked:
            found[one.rank].append(one)
    return {
        rank: RankSize(
            rank=rank,
            pages=sum(one.pages for one in sizes),
            files=sum(one.files for one in sizes),
            size=sum(one.size for one in sizes),
        )
        for rank, sizes in sorted(found.items())
    }
