"""What the site asks of whoever makes the pages.

A site is made of tasks that know nothing of each other (one per repository), so that each can run in a process of its
own and be skipped where nothing has changed, and of what needs all of them: the home page and the look-up indexes.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from collector.errors import BuildError
from collector.pages.documents import Item
from collector.pages.options import SiteOptions
from collector.pages.tasks import Task

DEFAULT_PROVIDER = "collector.pages:SitePages"
"""Called with the archive's folder and `collector.pages.options.SiteOptions`."""

T = TypeVar("T")


class Provider(Protocol):
    """Makes the items of a site. It travels to the worker processes by pickle."""

    def plan(self) -> Sequence[Task]:
        """The tasks, in any order; the slowest first keeps all processes busy to the end."""

    def run(self, task: Task, before: bytes = b"") -> Generator[Item, None, bytes]:
        """Yield a task's items; return, as bytes, what `finish` needs to know of it, and what is worth remembering.

        Args:
            before: what was returned when the same program did the task last; empty where it did not.
        """

    def finish(self, summaries: Mapping[str, bytes], options: SiteOptions) -> Iterable[Item]:
        """The items that need all tasks' summaries, which come by task name, in the order of the names.

        It needs no archive: where a site is made of parts, it is called on the class.
        """


class Summed(Generic[T]):
    """Iterates over what a task yields and keeps the summary that comes when it ends."""

    def __init__(self, items: Generator[T, None, bytes]) -> None:
        self._items = items
        self.summary = b""

    def __iter__(self) -> Iterator[T]:
        self.summary = yield from self._items


def load_provider(name: str, archive: Path, options: SiteOptions) -> Provider:
    """The provider that `module:callable` makes for an archive.

    Raises:
        BuildError: there is no such callable.
    """
    provider: Provider = _find(name)(archive, options)
    return provider


def load_finish(name: str) -> Callable[[Mapping[str, bytes], SiteOptions], Iterable[Item]]:
    """The `finish` of the providers that `module:class` makes.

    Raises:
        BuildError: there is no such class.
    """
    finish: Callable[[Mapping[str, bytes], SiteOptions], Iterable[Item]] = _find(f"{name}.finish")
    return finish


def _find(name: str) -> Any:
    try:
        return pkgutil.resolve_name(name)
    except (ImportError, AttributeError, ValueError) as error:
        raise BuildError(f"no provider of pages {name!r}: {error}", hint="compare `provider` in mkdocs.yml") from error
