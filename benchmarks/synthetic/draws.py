"""Numbers that look like chance and depend on nothing but words: SHA-256 to begin with, then SplitMix64.

Python's own `random` may draw otherwise in another version; this is a dozen lines of integers, the same everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import TypeVar

from collector.model.digests import Digest

Item = TypeVar("Item")

_WORD = 2**64 - 1

_EXPONENTIAL = (0, 105, 223, 357, 511, 693, 916, 1204, 1609, 2303, 4000)
"""Every tenth of the exponential distribution, in thousandths of its mean."""


class Draws:
    """One stream, named by words: `Draws(seed, "image", 3)`."""

    def __init__(self, *words: object) -> None:
        self._state = int.from_bytes(sha256(" ".join(map(str, words)).encode()).digest()[:8], "big")

    def below(self, limit: int) -> int:
        """From 0 up to, not including, `limit` (SplitMix64: Steele, Lea and Flood, 2014)."""
        self._state = (self._state + 0x9E3779B97F4A7C15) & _WORD
        mixed = self._state
        mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & _WORD
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _WORD
        return ((mixed ^ (mixed >> 31)) * limit) >> 64

    def percent(self, chance: int) -> bool:
        """Whether something happens that does so in `chance` of a hundred cases."""
        return self.below(100) < chance

    def one_of(self, items: Sequence[Item]) -> Item:
        return items[self.below(len(items))]

    def weighted(self, weights: Sequence[int]) -> int:
        """A place in a list of weights."""
        left = self.below(sum(weights))
        for place, weight in enumerate(weights):
            left -= weight
            if left < 0:
                return place
        raise AssertionError("the weights add up to their sum")

    def spread(self, quantiles: Sequence[int]) -> int:
        """A value distributed as `quantiles` says: the least, values at equal steps between, the greatest."""
        return quantile(quantiles, self.below(2**32))

    def gap(self, mean: int) -> int:
        """The distance to the next of things that happen independently; at least 1."""
        return 1 + self.spread(_EXPONENTIAL) * mean // 1000


def quantile(quantiles: Sequence[int], place: int) -> int:
    """The value at a place from 0 up to 2**32 in a distribution, between two of its quantiles in proportion."""
    steps = len(quantiles) - 1
    step, rest = divmod(place * steps, 2**32)
    low, high = quantiles[step], quantiles[min(step + 1, steps)]
    return low + (high - low) * rest // 2**32


def hash_of(text: str) -> str:
    """64 hex digits."""
    return sha256(text.encode()).hexdigest()


def made_up_digest(text: str) -> Digest:
    """The digest of something that is nowhere: of content that the archive does not keep."""
    return Digest("sha256:" + hash_of(text))
