"""Releases of a real archive that grew day by day: those of one that was imported at once."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from collector.archive.holdings import Holdings
from collector.archive.store import Archive
from collector.diff.differ import Differ
from collector.importer.archive_import import import_source
from collector.model.references import parse_repository
from collector.model.times import Time, seconds_of
from collector.releases import ImageUpdates, Release, releases_of
from collector.releases.names import release_names
from tests.releases.folded import known_until, states_of

IMAGE = parse_repository("haproxy")
DAYS = tuple(Time(f"{day}T23:59:59Z") for day in ("2017-11-05", "2017-12-13", "2018-01-02", "2018-02-28"))
"""Days on which releases had not reached all platforms; the last is after the end."""
_OPEN = 60 * 86_400
"""Seconds after which nothing joins a release, and the fate of every platform is known."""

pytestmark = pytest.mark.slow


Releases = dict[str, tuple[Release, ...]]
"""By tag."""


@pytest.fixture(scope="module")
def steps(bare_repo: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Holdings]:
    """The image after each of the days, from one archive to which each import added what was new."""
    archive = Archive(tmp_path_factory.mktemp("grown") / "archive", create=True)
    found = []
    for day in DAYS:
        import_source(bare_repo, archive, images=[IMAGE], until=day)
        found.append(archive.load(IMAGE))
    return found


def fold(holdings: Holdings) -> Releases:
    differ = Differ()
    compare, until = ImageUpdates(differ.images).between, known_until(holdings)
    return {tag: releases_of(states_of(holdings, tag, differ), compare, known_until=until) for tag in holdings.tags}


def test_an_archive_that_grew_has_the_releases_of_one_imported_at_once(
    steps: list[Holdings], real_archive: Path
) -> None:
    assert fold(steps[-1]) == fold(Archive(real_archive).load(IMAGE))


def test_new_observations_change_only_open_releases(steps: list[Holdings]) -> None:
    """Names, times and causes never change. What is older than 60 days does not change at all."""
    longer = kept = 0
    for before, after in pairwise(steps):
        old, new = fold(before), fold(after)
        for tag in old:
            longer += len(new[tag]) > len(old[tag])
            names = release_names(new[tag], after.periods(tag))
            assert names[: len(old[tag])] == release_names(old[tag], before.periods(tag))
            known = seconds_of(before.periods(tag)[-1].since) or 0
            for one, later in zip(old[tag], new[tag], strict=False):
                assert (one.since, one.cause) == (later.since, later.cause)
                assert later.states[: len(one.states)] == one.states
                if known - (seconds_of(one.since) or 0) > _OPEN:
                    kept += 1
                    assert later == one
    assert longer > 50
    assert kept > 500
