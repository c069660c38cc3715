"""What holds for the releases of any history, however strange its states are."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from collector.diff.differ import Differ
from collector.model.images import Gone, Observation, State
from collector.model.platforms import platform_slug
from collector.model.timelines import periods_of
from collector.model.times import Time, seconds_of, time_of
from collector.releases import ImageUpdates, Release, TagState, releases_of
from tests.diff.any_states import STATES
from tests.releases.made_up import AMD64, ARM, S390X, START, WINDOWS, built, state_of

DAY = 86_400
USUAL = st.builds(
    built,
    st.sampled_from([AMD64, ARM, S390X, WINDOWS]),
    version=st.sampled_from("12"),
    run=st.sampled_from(["make", "other"]),
    base=st.integers(1, 3),
    again=st.integers(0, 1),
)
INDEXES = st.lists(USUAL, min_size=1, max_size=4, unique_by=lambda image: image.platform).map(state_of)
GONE: st.SearchStrategy[Gone | None] = st.sampled_from(["missing", "removed", None])
HISTORIES = st.lists(
    st.tuples(st.integers(1, 40 * 24), st.one_of(INDEXES, INDEXES, INDEXES, STATES, GONE)), min_size=1, max_size=8
)
"""Hours after the one before, and what was there: a state, or none."""

Drawn = list[tuple[int, State | Gone | None]]


def states_of(drawn: Drawn) -> list[TagState]:
    known: dict[str, State] = {}
    seen, moment = [], START
    for hours, what in drawn:
        moment += timedelta(hours=hours)
        digest = what.digest if isinstance(what, State) else None
        if isinstance(what, State):
            # One digest is one state.
            known.setdefault(what.digest, what)
        gone = what if isinstance(what, str) else None
        seen.append(Observation(tag="1", time=time_of(moment), source="test", digest=digest, gone=gone))
    return [
        TagState(period=period, state=known[period.digest] if period.digest else None, reasons=change.reasons)
        for period, change in Differ().history(periods_of(seen), known.__getitem__)
    ]


def fold(states: list[TagState], until: Time) -> tuple[Release, ...]:
    return releases_of(states, ImageUpdates(Differ().images).between, known_until=until)


@given(HISTORIES)
def test_every_state_belongs_to_one_release_that_begins_with_its_first(drawn: Drawn) -> None:
    states = states_of(drawn)
    releases = fold(states, states[-1].period.since)
    assert sorted(place for one in releases for place in one.states) == list(range(len(states)))
    assert all(one.since == states[one.states[0]].period.since <= one.updated for one in releases)
    assert [one.states[0] for one in releases] == sorted(one.states[0] for one in releases)
    assert all(one.reasons for one in releases)
    for one in releases:
        platforms = [each.platform for each in one.platforms]
        assert len(set(platforms)) == len(platforms) <= max(one.of, len(one.platforms))
        assert all(each.skipped_for is None or releases[each.skipped_for].since >= one.since for each in one.platforms)


@given(HISTORIES)
def test_a_platform_that_returns_within_two_weeks_is_not_dropped(drawn: Drawn) -> None:
    states = states_of(drawn)
    for release in fold(states, states[-1].period.since):
        dropped = {one.platform for one in release.platforms if one.progress == "dropped"}
        has = [(seconds_of(one.period.since) or 0, platforms_of(one)) for one in states]
        for slug in dropped:
            gaps = absences(has, slug)
            assert any(until is None or until - since > 14 * DAY for since, until in gaps)


def platforms_of(state: TagState) -> set[str]:
    return {platform_slug(image.platform) for image in state.state.images} if state.state else set()


def absences(has: list[tuple[int, set[str]]], slug: str) -> list[tuple[int, int | None]]:
    """From when to when a platform was not there."""
    found: list[tuple[int, int | None]] = []
    for moment, platforms in has:
        if slug not in platforms and (not found or found[-1][1] is not None):
            found.append((moment, None))
        elif slug in platforms and found and found[-1][1] is None:
            found[-1] = (found[-1][0], moment)
    return found


@given(HISTORIES)
def test_a_new_observation_changes_only_releases_that_are_open(drawn: Drawn) -> None:
    states = states_of(drawn)
    before, after = (fold(found, found[-1].period.since) for found in (states[:-1] or states, states))
    known = seconds_of(states[-2].period.since if len(states) > 1 else states[-1].period.since) or 0
    for old, new in zip(before, after, strict=False):
        assert (old.since, old.states[0], old.cause) == (new.since, new.states[0], new.cause)
        assert new.states[: len(old.states)] == old.states
        if known - (seconds_of(old.since) or 0) > 60 * DAY and old is not before[-1]:
            assert new == old
