"""Invented pages, instead of `collector.pages.SitePages`."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path

import msgspec

from collector.archive.visits import NO_LOOKS
from collector.configuration import SiteSettings, SiteTable
from collector.model.progress import Progress, no_progress
from collector.pages.documents import Asset, Document, Item, key_of
from collector.pages.left_out import LeftOut
from collector.pages.package_index import iter_package_assets
from collector.pages.search_indexes import script_asset
from collector.pages.tasks import Task
from collector.pages.visits import visits_asset
from collector.site.build import BuildOptions, build_pages
from collector.site.reports import BuildReport


def page(
    address: str,
    markdown: str = "# A title\n",
    *,
    title: str = "A title",
    description: str = "What it says",
    kind: str = "tag",
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
    """One task: its items, and what `finish` needs from it."""

    items: tuple[Document | Asset, ...]
    key: str = ""
    summary: bytes = b""
    fails: bool = False
    """Whether it fails after its items."""


ONE = BuildOptions(jobs=1, site=SiteTable(url="https://example.org/"))
HOME = page("", "# All images\n", title="All images", kind="home")


class FakePages(msgspec.Struct, frozen=True, kw_only=True):
    shares: dict[str, Share] = {}
    last: tuple[Document | Asset, ...] = (HOME,)
    finish_key: bytes = b""

    def plan(self) -> Sequence[Task]:
        return [Task(name=name, key=share.key) for name, share in self.shares.items()]

    def run(self, task: Task, before: bytes = b"") -> Generator[Item, None, bytes]:
        share = self.shares[task.name]
        yield from share.items
        if share.fails:
            raise OSError("the archive broke off")
        return share.summary

    def finish(
        self, summaries: Mapping[str, bytes], settings: SiteSettings, left_out: LeftOut | None = None
    ) -> Iterable[Item]:
        yield from self.last
        yield script_asset(3)
        yield visits_asset({}, NO_LOOKS)
        yield from iter_package_assets({})
        yield Asset(path="api/v1/summaries.txt", content=b"".join(summaries.values()))


def pages(*items: Document | Asset) -> FakePages:
    return FakePages(shares={"one": Share(items=items)})


def build_fake(
    site: Path, pages: FakePages, options: BuildOptions = ONE, progress: Progress = no_progress
) -> BuildReport:
    """Make `site` the site of these pages."""
    return build_pages(lambda _: pages, site, options, progress=progress)
