"""Releases of the real archive: as a person wrote them down from its pages, and what holds for all its tags."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from collector.archive.holdings import Holdings
from collector.archive.store import Archive
from collector.diff.differ import Differ
from collector.importer.archive_import import import_source
from collector.model.platforms import platform_slug
from collector.model.references import parse_repository
from collector.pages.histories import Histories
from collector.releases import ImageUpdates, Release, TagState, releases_of
from tests.releases.folded import fold_tag, known_until, states_of, written

EXPECTED = {
    path.stem: path.read_text().splitlines() for path in sorted((Path(__file__).parent / "expected").glob("*.txt"))
}
"""By image and tag its releases, the newest first, written by hand from the pages of the archive."""
DAY = 86_400


@pytest.mark.parametrize("name", EXPECTED)
def test_releases_are_those_that_were_written_by_hand(real_archive: Path, name: str) -> None:
    image, tag = name.split("@")
    holdings = Archive(real_archive).load(parse_repository(image))
    assert written(fold_tag(holdings, tag)) == EXPECTED[name]


def test_packages_do_not_split_releases(local_repo: Path, tmp_path: Path) -> None:
    """Here they are known of images for amd64 only, and most releases are of a base that moved on all platforms."""
    archive = Archive(tmp_path / "archive", create=True)
    import_source(local_repo, archive, images=[parse_repository(name) for name in ("buildpack-deps", "debian")])
    count = 0
    for repository in archive.repositories():
        holdings = archive.load(repository)
        with_packages, without = (Histories(holdings, names_packages=named) for named in (True, False))
        for tag in with_packages.changes:
            states = [release.states for release in with_packages.releases(tag)]
            assert states == [release.states for release in without.releases(tag)], f"{repository.familiar}:{tag}"
            count += len(states)
    assert count > 1000


def iter_folded(archive: Archive) -> Iterator[tuple[Holdings, str, list[TagState], tuple[Release, ...]]]:
    for repository in archive.repositories():
        holdings = archive.load(repository)
        differ = Differ()
        compare, until = ImageUpdates(differ.images).between, known_until(holdings)
        for tag in holdings.tags:
            states = states_of(holdings, tag, differ)
            yield holdings, tag, states, releases_of(states, compare, known_until=until)


@pytest.mark.slow
def test_every_state_of_every_tag_belongs_to_one_release(real_archive: Path) -> None:
    count = 0
    for holdings, tag, states, releases in iter_folded(Archive(real_archive)):
        name = f"{holdings.repository.familiar}:{tag}"
        assert sorted(place for one in releases for place in one.states) == list(range(len(states))), name
        assert all(one.reasons and one.since == states[one.states[0]].period.since for one in releases), name
        assert [one.states[0] for one in releases] == sorted(one.states[0] for one in releases), name
        assert not dropped_for_a_short_time(states, releases), name
        # Whether a state lacks a platform is told of the state alone.
        assert not {"platform-added", "platform-removed"} & {each.code for one in releases for each in one.reasons}, (
            name
        )
        count += len(releases)
    assert 45_000 < count < 55_000


def dropped_for_a_short_time(states: list[TagState], releases: tuple[Release, ...]) -> list[str]:
    """Platforms that a release calls dropped, and that were there within 14 days of its start."""
    found = []
    for release in releases:
        dropped = [one.platform for one in release.platforms if one.progress == "dropped"]
        start = seconds(release.since)
        after = [one for one in states if start < seconds(one.period.since) <= start + 14 * DAY] if dropped else []
        there = {platform_slug(image.platform) for one in after if one.state for image in one.state.images}
        found += [slug for slug in dropped if slug in there and not was_there_before(states, release, slug)]
    return found


def was_there_before(states: list[TagState], release: Release, slug: str) -> bool:
    """Whether the release's own state has the platform: it was dropped only later."""
    state = states[release.states[0]].state
    return state is not None and slug in {platform_slug(image.platform) for image in state.images}


def seconds(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp()
