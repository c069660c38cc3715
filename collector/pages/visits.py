"""When the archive last looked at its images: one small file, because a visit that finds nothing must not change a
page.

    {"end": "2026-11-28T03:15:07Z", "visits": {"2026-11-28T03:12:00Z": "alpine busybox", "2026-11-27T03:14:00Z": "app"}}
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import msgspec

from collector.archive.visits import Looks
from collector.model.references import parse_repository
from collector.model.times import Time
from collector.pages.documents import Asset

PATH = "api/v1/visits.json"


class VisitsFile(msgspec.Struct, frozen=True, kw_only=True):
    """When the archive last looked at its images."""

    end: Time | None
    """When anything was last observed, or a registry last asked."""
    visits: dict[str, str]
    """The minute of a visit → what was last asked for then, with spaces between: images, as `python`, and single tags
    that were asked for later than the others of their image, as `python:3.6`. Of an image that is not visited any more
    it has the last observation. Empty if no visit is recorded, as in an archive that was imported: then everything is
    known until `end`.
    """


def visits_asset(known_until: Mapping[str, Time], looks: Looks) -> Asset:
    """The file.

    Args:
        known_until: full name of a repository → when one of its tags was last observed.
        looks: at the same repositories.
    """
    return Asset(path=PATH, content=msgspec.json.encode(_visits_file(known_until, looks)))


def _visits_file(known_until: Mapping[str, Time], looks: Looks) -> VisitsFile:
    times = {*known_until.values(), *([looks.newest] if looks.newest else [])}
    minutes: dict[str, list[str]] = defaultdict(list)
    for name, observed in known_until.items() if looks.newest else ():
        image = parse_repository(name).familiar
        minutes[_minute(looks.repositories.get(name, observed))].append(image)
        for tag, time in looks.tags.get(name, {}).items():
            minutes[_minute(time)].append(f"{image}:{tag}")
    visits = {minute: " ".join(sorted(minutes[minute])) for minute in sorted(minutes, reverse=True)}
    return VisitsFile(end=max(times, default=None), visits=visits)


def _minute(time: Time) -> str:
    return f"{time[:16]}:00Z"
