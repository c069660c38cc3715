"""From a provider's items to pieces: of one task, and of what needs all tasks."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import chain

import msgspec

from collector.pages.documents import Document, Item
from collector.pages.options import SiteOptions
from collector.pages.tasks import Task, edition_of
from collector.site.incremental import Done, Entry, Place
from collector.site.outputs import Pieces, asset_piece, piece_of, pieces_of
from collector.site.provider import Provider
from collector.site.record_store import Shelf
from collector.site.records import Record, Summary
from collector.site.run_tasks import Job
from collector.site.shell import Shell
from collector.site.sitemap import Address, render_sitemaps

Finish = Callable[[Mapping[str, bytes], SiteOptions], Iterable[Item]]
"""As `Provider.finish`."""


class Maker(msgspec.Struct, frozen=True, kw_only=True):
    """Makes the items of a provider's tasks. Travels to the other processes by pickle."""

    provider: Provider
    shell: Shell
    place: Place

    def run(self, job: Job) -> Done:
        """Do one task."""
        task, before = job
        return self.place.do(task, before, lambda: self._pieces(task, before))

    def _pieces(self, task: Task, before: Entry | None) -> Pieces:
        with _without_collecting():
            items = self.provider.run(task, self.place.summary_of(before))
            return (yield from pieces_of(items, self.shell))


class Finisher(msgspec.Struct, frozen=True, kw_only=True):
    """Makes what needs all tasks: home, the look-up indexes, and the sitemap where the site's address is known."""

    finish: Finish
    options: SiteOptions
    shell: Shell
    shelf: Shelf

    def pieces(self, tasks: Mapping[str, Entry]) -> Pieces:
        """The pieces; the tasks come in the order of their names."""
        summaries = {name: self.shelf.must_read(entry.record, Summary).summary for name, entry in tasks.items()}
        addresses: list[Address] = []
        for item in self.finish(summaries, self.options):
            piece = piece_of(item, self.shell)
            if isinstance(item, Document) and not item.past:
                addresses.append((piece.name, piece.updated))
            yield piece
        if self.options.site_url:
            for path, text in render_sitemaps(self.options.site_url, chain(addresses, self._addresses(tasks))):
                yield asset_piece(path, text.encode())
        return b""

    def _addresses(self, tasks: Mapping[str, Entry]) -> Iterator[Address]:
        for name, entry in tasks.items():
            if edition_of(name):
                continue
            for row in self.shelf.must_read(entry.record, Record).rows:
                if row.is_page:
                    yield row.name, row.updated


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Spare a task the search for cycles of garbage, a tenth of its time: what it holds, it holds to its end."""
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.collect()
        gc.unfreeze()
