"""Editions: the site as it stood at the end of a day, below that day: `2017-12-31/repos/python/3.6/`.

An edition is made from what the archive had written down by then, so that nothing that comes later changes it. It has
the pages of home, of images, and of the tags and platforms that were there. What tags were before and after, feeds,
JSON and look-ups are the current site's; there the history of every tag goes on.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping

import msgspec

from collector.archive.holdings import Holdings
from collector.model.references import Repository
from collector.model.times import Time
from collector.pages.addresses import Addresses
from collector.pages.documents import Asset, Document, Item, Lead
from collector.pages.histories import Timelines
from collector.pages.homes import ForHome, for_home, home_view
from collector.pages.items import PlatformTitles, document_of, image_documents, platform_document, tag_document
from collector.pages.markdown_templates import Context
from collector.pages.view_builder import ViewBuilder
from collector.pages.views import PlatformView

_CURRENT = "latest"
"""How mike's users call the current site. It lies at the root; this address leads there."""


class EditionAddresses(Addresses):
    """The addresses of an edition's pages; histories are the current site's."""

    def __init__(self, current: Addresses, edition: str) -> None:
        self._current = current
        self._edition = edition

    def key(self, repository: Repository) -> str:
        return self._current.key(repository)

    def image(self, repository: Repository) -> str:
        return f"{self._edition}/{self._current.image(repository)}"

    def tag(self, repository: Repository, tag: str) -> str:
        return f"{self._edition}/{self._current.tag(repository, tag)}"

    def history(self, repository: Repository, tag: str) -> str:
        return self._current.history(repository, tag)


def end_of(edition: str) -> Time:
    """The moment at which an edition shows the site."""
    return Time(f"{edition}T23:59:59Z")


def edition_items(holdings: Holdings, current: Addresses, edition: str) -> Generator[Document, None, bytes]:
    """One repository's pages of an edition; returns its summary, which is empty where it was not there yet.

    Args:
        holdings: what was held at the end of that day.
    """
    if not holdings.tags:
        return b""
    timelines, repository = Timelines(holdings), holdings.repository
    builder = ViewBuilder(timelines, EditionAddresses(current, edition))
    image = builder.image()
    places = {
        tag: address if timelines.is_live(tag) else current.tag(repository, tag)
        for tag, address in builder.addresses.items()
    }
    exceptions = {tag: place for tag, place in places.items() if place != f"{image.address}{tag}/"}
    context = Context(addresses=places, exceptions=exceptions, edition=edition)
    yield from image_documents(image, context, current.image(repository))
    for tag in filter(timelines.is_live, timelines.moments):
        yield from _iter_tag(builder, context, tag, current.tag(repository, tag))
    digests = sum(1 for _ in timelines.store.iter_digests())
    return msgspec.msgpack.encode(for_home(builder, image, digests))


def _iter_tag(builder: ViewBuilder, context: Context, tag: str, now: str) -> Iterator[Document]:
    """The pages of a tag and of its platforms. Those of them that another tag tells of have no page."""
    view = builder.tag(tag)
    yield tag_document(view, context, now)
    titles = PlatformTitles(f"{view.image}:{tag}")
    for platform in builder.platforms(tag):
        if isinstance(platform, PlatformView):
            yield platform_document(platform, titles.next(platform), context, now)


def finish_editions(summaries: Mapping[str, Mapping[str, bytes]]) -> Iterator[Item]:
    """What editions have beside their images: the home of each, and the list of all.

    Args:
        summaries: of each edition's tasks, the newest edition first.
    """
    for edition, of_images in summaries.items():
        found = [msgspec.msgpack.decode(summary, type=ForHome) for summary in of_images.values() if summary]
        home = home_view(found, f"{edition}/")
        about = f"What {len(home.images)} container images contained at the end of {edition}."
        yield document_of(home, "Container image history", about, home.updated, Context(edition=edition), now="")
    if summaries:
        yield _versions(list(summaries))
        yield Lead(address=f"{_CURRENT}/", to="", title="The current site")


def _versions(editions: list[str]) -> Asset:
    """The list that Material and mike read: of each version its folder, its title and other names, the newest first."""
    rows = [(_CURRENT, "Current"), *((edition, edition) for edition in editions)]
    versions = [{"version": version, "title": title, "aliases": []} for version, title in rows]
    return Asset(path="versions.json", content=msgspec.json.encode(versions))
