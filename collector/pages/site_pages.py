"""All pages of an archive: independent tasks, one per repository and edition, and the site-wide pages."""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path

import msgspec

import collector
from collector.archive.store import Archive, JournalsKey
from collector.archive.visits import Looks, last_looks
from collector.bases.archive_bases import keep_bases, keep_part
from collector.bases.cache import Cache, MemoryCache, must_read
from collector.bases.parts import NO_BASES, RepositoryBases, decode_bases
from collector.configuration import SiteSettings
from collector.model.references import Repository, parse_repository
from collector.pages.addresses import Addresses, objects_path, package_lists_path
from collector.pages.data_files import iter_data_files
from collector.pages.documents import Asset, Item
from collector.pages.editions import edition_items, end_of, finish_editions
from collector.pages.feeds import Entry, Feeds, site_feed
from collector.pages.histories import Histories, KnownResults
from collector.pages.kinds import iter_repository_items
from collector.pages.kinds.home import HOME, HomeSummary
from collector.pages.kinds.package import PACKAGE
from collector.pages.left_out import LeftOut
from collector.pages.objects import Uses, iter_chunk_files
from collector.pages.openapi import openapi_asset
from collector.pages.package_index import iter_package_assets, join_uses
from collector.pages.package_uses import SourceUse, source_uses
from collector.pages.repository_context import RepositoryContext
from collector.pages.schema import schema_asset
from collector.pages.search_indexes import NameEntry, count_digests, iter_digest_assets, names_asset, pack_digests
from collector.pages.states_by_date import states_asset
from collector.pages.tasks import Task, edition_of, image_of, task_name
from collector.pages.version_uses import VersionUse, version_assets, version_uses
from collector.pages.visits import visits_asset

DEFAULTS = SiteSettings()


class RepositorySummary(msgspec.Struct, frozen=True, kw_only=True):
    """The data of a repository for the site-wide pages."""

    home: HomeSummary
    names: NameEntry
    exceptions: dict[str, str]
    digests: bytes
    """From `pack_digests`."""
    packages: bytes
    """From `source_uses`."""
    versions: tuple[VersionUse, ...]
    entries: tuple[Entry, ...]
    """The entries for the site's feed, newest first."""


class TaskResult(RepositorySummary, frozen=True, kw_only=True):
    """The result of a task, which is kept until the next build."""

    known: KnownResults


class SitePages:
    """All pages of the site. Worker processes receive it by pickle."""

    def __init__(
        self,
        root: Path,
        settings: SiteSettings = DEFAULTS,
        *,
        images: Sequence[str] = (),
        cache: Cache | None = None,
        bases: Mapping[str, bytes] | None = None,
    ) -> None:
        """Pages of the archive at `root`.

        Args:
            root: the archive's folder.
            settings: those of the site.
            images: full names of all images, where the archive has only some: addresses depend on the others.
            cache: of bases.
            bases: by full name those of the whole archive, encoded; None: they are to be found in this one.
        """
        self._cache = cache or MemoryCache()
        self._bases = bases
        self._archive = Archive(root)
        self._settings = settings
        self._names = [repository.name for repository in self._archive.repositories()]
        self._addresses = Addresses(parse_repository(name) for name in images or self._names)

    def plan(self) -> Sequence[Task]:
        """A task for each repository, and one for each edition that contains it; the largest first."""
        journals = {name: self._archive.journals_key(parse_repository(name)) for name in self._names}
        if self._bases is None:
            keys = {name: key for name, (key, _) in journals.items()}
            bases = keep_bases(self._archive, keys, self._cache, names_packages=bool(self._settings.packages))
        else:
            bases = {name: keep_part(part, self._cache) for name, part in self._bases.items() if name in journals}
            self._cache.retain(set(bases.values()))
        sized = [
            task
            for name, found in journals.items()
            for task in self._tasks(parse_repository(name), found, bases.get(name, ""))
        ]
        return [task for _, task in sorted(sized, key=lambda one: -one[0])]

    def _tasks(self, repository: Repository, journals: JournalsKey, bases: str) -> Iterator[tuple[int, Task]]:
        """A repository's tasks, each with the number of bytes that it reads. Pages of editions name no bases."""
        # The other editions appear on the home page alone, and limits do not change what is left.
        settings = msgspec.structs.replace(self._settings, editions=(), limit_bytes=None, limit_files=None)
        common = f"{collector.__version__}\n{settings}\n{self._addresses.key(repository)}\n"
        key = _key(common, journals.key, bases)
        yield journals.size, Task(name=repository.name, key=key, bases=bases)
        for edition in self._settings.editions:
            found = self._archive.journals_key(repository, until=end_of(edition))
            if found.size:
                yield found.size, Task(name=task_name(repository.name, edition), key=_key(common, edition, found.key))

    def run(self, task: Task, before: bytes = b"") -> Generator[Item, None, bytes]:
        """The pages and objects of one repository, or its pages of an edition; returns its summary."""
        repository = parse_repository(image_of(task.name))
        if edition := edition_of(task.name):
            holdings = self._archive.load(repository, until=end_of(edition))
            return (yield from edition_items(holdings, self._addresses, edition, self._settings.packages))
        return (yield from self._current_items(repository, self._bases_of(task), before))

    def _bases_of(self, task: Task) -> RepositoryBases:
        return decode_bases(must_read(self._cache, task.bases)) if task.bases else NO_BASES

    def _current_items(
        self, repository: Repository, bases: RepositoryBases, before: bytes
    ) -> Generator[Item, None, bytes]:
        holdings = self._archive.load(repository)
        known = msgspec.msgpack.decode(before, type=TaskResult).known if before else KnownResults()
        histories = Histories(holdings, known, names_packages=bool(self._settings.packages))
        context = RepositoryContext(
            histories, self._addresses, badges=self._settings.badges, bases=bases, packages=self._settings.packages
        )
        yield from iter_repository_items(context)
        feeds = Feeds(histories, context.releases, context.address, site_url=self._settings.url)
        links = {tag: context.history_address(tag).partition("#")[0] for tag in histories.changes}
        for tag, address in context.tag_addresses.items():
            yield msgspec.structs.replace(feeds.of_tag(tag, address, links[tag]), rank=context.rank(tag))
        entries = feeds.entries(links)
        yield feeds.of_image(entries)
        yield from iter_data_files(_data_assets(context), plain=self._settings.plain_data)
        return msgspec.msgpack.encode(_result(context, entries))

    @cached_property
    def looks(self) -> Looks:
        """When the archive last looked at these repositories."""
        return last_looks(self._archive.root, self._names)

    @property
    def finish_key(self) -> bytes:
        """Covers what `finish` reads beside the summaries and the settings."""
        return msgspec.msgpack.encode(self.looks)

    def finish(
        self, summaries: Mapping[str, bytes], settings: SiteSettings = DEFAULTS, left_out: LeftOut | None = None
    ) -> Iterator[Item]:
        """As `finish_pages`."""
        return finish_pages(self.looks, summaries, settings, left_out)


def finish_pages(
    looks: Looks,
    summaries: Mapping[str, bytes],
    settings: SiteSettings = DEFAULTS,
    left_out: LeftOut | None = None,
) -> Iterator[Item]:
    """Home, the site's feed, the look-up indexes, the descriptions of the JSON, the home pages of editions.

    Args:
        looks: at the repositories.
        summaries: of the tasks, sorted by name.
        settings: those of the site.
        left_out: what the site leaves out to stay within its limits.
    """
    of_editions: dict[str, dict[str, bytes]] = {edition: {} for edition in settings.editions}
    found = []
    known_until = {}
    for name, summary in summaries.items():
        if edition := edition_of(name):
            of_editions[edition][name] = summary
        else:
            found.append(msgspec.msgpack.decode(summary, type=RepositorySummary))
            known_until[name] = found[-1].home.known_until
    yield visits_asset(known_until, looks)
    found.sort(key=lambda summary: summary.home.row.image)
    yield HOME.page([summary.home for summary in found], settings.editions, left_out)
    yield site_feed((entry for summary in found for entry in summary.entries), site_url=settings.url)
    exceptions = {name: address for summary in found for name, address in summary.exceptions.items()}
    version_digits, versions = version_assets(use for summary in found for use in summary.versions)
    names = [summary.names for summary in found]
    yield names_asset(names, exceptions, version_digits=version_digits, left_out=left_out)
    yield from iter_data_files(versions, plain=settings.plain_data)
    yield from _package_items(found, settings)
    digests = iter_digest_assets({summary.home.row.image: summary.digests for summary in found})
    yield from iter_data_files(digests, plain=settings.plain_data)
    yield schema_asset()
    yield openapi_asset(plain_data=settings.plain_data)
    yield from finish_editions(of_editions)


def _key(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _data_assets(context: RepositoryContext) -> Iterator[Asset]:
    """What programs read of a repository: its objects, its package lists, and the states of its tags by date."""
    histories = context.histories
    holdings = histories.holdings
    uses = Uses(holdings, {tag: histories.periods[tag] for tag in holdings.tags}, context.exceptions)
    lists = context.package_lists
    for number, content in enumerate(iter_chunk_files(histories.store, uses, lists)):
        yield Asset(path=objects_path(context.address, number), content=content)
    for number, content in enumerate(lists.iter_files()):
        yield Asset(path=package_lists_path(context.address, number), content=content)
    yield states_asset(histories, context.address)


def _package_items(summaries: Sequence[RepositorySummary], settings: SiteSettings) -> Iterator[Item]:
    """The pages of source packages, and the look-up of all packages."""
    uses = join_uses(
        (one.home.row.image, msgspec.msgpack.decode(one.packages, type=list[SourceUse])) for one in summaries
    )
    images = {one.home.row.image: one.home.row.address for one in summaries}
    exceptions = {name: address for one in summaries for name, address in one.exceptions.items()}
    yield from PACKAGE.pages(uses, images, exceptions)
    yield from iter_data_files(iter_package_assets(uses), plain=settings.plain_data)


def _result(context: RepositoryContext, entries: Sequence[Entry]) -> TaskResult:
    last = {tag: context.histories.changes[tag][-1].period for tag in context.gone_tags}
    digests = pack_digests(context.histories.store.iter_digests())
    return TaskResult(
        home=HOME.summary(context, count_digests(digests)),
        names=NameEntry(
            name=context.image,
            address=context.address,
            tags=" ".join(context.live_tags),
            gone=" ".join(context.gone_tags),
            missing=" ".join(tag for tag, period in last.items() if period.gone == "missing"),
            unreadable=" ".join(tag for tag, period in last.items() if period.is_unreadable),
        ),
        exceptions={f"{context.image}:{tag}": address for tag, address in context.exceptions.items()},
        digests=digests,
        packages=msgspec.msgpack.encode(source_uses(context) if context.packages else []),
        versions=version_uses(context),
        entries=tuple(entries),
        known=context.histories.results,
    )
