"""Invented archives, written through the archive's own writer."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import msgspec

from collector.archive.facts import ObservationFact
from collector.archive.store import Archive
from collector.archive.writer import RepositoryWriter
from collector.configuration import SiteSettings
from collector.model.images import OCI_INDEX, Gone, Image, State
from collector.model.references import parse_repository
from collector.model.times import Time
from collector.pages.addresses import twin_path
from collector.pages.data_files import SUFFIX
from collector.pages.documents import AnyAsset, Item, Redirect
from collector.pages.markdown_templates import render_redirect
from collector.pages.site_pages import DEFAULTS, SitePages
from collector.site.outputs import WithResult
from tests.diff.builders import DAY, named


def day(number: int) -> Time:
    """The beginning of a day in January 2024."""
    return Time(f"2024-01-{number:02}T00:00:00Z")


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """One observation; with neither state nor gone it could not be understood."""

    tag: str
    time: Time = DAY
    state: State | None = None
    gone: Gone | None = None
    rehearsed: bool = False


def index_of(*images: Image, name: str = "index") -> State:
    return State(digest=named(name), media_type=OCI_INDEX, all_images=images)


def alone(image: Image) -> State:
    """A tag that points at a manifest without an index."""
    return State(digest=image.manifest, media_type=image.media_type, all_images=(image,))


def write_archive(root: Path, /, **repositories: list[Seen]) -> Path:
    """An archive with these repositories, by familiar name. Adds to one that is there."""
    archive = Archive(root, create=True)
    with archive.writing():
        for name, observations in repositories.items():
            writer = archive.writer(parse_repository(name))
            for seen in observations:
                if seen.state:
                    _add_state(writer, seen.time, seen.state)
                digest = seen.state.digest if seen.state else None
                writer.observe(
                    ObservationFact(
                        tag=seen.tag,
                        time=seen.time,
                        source="made up",
                        digest=digest,
                        gone=seen.gone,
                        rehearsed=seen.rehearsed,
                    )
                )
            writer.flush()
    return root


def _add_state(writer: RepositoryWriter, seen: Time, state: State) -> None:
    for image in state.all_images:
        for layer in image.layers:
            writer.add_layer(seen, layer)
        writer.add_config(seen, image.config)
        layers = tuple(layer.digest for layer in image.layers)
        writer.add_manifest(seen, image.manifest, image.media_type, image.config.digest, layers)
    if state.is_index:
        members = tuple((image.manifest, image.platform) for image in state.all_images)
        writer.add_index(seen, state.digest, state.media_type, members)


def iter_items(archive: Path, settings: SiteSettings = DEFAULTS) -> Iterator[Item]:
    """All items that `pages` makes from an archive for `site`; the files that only programs read are not compressed."""
    for item in iter_published(archive, msgspec.structs.replace(settings, plain_data=True)):
        if not (isinstance(item, AnyAsset) and item.path.endswith(SUFFIX)):
            yield item


def iter_published(archive: Path, settings: SiteSettings = DEFAULTS) -> Iterator[Item]:
    """All items as they are published."""
    pages = SitePages(archive, settings)
    summaries = {}
    for task in pages.plan():
        items = WithResult(pages.run(task))
        yield from items
        summaries[task.name] = items.result
    yield from pages.finish(dict(sorted(summaries.items())), settings)


def files_of(items: Iterator[Item]) -> Iterator[tuple[str, bytes]]:
    """Path and content of everything that is published, the HTML as its Markdown."""
    for item in items:
        if isinstance(item, AnyAsset):
            yield item.path, item.content
        else:
            text = render_redirect(item) if isinstance(item, Redirect) else item.markdown
            yield f"{item.address}index.html", text.encode()
            if item.twin:
                yield twin_path(item.address), item.twin


def hash_of(archive: Path) -> str:
    """The hash of all paths and contents of a site's items, in their order."""
    found = hashlib.sha256()
    for path, content in files_of(iter_items(archive)):
        found.update(f"{path}\0{len(content)}\0".encode() + content)
    return found.hexdigest()
