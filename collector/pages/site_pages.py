"""All pages of an archive, in tasks that know nothing of each other: one per repository, and what needs them all."""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

import collector
from collector.archive.store import Archive
from collector.configuration import SiteSettings
from collector.diff.summary import Outline
from collector.model.references import Repository, parse_repository
from collector.pages.addresses import Addresses, objects_path
from collector.pages.documents import Asset, Item
from collector.pages.editions import edition_items, end_of, finish_editions
from collector.pages.feeds import Entry, Feeds, site_feed
from collector.pages.histories import Timelines
from collector.pages.homes import ForHome, for_home, home_view
from collector.pages.items import document_of, image_documents, tag_items
from collector.pages.markdown_templates import Context
from collector.pages.objects import Uses, iter_chunk_files
from collector.pages.openapi import openapi_asset
from collector.pages.schema import schema_asset
from collector.pages.search_indexes import NameEntry, count_digests, iter_digest_assets, names_asset, pack_digests
from collector.pages.states_by_date import states_asset
from collector.pages.tasks import Task, edition_of, image_of, task_name
from collector.pages.view_builder import ViewBuilder
from collector.pages.views import ImageView

DEFAULTS = SiteSettings()


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """What the site-wide pages need to know of a repository."""

    home: ForHome
    names: NameEntry
    exceptions: dict[str, str]
    digests: bytes
    """As `pack_digests` packs them."""
    entries: tuple[Entry, ...]
    """For the site's feed, newest first."""


class Kept(Summary, frozen=True, kw_only=True):
    """All that is kept of a repository until the next build."""

    outlines: dict[bytes, Outline]
    """As `Timelines` has them."""


class SitePages:
    """All pages of the site. Travels to worker processes by pickle."""

    def __init__(self, root: Path, settings: SiteSettings = DEFAULTS, *, images: Sequence[str] = ()) -> None:
        """`images`: full names of all images, where the archive has only some: addresses depend on the others."""
        self._archive = Archive(root)
        self._settings = settings
        self._names = [repository.name for repository in self._archive.repositories()]
        self._addresses = Addresses(parse_repository(name) for name in images or self._names)

    def plan(self) -> Sequence[Task]:
        """A task for each repository, and one for each edition that it was in; the largest first."""
        sized = [task for name in self._names for task in self._tasks(parse_repository(name))]
        return [task for _, task in sorted(sized, key=lambda one: -one[0])]

    def _tasks(self, repository: Repository) -> Iterator[tuple[int, Task]]:
        """A repository's tasks, each with how many bytes are read for it."""
        # The other editions appear on the home page alone.
        settings = msgspec.structs.replace(self._settings, editions=())
        common = f"{collector.__version__}\n{settings}\n{self._addresses.key(repository)}\n"
        for edition in ("", *self._settings.editions):
            digest, size = hashlib.sha256(f"{common}{edition}\n".encode()), 0
            until = end_of(edition) if edition else None
            for content in self._archive.journal_bytes(repository, until=until):
                digest.update(content)
                size += len(content)
            if size or not edition:
                yield size, Task(name=task_name(repository.name, edition), key=digest.hexdigest())

    def run(self, task: Task, before: bytes = b"") -> Generator[Item, None, bytes]:
        """The pages and objects of one repository, or its pages of an edition; returns its summary."""
        repository = parse_repository(image_of(task.name))
        if edition := edition_of(task.name):
            holdings = self._archive.load(repository, until=end_of(edition))
            return (yield from edition_items(holdings, self._addresses, edition))
        return (yield from self._current_items(repository, before))

    def _current_items(self, repository: Repository, before: bytes) -> Generator[Item, None, bytes]:
        holdings = self._archive.load(repository)
        timelines = Timelines(holdings, msgspec.msgpack.decode(before, type=Kept).outlines if before else {})
        builder = ViewBuilder(timelines, self._addresses)
        image = builder.image()
        context = Context(addresses=builder.addresses, exceptions=image.exceptions)
        yield from image_documents(image, context)
        feeds = Feeds(timelines, image.address, site_url=self._settings.url)
        for tag, address in builder.addresses.items():
            yield from tag_items(builder, context, tag, badges=self._settings.badges)
            yield feeds.of_tag(tag, address, builder.told_at(tag))
        entries = feeds.entries({tag: builder.told_at(tag) for tag in timelines.moments})
        yield feeds.of_image(entries)
        uses = Uses(holdings, {tag: timelines.periods[tag] for tag in holdings.tags}, image.exceptions)
        for number, content in enumerate(iter_chunk_files(timelines.store, uses)):
            yield Asset(path=objects_path(image.address, number), content=content)
        yield states_asset(timelines, image.address)
        return msgspec.msgpack.encode(_summary(builder, image, entries))

    @staticmethod
    def finish(summaries: Mapping[str, bytes], settings: SiteSettings = DEFAULTS) -> Iterator[Item]:
        """Home, the site's feed, the look-up indexes, what describes the JSON, and what editions have beside images."""
        of_editions: dict[str, dict[str, bytes]] = {edition: {} for edition in settings.editions}
        found = []
        for name, summary in summaries.items():
            if edition := edition_of(name):
                of_editions[edition][name] = summary
            else:
                found.append(msgspec.msgpack.decode(summary, type=Summary))
        found.sort(key=lambda summary: summary.home.row.image)
        home = home_view([summary.home for summary in found])
        about = f"What {len(home.images)} container images contained, and when: search by name or digest."
        context = Context(editions=settings.editions)
        yield document_of(home, "Container image history", about, home.updated, context)
        yield site_feed((entry for summary in found for entry in summary.entries), site_url=settings.url)
        exceptions = {name: address for summary in found for name, address in summary.exceptions.items()}
        yield names_asset([summary.names for summary in found], exceptions)
        yield from iter_digest_assets({summary.home.row.image: summary.digests for summary in found})
        yield schema_asset()
        yield openapi_asset()
        yield from finish_editions(of_editions)


def _summary(builder: ViewBuilder, image: ImageView, entries: Sequence[Entry]) -> Kept:
    timelines = builder.timelines
    live = [tag for tag in timelines.moments if timelines.is_live(tag)]
    gone = [row.tag for row in image.gone]
    digests = pack_digests(timelines.store.iter_digests())
    return Kept(
        home=for_home(builder, image, count_digests(digests)),
        names=NameEntry(name=image.image, address=image.address, tags=" ".join(live), gone=" ".join(gone)),
        exceptions={f"{image.image}:{tag}": address for tag, address in image.exceptions.items()},
        digests=digests,
        entries=tuple(entries),
        outlines=timelines.outlines,
    )
