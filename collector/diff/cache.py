"""A cache of comparisons, by the digests of the two objects."""

from __future__ import annotations

from typing import Generic, TypeVar

from collector.model.digests import Digest

Thing = TypeVar("Thing")
Found = TypeVar("Found")

_MAX_RESULTS = 4096


class ResultCache(Generic[Thing, Found]):
    """The latest 4,096 results.

    A digest stands for one content, but the archive may have more or less of it (a page shows less than a registry). So
    a result is used only for equal objects.
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
        """Adds a result, and removes the oldest one if the cache is full."""
        if len(self._known) >= _MAX_RESULTS:
            del self._known[next(iter(self._known))]
        self._known[key] = (before, after, found)
        return found
