"""The outputs of a site: each is a page's files or one other file, rendered only when needed."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from typing import Generic, TypeVar

import msgspec

from collector.model.times import Time
from collector.pages.documents import AnyAsset, Asset, Item, Redirect, key_of
from collector.pages.left_out import Rank
from collector.site.page_html import splice
from collector.site.shell import Shell

T = TypeVar("T")

File = tuple[str, bytes]
"""Path from the site's root, and content."""


class Output(msgspec.Struct, frozen=True, kw_only=True):
    """A page or another file, with the function that renders it."""

    name: str
    """A page's address, which is empty or ends in a slash; or a file's path."""
    key: bytes
    """With equal keys and the same shell, the files are equal."""
    updated: Time | None = None
    rank: Rank = 0
    """A site with limits leaves out the lowest ranks first, and never 0."""
    make: Callable[[], Iterable[File]]


Outputs = Generator[Output, None, bytes]
"""Yields the outputs of a task; returns its summary."""


class WithResult(Generic[T]):
    """Iterates over a generator and keeps the bytes that it returns."""

    def __init__(self, items: Generator[T, None, bytes]) -> None:
        self._items = items
        self.result = b""

    def __iter__(self) -> Iterator[T]:
        self.result = yield from self._items


def output_of(item: Item, shell: Shell) -> Output:
    """The output of an item."""
    if isinstance(item, AnyAsset):
        return Output(name=item.path, key=item.key, rank=item.rank, make=lambda: splice(item, shell))
    if isinstance(item, Redirect):  # named as a file: it is neither counted as a page nor in the sitemap
        key = key_of(item.to, item.title, item.twin)
        return Output(name=f"{item.address}index.html", key=key, rank=item.rank, make=lambda: splice(item, shell))
    return Output(
        name=item.address, key=item.key, updated=item.updated, rank=item.rank, make=lambda: splice(item, shell)
    )


def file_output(path: str, content: bytes) -> Output:
    """The output of one finished file."""
    return Output(name=path, key=Asset(path=path, content=content).key, make=lambda: [(path, content)])


def outputs_of(items: Generator[Item, None, bytes], shell: Shell) -> Outputs:
    """The outputs of a task's items."""
    kept = WithResult(items)
    for item in kept:
        yield output_of(item, shell)
    return kept.result
