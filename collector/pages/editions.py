"""Editions: the site as it stood at the end of a day, below that day: `2017-12-31/repos/python/3.6/`.

An edition is made from the facts that were recorded until then, so facts that are recorded later do not change it. It
has the pages of home, of images, and of the tags and platforms that existed. Histories, feeds, JSON and look-ups exist
only in the current site.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping

import msgspec

from collector.archive.holdings import Holdings
from collector.configuration import PACKAGES_EVER, PackagePages
from collector.model.references import Repository
from collector.model.times import Time
from collector.pages.addresses import Addresses
from collector.pages.documents import Asset, Item, Redirect
from collector.pages.histories import Histories
from collector.pages.kinds import iter_repository_items
from collector.pages.kinds.home import HOME, HomeSummary
from collector.pages.repository_context import RepositoryContext

_CURRENT_SITE = "latest"
"""The usual name of the current site, as in mike. This address redirects to the root of the site."""


class EditionAddresses(Addresses):
    """The addresses of an edition's pages; histories have those of the current site."""

    def __init__(self, current: Addresses, edition: str) -> None:
        self.current = current
        self._edition = edition

    def key(self, repository: Repository) -> str:
        return self.current.key(repository)

    def image(self, repository: Repository) -> str:
        return f"{self._edition}/{self.current.image(repository)}"

    def tag(self, repository: Repository, tag: str) -> str:
        return f"{self._edition}/{self.current.tag(repository, tag)}"

    def history(self, repository: Repository, tag: str) -> str:
        return self.current.history(repository, tag)


def end_of(edition: str) -> Time:
    """The time at which an edition shows the site."""
    return Time(f"{edition}T23:59:59Z")


def edition_items(
    holdings: Holdings, current: Addresses, edition: str, packages: PackagePages = PACKAGES_EVER
) -> Generator[Item, None, bytes]:
    """Yields the pages of one repository in an edition; returns its summary, which is empty if the archive did not have
    it yet.

    Args:
        holdings: the archive at the end of that day.
        packages: which pages show packages.
    """
    if not holdings.tags:
        return b""
    histories = Histories(holdings, names_packages=bool(packages))
    context = RepositoryContext(histories, EditionAddresses(current, edition), edition=edition, packages=packages)
    yield from iter_repository_items(context)
    digests = sum(1 for _ in histories.store.iter_digests())
    return msgspec.msgpack.encode(HOME.summary(context, digests))


def finish_editions(summaries: Mapping[str, Mapping[str, bytes]]) -> Iterator[Item]:
    """The home page of each edition, and the list of all editions.

    Args:
        summaries: the summaries of each edition's tasks, beginning with the newest edition.
    """
    for edition, of_images in summaries.items():
        found = [msgspec.msgpack.decode(summary, type=HomeSummary) for summary in of_images.values() if summary]
        yield HOME.edition_page(found, edition)
    if summaries:
        yield _versions(list(summaries))
        yield Redirect(address=f"{_CURRENT_SITE}/", to="", title="The current site")


def _versions(editions: list[str]) -> Asset:
    """The list that Material and mike read: the folder, the title and other names of each version, newest first."""
    rows = [(_CURRENT_SITE, "Current"), *((edition, edition) for edition in editions)]
    versions = [{"version": version, "title": title, "aliases": []} for version, title in rows]
    return Asset(path="versions.json", content=msgspec.json.encode(versions))
