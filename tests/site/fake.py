"""A provider of pages from values, as small as the contract allows."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path

import msgspec

from collector.pages.documents import Asset, Document, Item, Kind, key_of
from collector.pages.options import SiteOptions
from collector.pages.tasks import Task


def page(
    address: str,
    markdown: str = "# A title\n",
    *,
    title: str = "A title",
    description: str = "What it says",
    kind: Kind = "tag",
    twin: bytes = b"{}",
) -> Document:
    return Document(
        address=address,
        title=title,
        description=description,
        kind=kind,
        key=key_of(address, markdown, title, description, kind, twin),
        # Unlike a function of our own it travels to another process.
        render=partial(str, markdown),
        twin=twin,
    )


class Share(msgspec.Struct, frozen=True, kw_only=True):
    """One task's items, and what it tells `finish`."""

    items: tuple[Document | Asset, ...]
    key: str = ""
    summary: bytes = b""
    fails: bool = False
    """Whether it breaks off behind its items."""


HOME = page("", "# All images\n", title="All images", kind="home")


class FakePages(msgspec.Struct, frozen=True, kw_only=True):
    shares: dict[str, Share] = {}
    last: tuple[Document | Asset, ...] = (HOME,)

    def plan(self) -> Sequence[Task]:
        return [Task(name=name, key=share.key) for name, share in self.shares.items()]

    def run(self, task: Task, before: bytes = b"") -> Generator[Item, None, bytes]:
        share = self.shares[task.name]
        yield from share.items
        if share.fails:
            raise OSError("the archive broke off")
        return share.summary

    def finish(self, summaries: Mapping[str, bytes], options: SiteOptions) -> Iterable[Item]:
        yield from self.last
        yield Asset(path="api/v1/summaries.txt", content=b"".join(summaries.values()))


def pages(*items: Document | Asset) -> FakePages:
    return FakePages(shares={"one": Share(items=items)})


def small(archive: Path, options: SiteOptions) -> FakePages:
    """Named in a mkdocs.yml as `tests.site.fake:small`."""
    return pages(page("repos/python/3.6/", title=f"python:3.6 of {archive.name}"))
