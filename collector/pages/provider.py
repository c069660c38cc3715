"""All pages of an archive, in tasks that know nothing of each other: one per repository, and what needs them all."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Generator, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

import collector
from collector.archive.store import Archive
from collector.model.references import parse_repository
from collector.model.times import Time
from collector.pages.addresses import Addresses, objects_path
from collector.pages.asof import states_asset
from collector.pages.badges import badge_assets
from collector.pages.building import ViewBuilder
from collector.pages.documents import Asset, Document, Item, Lead, key_of
from collector.pages.feeds import Entry, Feeds, site_feed
from collector.pages.lookups import NameEntry, count_digests, iter_digest_assets, names_asset, pack_digests
from collector.pages.markdown import visible
from collector.pages.objects import Uses, iter_chunk_files
from collector.pages.openapi import openapi_asset
from collector.pages.options import DEFAULTS, SiteOptions
from collector.pages.parts import split_image
from collector.pages.rendering import Context, kind_of, render_view
from collector.pages.schema import schema_asset
from collector.pages.timelines import Timelines
from collector.pages.views import (
    HomeView,
    ImageChangeRow,
    ImageRow,
    ImageView,
    LeadView,
    TagView,
    Twin,
    View,
)

_CHANGES_ON_HOME = 30


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """One repository's share of the site."""

    name: str
    key: str
    """Equal keys, equal items: a hash of the journals, the addresses and the version of this program."""


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """What the site-wide pages need to know of a repository."""

    names: NameEntry
    exceptions: dict[str, str]
    row: ImageRow
    first_seen: Time
    changes: tuple[ImageChangeRow, ...]
    digests: bytes
    """As `pack_digests` packs them."""
    entries: tuple[Entry, ...]
    """For the site's feed, newest first."""


class SitePages:
    """The provider of pages for the site. Travels to worker processes by pickle."""

    def __init__(self, root: Path, options: SiteOptions = DEFAULTS) -> None:
        self._archive = Archive(root)
        self._options = options
        self._tasks = [repository.name for repository in self._archive.repositories()]
        self._addresses = Addresses(parse_repository(name) for name in options.images or self._tasks)

    def plan(self) -> Sequence[Task]:
        """One task a repository, the largest first."""
        # Which other images there are bears on the addresses alone.
        common = f"{collector.__version__}\n{msgspec.structs.replace(self._options, images=())}"
        sizes = {}
        tasks = []
        for name in self._tasks:
            repository = parse_repository(name)
            digest = hashlib.sha256(f"{common}\n{self._addresses.key(repository)}\n".encode())
            size = 0
            for content in self._archive.journal_bytes(repository):
                digest.update(content)
                size += len(content)
            sizes[name] = size
            tasks.append(Task(name=name, key=digest.hexdigest()))
        return sorted(tasks, key=lambda task: -sizes[task.name])

    def run(self, task: Task) -> Generator[Item, None, bytes]:
        """The pages and objects of one repository; returns its summary."""
        holdings = self._archive.load(parse_repository(task.name))
        timelines = Timelines(holdings)
        builder = ViewBuilder(timelines, self._addresses)
        image = builder.image()
        yield from _iter_image(image, builder)
        exceptions = image.exceptions
        feeds = Feeds(timelines, image.address, site_url=self._options.site_url)
        for tag, address in builder.addresses.items():
            yield from _iter_tag(builder, exceptions, tag, badges=self._options.badges)
            yield feeds.of_tag(tag, address, builder.told_at(tag))
        entries = feeds.entries({tag: builder.told_at(tag) for tag in timelines.moments})
        yield feeds.of_image(entries)
        uses = Uses(holdings, {tag: timelines.periods[tag] for tag in holdings.tags}, exceptions)
        for number, content in enumerate(iter_chunk_files(timelines.store, uses)):
            yield Asset(path=objects_path(image.address, number), content=content)
        yield states_asset(timelines, image.address)
        return msgspec.msgpack.encode(_summary(builder, image, exceptions, entries))

    @staticmethod
    def finish(summaries: Mapping[str, bytes], options: SiteOptions = DEFAULTS) -> Iterator[Item]:
        """Home, the site's feed, the look-up indexes, and what describes the JSON."""
        found = [msgspec.msgpack.decode(summary, type=Summary) for summary in summaries.values()]
        found.sort(key=lambda summary: summary.row.image)
        home = _home(found)
        about = f"What {len(home.images)} container images contained, and when: search by name or digest."
        yield _document(home, "Container image history", about, home.updated)
        yield site_feed((entry for summary in found for entry in summary.entries), site_url=options.site_url)
        exceptions = {name: address for summary in found for name, address in summary.exceptions.items()}
        yield names_asset([summary.names for summary in found], exceptions)
        yield from iter_digest_assets({summary.row.image: summary.digests for summary in found})
        yield schema_asset()
        yield openapi_asset()


def _iter_image(image: ImageView, builder: ViewBuilder) -> Iterator[Document]:
    """The page of an image, and where it has very many tags the further parts of their list."""
    context = Context(addresses=builder.addresses, exceptions=image.exceptions)
    for part in split_image(image):
        title = f"{image.image}: tags and their history{f', part {part.part}' if part.part > 1 else ''}"
        yield _document(part, title, _about_image(image), image.updated, context)


def _iter_tag(builder: ViewBuilder, exceptions: dict[str, str], tag: str, *, badges: bool) -> Iterator[Item]:
    view = builder.tag(tag)
    if badges and not view.gone:
        yield from badge_assets(view)
    name = f"{view.image}:{tag}"
    updated = view.since
    context = Context(addresses=builder.addresses, exceptions=exceptions)
    newest = builder.newest_difference(tag)
    of_tag = msgspec.structs.replace(
        context,
        changes=builder.changes_on_tag(tag),
        newest=newest if builder.is_short(tag) else None,
        sizes=builder.sizes(tag),
    )
    yield _document(view, name, _about_tag(view), updated, of_tag)
    for history in builder.history(tag):
        title = f"History of {name}"
        if builder.is_short(tag):
            yield Lead(address=history.address, to=builder.told_at(tag), title=title, twin=_encode(history))
        else:
            about = f"Every state of {name} since {view.first_seen[:10]}, with what changed and why."
            is_newest = history.address == view.history
            yield _document(history, title, about, updated, Context(newest=newest if is_newest else None))
    named: Counter[str] = Counter()
    for platform in builder.platforms(tag):
        if isinstance(platform, LeadView):
            yield Lead(address=platform.address, to=platform.to, title=name, twin=_encode(platform))
            continue
        named[platform.platform] += 1
        which = named[platform.platform]
        title = f"{name} on {platform.platform}{f' ({which})' if which > 1 else ''}"
        about = f"{title}: manifest {platform.manifest}, steps and layers."
        yield _document(platform, title, about, platform.since, context)


def _document(
    view: View,
    title: str,
    description: str,
    updated: Time | None,
    context: Context = Context(),  # noqa: B008 - frozen
) -> Document:
    """One page. What its Markdown is made from stands in its key: the view, as the twin has it, and all the rest."""
    twin = _encode(view)
    return Document(
        address=view.address,
        title=title,
        description=visible(description),
        kind=kind_of(view),
        key=key_of(title, description, updated, twin, context.key),
        render=lambda: render_view(view, context),
        twin=twin,
        updated=updated,
    )


def _encode(view: Twin) -> bytes:
    return msgspec.json.encode(view)


def _about_image(image: ImageView) -> str:
    return f"The {image.tags} tags of the container image {image.image}: what they point at, and every change."


def _about_tag(view: TagView) -> str:
    if view.gone and not view.digest:
        return f"{view.image}:{view.tag} was not there whenever it was looked for, since {view.first_seen[:10]}."
    if view.gone:
        return f"{view.image}:{view.tag} is gone since {view.since[:10]}; its last state and its history."
    return f"{view.image}:{view.tag} since {view.since[:10]}: {view.change.summary}. Its digests, and every change."


def _summary(builder: ViewBuilder, image: ImageView, exceptions: dict[str, str], entries: Sequence[Entry]) -> Summary:
    timelines = builder.timelines
    live = [tag for tag in timelines.moments if timelines.is_live(tag)]
    gone = [row.tag for row in image.gone]
    return Summary(
        names=NameEntry(name=image.image, address=image.address, tags=" ".join(live), gone=" ".join(gone)),
        exceptions={f"{image.image}:{tag}": address for tag, address in exceptions.items()},
        row=ImageRow(image=image.image, address=image.address, tags=len(live), gone=len(gone), updated=image.updated),
        first_seen=image.first_seen,
        changes=tuple(builder.latest_changes(_CHANGES_ON_HOME)),
        digests=pack_digests(timelines.store.iter_digests()),
        entries=tuple(entries),
    )


def _home(found: Sequence[Summary]) -> HomeView:
    changes = sorted(
        (row for summary in found for row in summary.changes), key=lambda row: (row.since, row.image), reverse=True
    )
    return HomeView(
        address="",
        images=tuple(summary.row for summary in found),
        changes=tuple(changes[:_CHANGES_ON_HOME]),
        tags=sum(summary.row.tags + summary.row.gone for summary in found),
        digests=sum(count_digests(summary.digests) for summary in found),
        first_seen=min((summary.first_seen for summary in found), default=None),
        updated=max((summary.row.updated for summary in found), default=None),
    )
