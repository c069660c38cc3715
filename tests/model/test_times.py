"""Every time is a valid date, wherever it enters."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from collector.errors import InvalidValue, UsageError
from collector.model.times import is_in_calendar, parse_as_of, parse_header_date, parse_http_date, parse_time

NO_TIMES = [
    "9999-99-99T99:99:99Z",
    "2018-01-32T00:00:00Z",
    "2018-02-30T00:00:00Z",
    "2018-01-29T24:00:00Z",
    "2018-01-29T12:60:00Z",
    "2018-01-29T12:00:60Z",
    "0000-01-01T00:00:00Z",
    "0001-01-01T00:00:00+14:00",  # a moment before the calendar begins
    "9999-12-31T23:59:59-14:00",  # and one after its end
    "2018-01-29T12:00:00",
    "2018-01-29",
    "",
]


@pytest.mark.parametrize("text", NO_TIMES)
def test_invalid_times_are_refused(text: str) -> None:
    with pytest.raises(InvalidValue, match="not a time"):
        parse_time(text)


@pytest.mark.parametrize("text", [*(text for text in NO_TIMES if text != "2018-01-29"), "2018-02-30", "2018-01-32"])
def test_invalid_dates_are_refused(text: str) -> None:
    with pytest.raises(UsageError, match="not a date"):
        parse_as_of(text)


@pytest.mark.parametrize("text", [text for text in NO_TIMES if len(text) == 20])
def test_impossible_dates_in_the_right_form_are_refused(text: str) -> None:
    assert not is_in_calendar(text)


@pytest.mark.parametrize("parse", [parse_http_date, parse_header_date])
@pytest.mark.parametrize("text", ["Fri, 30 Feb 2018 12:00:00 GMT", "Mon, 29 Jan 2018 24:00:00 GMT"])
def test_impossible_dates_in_headers_are_refused(parse: Callable[[str], str], text: str) -> None:
    with pytest.raises(InvalidValue):
        parse(text)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
        ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"),
        ("2016-02-29T23:30:00.999-01:00", "2016-03-01T00:30:00Z"),
    ],
)
def test_the_first_the_last_and_a_leap_day(text: str, moment: str) -> None:
    assert parse_time(text) == moment
    assert is_in_calendar(moment)
