"""Moments, kept as text: `2018-01-29T12:00:00Z`, always UTC, whole seconds, so that text order is time order."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import NewType

from collector.errors import InvalidValue, UsageError

Time = NewType("Time", str)
"""RFC 3339 in UTC with whole seconds: exactly `YYYY-MM-DDTHH:MM:SSZ`."""

PATTERN = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$"
"""The form alone, for decoders and schemas; `is_in_calendar` knows which of them are dates."""
_FORM = re.compile(PATTERN.removesuffix("$") + r"\Z")
_COMMON = re.compile(
    r"[12][0-9]{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z\Z"
)
"""Dates for which no calendar is needed."""

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z", re.ASCII)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTH_NUMBER = {name: f"{number:02}" for number, name in enumerate(_MONTHS, 1)}
_EPOCH = date(1970, 1, 1).toordinal()
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_HTTP_DATE = re.compile(r"[A-Z][a-z]{2}, (\d{2}) ([A-Z][a-z]{2}) (\d{4}) (\d{2}:\d{2}:\d{2}) GMT\Z", re.ASCII)


def time_of(moment: datetime) -> Time:
    """The text of an aware moment; fractions of a second are dropped."""
    return Time(moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0"))


def time_from_seconds(seconds: int) -> Time:
    """The time this many seconds after 1970 began.

    Raises:
        InvalidValue: no calendar has it.
    """
    try:
        return time_of(datetime.fromtimestamp(seconds, UTC))
    except (ValueError, OverflowError, OSError):
        raise InvalidValue(f"not a time of the calendar: {seconds} seconds after 1970") from None


@lru_cache(16384)
def seconds_of(moment: Time) -> int | None:
    """Since 1970; None for what no calendar has."""
    day, hour, minute, second = _midnight(moment[:10]), int(moment[11:13]), int(moment[14:16]), int(moment[17:19])
    if day is None or hour > 23 or minute > 59 or second > 59:
        return None
    return day + hour * 3600 + minute * 60 + second


@lru_cache(16384)
def is_in_calendar(moment: Time) -> bool:
    """Whether there is such a day and such a time of day."""
    return bool(_COMMON.match(moment)) or seconds_of(moment) is not None


def is_time(text: str) -> bool:
    """Whether a text has the form of a time, and is in the calendar."""
    return bool(_COMMON.match(text)) or (bool(_FORM.match(text)) and is_in_calendar(Time(text)))


@lru_cache(1024)
def _midnight(day: str) -> int | None:
    try:
        return (date.fromisoformat(day).toordinal() - _EPOCH) * 86400
    except ValueError:
        return None


def parse_time(text: str) -> Time:
    """Read any RFC 3339 time, with any offset and fraction.

    Raises:
        InvalidValue: it is not a time, or it has no offset.
    """
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is not None:
            return time_of(moment)
    except (ValueError, OverflowError):  # the offset may lead out of the calendar
        pass
    raise InvalidValue(f"not a time: {text[:60]!r}", hint="expected RFC 3339, as 2018-01-29T12:00:00Z")


def parse_as_of(text: str) -> Time:
    """What a person may write for a moment: a day (its end, in UTC) or a full RFC 3339 time.

    Raises:
        UsageError: it is neither.
    """
    try:
        if _DAY.match(text):
            return time_of(datetime.combine(date.fromisoformat(text), time(23, 59, 59), UTC))
        return parse_time(text)
    except (ValueError, InvalidValue):
        hint = "write a day (2018-01-29) or a time (2018-01-29T12:00:00Z)"
        raise UsageError(f"not a date: {text[:60]!r}", hint=hint) from None


@lru_cache(16384)
def parse_http_date(text: str) -> Time:
    """Read `Tue, 12 Dec 2017 01:41:34 GMT` (RFC 9110, section 5.6.7).

    Raises:
        InvalidValue: it is not in that form, or the calendar has no such date.
    """
    match = _HTTP_DATE.match(text)
    month = _MONTH_NUMBER.get(match[2]) if match else None
    if match is None or month is None:
        raise InvalidValue(f"not an HTTP date: {text[:60]!r}")
    moment = Time(f"{match[3]}-{month}-{match[1]}T{match[4]}Z")
    if not is_in_calendar(moment):
        raise InvalidValue(f"not a date of the calendar: {text[:60]!r}")
    return moment


def parse_header_date(text: str) -> Time:
    """Read the date of an HTTP header in any of its three forms (RFC 9110, section 5.6.7).

    `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT` and `Sun Nov  6 08:49:37 1994`.

    Raises:
        InvalidValue: it has none of them.
    """
    from email.utils import parsedate_to_datetime  # slow to import, and only registries send such dates

    try:
        moment = parsedate_to_datetime(text)
        return time_of(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    except (ValueError, TypeError, IndexError, OverflowError):
        raise InvalidValue(f"not an HTTP date: {text[:60]!r}") from None


def render_http_date(moment: Time) -> str:
    """Write `Tue, 12 Dec 2017 01:41:34 GMT`.

    Raises:
        InvalidValue: there is no such day.
    """
    return f"{_render_http_day(moment[:10])} {moment[11:19]} GMT"


@lru_cache(1024)
def _render_http_day(day: str) -> str:
    try:
        weekday = _WEEKDAYS[date.fromisoformat(day).weekday()]
    except ValueError:
        raise InvalidValue(f"no such day: {day!r}") from None
    return f"{weekday}, {day[8:]} {_MONTHS[int(day[5:7]) - 1]} {day[:4]}"


def render_day(moment: Time) -> str:
    """The day alone: `2018-01-29`."""
    return moment[:10]


def render_minute(moment: Time) -> str:
    """Day and minute for people: `2018-01-29 12:00 UTC`."""
    return f"{moment[:10]} {moment[11:16]} UTC"
