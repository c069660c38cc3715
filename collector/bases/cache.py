"""The cache of outlines and bases between builds."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Protocol

from collector.errors import BuildError


class Cache(Protocol):
    """Name → content. A name always means the same content."""

    def read(self, name: str) -> bytes | None:
        """The content of this name; None if it is not kept."""

    def write(self, name: str, content: bytes) -> None:
        """Keep a content."""

    def fill(self, subjects: Mapping[str, str], make: Callable[[str], bytes]) -> None:
        """Keep the result of `make` for each subject, under its name. `make` may be sent to other processes by pickle.

        Args:
            subjects: by name, those that take longest first.
            make: makes a content.
        """

    def retain(self, names: Collection[str]) -> None:
        """Forget all contents but these."""


def must_read(cache: Cache, name: str) -> bytes:
    """The content of a name that this build has kept.

    Raises:
        BuildError: it is missing.
    """
    content = cache.read(name)
    if content is None:
        raise BuildError("what was found of base images was changed while the site was built", hint="build it again")
    return content


class MemoryCache:
    """Keeps contents for one build."""

    def __init__(self) -> None:
        self._contents: dict[str, bytes] = {}

    def read(self, name: str) -> bytes | None:
        return self._contents.get(name)

    def write(self, name: str, content: bytes) -> None:
        self._contents[name] = content

    def fill(self, subjects: Mapping[str, str], make: Callable[[str], bytes]) -> None:
        for name, subject in subjects.items():
            self.write(name, make(subject))

    def retain(self, names: Collection[str]) -> None:
        self._contents = {name: self._contents[name] for name in names if name in self._contents}
