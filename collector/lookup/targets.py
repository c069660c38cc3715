"""Resolves references (`python:3.6@2017-06-30`, `python@sha256:…`) to digests and states."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from typing import NamedTuple

from collector.errors import ArchiveError, NotFound
from collector.lookup.repository_facts import RepositoryFacts
from collector.model.digests import Digest
from collector.model.images import State
from collector.model.references import Asked, Repository
from collector.model.timelines import Period, period_at
from collector.model.times import Time, time_of

Load = Callable[[Repository], RepositoryFacts]
"""Reads the facts of a repository, and raises NotFound if there are none."""


class Target(NamedTuple):
    """The digest of an index or single manifest, and when the requested tag pointed at it, if it did."""

    digest: Digest
    period: Period | None = None


def find_target(facts: RepositoryFacts, asked: Asked) -> Target:
    """The index or single manifest of a reference.

    Raises:
        NotFound: there is none; the hint names the nearest moment at which there was.
    """
    name = _name_of(asked)
    periods = facts.periods(asked.tag or "")
    if asked.digest:
        if not facts.has_manifest(asked.digest):
            hint = f"to see what it is, run repo-info find {asked.digest}"
            raise NotFound(f"{name}: the archive has no index or manifest {asked.digest}", hint=hint)
        had = [period for period in periods if period.digest == asked.digest]
        return Target(asked.digest, had[-1] if had else None)
    if not periods:
        near = get_close_matches(asked.tag or "", facts.tags, n=3)
        hint = (
            f"there is {', '.join(near)}"
            if near
            else f"to see its tags, run repo-info find {asked.repository.familiar}:"
        )
        raise NotFound(f"{name}: the archive has no such tag", hint=hint)
    period = period_at(periods, asked.as_of) if asked.as_of else periods[-1]
    if period is None or period.digest is None:
        moment = asked.as_of or periods[-1].since
        raise NotFound(f"{name}: {_absence(period, periods)}", hint=_nearest(periods, moment))
    return Target(period.digest, period)


def target_state(facts: RepositoryFacts, asked: Asked) -> State:
    """The state of a reference.

    Raises:
        NotFound: there is none; the hint names the nearest moment at which there was.
        ArchiveError: the archive lacks a part of it.
    """
    return state_of(facts, find_target(facts, asked).digest)


def state_of(facts: RepositoryFacts, digest: Digest) -> State:
    """The state of a digest that the archive has.

    Raises:
        ArchiveError: the archive lacks a part of it.
    """
    state = facts.state(digest)
    if state is None:
        hint = "run `repo-info verify` to see which"
        raise ArchiveError(f"{facts.repository.familiar}: the archive lacks a part of {digest}", hint=hint)
    return state


def _name_of(asked: Asked) -> str:
    return f"{asked.repository.familiar}:{asked.tag}" if asked.tag else asked.repository.familiar


def _absence(period: Period | None, periods: Sequence[Period]) -> str:
    if period is None:
        return f"not seen before {periods[0].since}"
    if period.is_unreadable:
        return f"its state since {period.since} could not be read"
    if not any(one.digest for one in periods if one.since < period.since):
        return f"did not exist yet on {period.since}, when it was first looked for"
    return f"gone since {period.since}"


def _nearest(periods: Sequence[Period], moment: Time) -> str:
    """The nearest moment at which the tag had a digest."""
    moments = [period.since for period in periods if period.digest and period.since > moment]
    moments += [_second_before(period.until) for period in periods if period.digest and period.until]
    if not moments:
        return "the archive knows no time at which it existed"
    nearest = min(moments, key=lambda one: abs(_datetime(one) - _datetime(moment)))
    return f"the nearest date at which it existed: {nearest}"


def _second_before(moment: Time) -> Time:
    try:
        return time_of(_datetime(moment) - timedelta(seconds=1))
    except OverflowError:
        return moment  # the first second of the calendar


def _datetime(moment: Time) -> datetime:
    """A moment for calculations. An invalid date, in a damaged archive, counts as long ago."""
    try:
        return datetime.fromisoformat(moment)
    except ValueError:
        return datetime(1970, 1, 1, tzinfo=UTC)
