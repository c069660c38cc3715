"""What whoever publishes a site decides of the files that the archive's pages come with."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime

import msgspec

from collector.errors import UsageError

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")


class SiteOptions(msgspec.Struct, frozen=True, kw_only=True):
    """The same for every task of a build."""

    site_url: str = ""
    """The site's own address, with a slash at its end; empty: not known, and feeds have relative links."""
    badges: bool = False
    """Whether each tag that is there has badges: eight files a tag."""
    editions: tuple[str, ...] = ()
    """Days, the newest first: beside the current site it is published as it stood at the end of each."""
    images: tuple[str, ...] = ()
    """Full names of all images, where the archive holds only some of them: addresses depend on which there are."""


DEFAULTS = SiteOptions()


def parse_editions(days: Iterable[object]) -> tuple[str, ...]:
    """Days as somebody wrote them, each once, the newest first.

    Raises:
        UsageError: one is no day, or is not past yet: its edition would change.
    """
    found = {str(day) for day in days}
    for day in found:
        hint = "write days that are past, as 2017-12-31"
        if not _is_day(day):
            raise UsageError(f"not the day of an edition: {day[:60]!r}", hint=hint)
        if date.fromisoformat(day) >= datetime.now(tz=UTC).date():
            raise UsageError(f"{day} is not past yet: an edition of it would change", hint=hint)
    return tuple(sorted(found, reverse=True))


def _is_day(text: str) -> bool:
    try:
        return bool(_DAY.match(text)) and date.fromisoformat(text) > date.min
    except ValueError:
        return False
