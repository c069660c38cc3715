"""The real states in `fixtures/`. `record_fixtures.py` writes them."""

from __future__ import annotations

from pathlib import Path

import msgspec

from collector.model.images import State
from collector.model.timelines import Period

FIXTURES = Path(__file__).parent / "fixtures"


class Pair(msgspec.Struct, kw_only=True, omit_defaults=True):
    """Two states of a tag, one after the other."""

    image: str
    tag: str
    since: str
    before: State
    after: State


class History(msgspec.Struct, kw_only=True, omit_defaults=True):
    """All periods of a tag, with the states that it pointed at."""

    image: str
    tag: str
    periods: tuple[Period, ...]
    states: tuple[State, ...]
