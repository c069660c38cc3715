"""What a site is made of, one piece at a time: the files of a page, or one other file, made when they are needed."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable

import msgspec

from collector.model.times import Time
from collector.pages.documents import AnyAsset, Asset, Item, Lead, key_of
from collector.site.page_html import splice
from collector.site.provider import Summed
from collector.site.shell import Shell

File = tuple[str, bytes]
"""Path from the site's root, and content."""


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """A page or another file, and how to make it."""

    name: str
    """A page's address, which is empty or ends in a slash; or a file's path."""
    key: bytes
    """Equal keys, equal files, as long as the shell is the same."""
    updated: Time | None = None
    make: Callable[[], Iterable[File]]


Pieces = Generator[Piece, None, bytes]
"""The pieces of a task; returns what is to be remembered beside them."""


def piece_of(item: Item, shell: Shell) -> Piece:
    """The piece that an item becomes."""
    if isinstance(item, AnyAsset):
        return Piece(name=item.path, key=item.key, make=lambda: splice(item, shell))
    if isinstance(item, Lead):  # named as a file: it is not counted as a page, nor in the sitemap
        key = key_of(item.to, item.title, item.twin)
        return Piece(name=f"{item.address}index.html", key=key, make=lambda: splice(item, shell))
    return Piece(name=item.address, key=item.key, updated=item.updated, make=lambda: splice(item, shell))


def asset_piece(path: str, content: bytes) -> Piece:
    """The piece that a file is that is made already."""
    return Piece(name=path, key=Asset(path=path, content=content).key, make=lambda: [(path, content)])


def pieces_of(items: Generator[Item, None, bytes], shell: Shell) -> Pieces:
    """The pieces of a provider's task."""
    summed = Summed(items)
    for item in summed:
        yield piece_of(item, shell)
    return summed.summary
