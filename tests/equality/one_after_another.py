"""A site that is rebuilt update by update, compared with full builds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from shutil import rmtree

import msgspec

from collector.configuration import SiteTable
from collector.site.build import BuildOptions, build_site
from tests.equality.sites import Stamps, iter_differences, iter_forgotten, iter_needless, stamps_of, written
from tests.equality.updates import bring_to
from tests.support.folders import bench_of

_MOST = 20
"""The number of faults that are named."""

OPTIONS = BuildOptions(site=SiteTable(url="https://example.org/"))


class Followed(msgspec.Struct, frozen=True, kw_only=True):
    """One update, and the site after it."""

    day: str
    files: int
    written: int
    is_compared: bool
    """Whether the site was compared with a full build."""
    faults: tuple[str, ...]


def follow(
    archive: Path, days: Sequence[str], folder: Path, options: BuildOptions = OPTIONS, *, every: int = 1
) -> Iterator[Followed]:
    """Bring an archive from one day to the next in `folder`; rebuild its site, and compare it with a full build on the
    first day, on the last, and on every so many between.

    The full site is made of nothing on the first day and on the last; on those between, every page is made again in its
    place, which shows the same and spares writing what is there.
    """
    growing, site, full = folder / "archive", folder / "site", folder / "full"
    every_page = msgspec.structs.replace(options, full=True)
    before: Stamps = {}
    for number, day in enumerate(days):
        bring_to(archive, day, growing)
        build_site(growing, site, options)
        after = stamps_of(site)
        faults = list(iter_needless(before, after))
        is_last = number == len(days) - 1
        if is_compared := number % every == 0 or is_last:
            if before and is_last:
                for place in (full, bench_of(full)):
                    rmtree(place)
            build_site(growing, full, every_page)
            faults += [*iter_differences(after, stamps_of(full)), *iter_forgotten(site, full)]
        yield Followed(
            day=day,
            files=len(after),
            written=written(before, after),
            is_compared=is_compared,
            faults=tuple(islice(faults, _MOST)),
        )
        before = after
