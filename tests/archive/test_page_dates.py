"""Dates of layers that differ from page to page."""

from __future__ import annotations

from collector.archive.facts import FactTables, ObservationFact
from collector.archive.page_dates import DateEncoder, PageDates, dates_of
from collector.model.times import Time

DAYS = [Time(f"2025-10-{day:02}T12:00:00Z") for day in range(1, 9)]
TAG = "1"


def enter(tables: FactTables, encoder: DateEncoder, time: Time, *other: Time | None) -> ObservationFact:
    """An observation of a page whose layers have these dates; the facts have none."""
    page = PageDates({place: date for place, date in enumerate(other) if date is not None}, other)
    dates, dates_as = encoder.encode(TAG, time, page)
    seen = ObservationFact(tag=TAG, time=time, source="git:x", dates=dates, dates_as=dates_as)
    seen.enter(tables)
    return seen


def test_two_observations_at_one_time_are_distinct() -> None:
    """As of commits whose clocks were wrong, between the same neighbours."""
    tables = FactTables()
    encoder = DateEncoder(tables)
    pages = [(DAYS[0], DAYS[0]), (DAYS[1], DAYS[1]), (DAYS[1], DAYS[2]), (DAYS[0], DAYS[2])]
    times = (DAYS[3], DAYS[3], DAYS[4], DAYS[5])
    seen = [enter(tables, encoder, time, *page) for time, page in zip(times, pages, strict=True)]
    assert [dates_of(tables, one) for one in seen] == [dict(enumerate(page)) for page in pages]


def test_a_date_that_returns_to_that_of_its_fact() -> None:
    tables = FactTables()
    encoder = DateEncoder(tables)
    enter(tables, encoder, DAYS[0], *DAYS[:4])
    second = enter(tables, encoder, DAYS[1], None, *DAYS[1:4])
    assert (second.dates, second.dates_as) == ({"0": None}, DAYS[0])
    third = enter(tables, DateEncoder(tables), DAYS[2], None, *DAYS[1:4])
    assert (third.dates, third.dates_as) == (None, DAYS[1])


def test_references_in_a_circle_or_to_nothing_end() -> None:
    tables = FactTables()
    for time, other in ((DAYS[0], DAYS[1]), (DAYS[1], DAYS[0]), (DAYS[2], DAYS[7])):
        ObservationFact(
            tag=TAG, time=time, source="git:x", dates={"0": DAYS[3], "9" * 5000: None, "x": None}, dates_as=other
        ).enter(tables)
    for seen in tables.observations[TAG]:
        assert dates_of(tables, seen) == {0: DAYS[3]}
