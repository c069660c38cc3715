"""A rehearsal: a collection that records a given time, so that a history can be tried out."""

from __future__ import annotations

from collections.abc import Iterable

from collector.archive.store import Archive
from collector.collect.selection import Wanted
from collector.errors import UsageError
from collector.model.times import Time


def check_rehearsal(archive: Archive, wanted: Iterable[Wanted], time: Time, now: Time) -> None:
    """Checks that a time can be rehearsed: a rehearsal only adds to the end of a history.

    Raises:
        UsageError: it is in the future, or the archive has later observations of a wanted image.
    """
    if time > now:
        raise UsageError(f"--rehearse {time}: this is in the future", hint="rehearse a time that is over")
    for one in wanted:
        seen = archive.load_observations(one.repository).observations.values()
        newest = max((of_tag[-1].time for of_tag in seen), default=time)
        if newest > time:
            name = one.repository.familiar
            raise UsageError(
                f"--rehearse {time}: the archive has observations of {name} until {newest}",
                hint="rehearse a later time, or into another archive",
            )
