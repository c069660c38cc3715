"""Equal values of a repository's facts, each in memory once.

The decoder makes every text anew, and most texts of a journal occur in many of its lines: a digest in the facts of
the image, of its manifest and of every index that lists it, a step's time in the config of every image that has the
step. Kept once, the facts of a large image take a third of the memory.
"""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec.structs import force_setattr


class SharedValues:
    """The values that were seen. It is as large as they are, so it is given up when the facts have been read."""

    def __init__(self) -> None:
        self._known: dict[Any, Any] = {}

    def replace(self, struct: msgspec.Struct, *members: str) -> None:
        """Put the value that was seen first in the place of each of these members. It is equal, so a frozen struct
        stays equal, too.
        """
        of = self._known.setdefault
        for name in members:
            value = getattr(struct, name)
            force_setattr(struct, name, of(value, value))

    def replace_each(self, struct: msgspec.Struct, member: str) -> None:
        """The same for each value of a tuple."""
        of = self._known.setdefault
        force_setattr(struct, member, tuple([of(value, value) for value in getattr(struct, member)]))
