"""What was worked out before, by the digests of the two things compared."""

from __future__ import annotations

from typing import Generic, TypeVar

from collector.model.digests import Digest

Thing = TypeVar("Thing")
Found = TypeVar("Found")

_MOST = 4096


class Memory(Generic[Thing, Found]):
    """The latest 4,096 comparisons.

    A digest stands for one content, but what is known of it may differ (a page says less than a registry); so what is
    remembered counts only for things that are the same, or equal.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[Digest, Digest, str], tuple[Thing, Thing, Found]] = {}

    def find(self, key: tuple[Digest, Digest, str], before: Thing, after: Thing) -> Found | None:
        known = self._known.get(key)
        if known is None:
            return None
        old, new, found = known
        return found if (old is before or old == before) and (new is after or new == after) else None

    def keep(self, key: tuple[Digest, Digest, str], before: Thing, after: Thing, found: Found) -> Found:
        """Remember; when the memory is full the oldest goes."""
        if len(self._known) >= _MOST:
            del self._known[next(iter(self._known))]
        self._known[key] = (before, after, found)
        return found
