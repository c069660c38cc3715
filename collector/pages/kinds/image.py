"""The page of an image: its tags, grouped by what they contain, and the latest releases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import msgspec

from collector.diff.changes import ReasonCode
from collector.model.images import PublishedGone, published_gone
from collector.model.platforms import normalized
from collector.model.references import original_of, parse_repository
from collector.model.sizes import render_short_size
from collector.model.times import Time
from collector.pages.base_rows import DependentRow
from collector.pages.documents import Document
from collector.pages.image_metadata import artifact_name
from collector.pages.kinds.kind import Kind, PublishedFile, View
from collector.pages.markdown_templates import PageContext
from collector.pages.past_year import PastYear, past_year
from collector.pages.release_rows import ImageReleaseRow
from collector.pages.repository_context import RepositoryContext
from collector.releases import Release

MAX_ROWS = 250
"""The number of tags in one part of a long list, including gone ones."""
_MAX_RELEASES = 20
_MAX_COLUMNS = 10
"""The number of platforms whose columns fit on a screen."""
_FIRST_COLUMNS = ("amd64", "arm64/v8")
"""The platforms that most readers look for."""


class GroupRow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Tags that share an image."""

    tags: tuple[str, ...]
    """The most specific first."""
    platforms: dict[str, int]
    """Platform → size."""
    size: int
    """The size of the first platform, or of the artifact."""
    since: Time
    """When it changed last."""
    release: Time | None = None
    """When its newest release began, if that was before `since`."""
    reasons: tuple[ReasonCode, ...]
    """The reasons of the newest release."""
    artifact: str = ""
    """The kind of artifact, if the tags point at no image."""


class GoneRow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A tag that is gone."""

    tag: str
    since: Time
    gone: PublishedGone | None
    never_seen: bool = False
    """Whether no check ever found it."""


class ImageView(View, frozen=True, kw_only=True, omit_defaults=True, tag="image"):
    """One image: its tags, grouped, and the latest releases."""

    image: str
    repository: str
    """The full name."""
    first_seen: Time
    updated: Time
    groups: tuple[GroupRow, ...]
    gone: tuple[GoneRow, ...]
    changes: tuple[ImageReleaseRow, ...]
    """The latest releases, newest first."""
    tags: int
    """The number of live tags."""
    images: int
    """The number of different images that they point at."""
    tags_gone: int
    """The number of gone tags, including those that are no longer followed."""
    not_followed: int = 0
    """The number of gone tags that the archive's source no longer follows; the registry may still have them."""
    unreadable: int = 0
    """The number of gone tags whose newest page could not be read."""
    never_seen: int = 0
    """The number of gone tags that no check ever found."""
    exceptions: dict[str, str]
    """The addresses of tags whose page is not at `<address of the image><tag>/`."""
    built_on: tuple[DependentRow, ...] = ()
    """The images that are built on its tags, those with the most tags now first."""
    is_rehearsed: bool = False
    """Whether the times of some states were given to try out a history."""
    part: int = 1
    """The number of this part. An image with very many tags has several; the first has the latest releases."""
    more: str | None = None
    """The address of the next part; null in the last."""


class ImageContext(PageContext, frozen=True, kw_only=True):
    """What the template receives beside its view."""

    year: PastYear

    @property
    def key(self) -> tuple[object, ...]:
        return *super().key, self.year


def image_view(context: RepositoryContext) -> ImageView:
    """The whole image, with all its tags."""
    changes = context.histories.changes
    groups = context.histories.groups
    last = {tag: changes[tag][-1].period for tag in context.gone_tags}
    never_seen = {tag for tag in last if all(change.period.gone for change in changes[tag])}
    return ImageView(
        address=context.address,
        image=context.image,
        repository=context.repository.name,
        first_seen=context.first_seen,
        updated=context.updated,
        groups=tuple(_group_row(context, group) for group in groups),
        gone=tuple(
            GoneRow(tag=tag, since=period.since, gone=published_gone(period.gone), never_seen=tag in never_seen)
            for tag, period in last.items()
        ),
        changes=context.latest_releases(_MAX_RELEASES),
        tags=len(context.live_tags),
        images=len(groups),
        tags_gone=len(context.gone_tags),
        not_followed=sum(period.gone == "removed" for tag, period in last.items() if tag not in never_seen),
        never_seen=len(never_seen),
        unreadable=sum(period.is_unreadable for period in last.values()),
        exceptions=context.exceptions,
        built_on=context.built_on(),
        is_rehearsed=any(map(context.is_rehearsed, changes)),
    )


def _group_row(context: RepositoryContext, group: tuple[str, ...]) -> GroupRow:
    found = [context.histories.last_state(tag) for tag in group]
    images = [image for one in found if one for image in one[1].images]
    artifacts = [artifact for one in found if one for artifact in one[1].artifacts] if not images else []
    sizes: dict[str, int] = {}
    for image in images:
        sizes.setdefault(str(normalized(image.platform)), image.size)
    newest = max((context.histories.releases(tag)[-1] for tag in group), key=_newness)
    return GroupRow(
        tags=group,
        platforms=sizes,
        size=images[0].size if images else artifacts[0].size if artifacts else 0,
        since=newest.updated,
        release=newest.since if newest.since != newest.updated else None,
        reasons=tuple(dict.fromkeys(reason.code for reason in newest.reasons)),
        artifact=artifacts[0].kind if artifacts else "",
    )


def _newness(release: Release) -> tuple[Time, bool]:
    """A sort key: the time, then whether there was another image before, because "first seen" tells nothing."""
    return release.updated, release.cause != "first-seen"


def _split(image: ImageView) -> Iterator[ImageView]:
    """The parts of a long list of tags, so that no page is too long to load."""
    rows = len(image.groups) + len(image.gone)
    parts = max(1, -(-rows // MAX_ROWS))
    for part in range(1, parts + 1):
        first, last = (part - 1) * MAX_ROWS, part * MAX_ROWS
        yield msgspec.structs.replace(
            image,
            address=image.address if part == 1 else _part_address(image, part),
            groups=image.groups[first:last],
            gone=image.gone[max(0, first - len(image.groups)) : max(0, last - len(image.groups))],
            changes=image.changes if part == 1 else (),
            exceptions=image.exceptions if part == 1 else {},
            built_on=image.built_on if part == 1 else (),
            part=part,
            more=_part_address(image, part + 1) if part < parts else None,
        )


def _part_address(image: ImageView, part: int) -> str:
    # No tag begins with a hyphen. `-2` alone would make the twin of `owner/objects` a file of the objects of `owner`.
    return f"{image.address}-tags-{part}/"


def platform_columns(groups: Sequence[GroupRow]) -> tuple[str, ...]:
    """The columns of a table of tags: the platforms of most interest first, then those that most tags have."""
    counts = Counter(name for group in groups for name in {short_name(platform) for platform in group.platforms})
    if any(group.artifact for group in groups):
        counts["artifact"] = 1
    ordered = sorted(counts, key=lambda name: (name not in _FIRST_COLUMNS, -counts[name], name))
    return tuple(ordered[:_MAX_COLUMNS])


def platform_cells(group: GroupRow, columns: Sequence[str]) -> list[str]:
    """The text of each column: a size, the kind of an artifact, or nothing."""
    sizes = {short_name(platform): render_short_size(size) for platform, size in reversed(group.platforms.items())}
    if group.artifact:
        sizes["artifact"] = f"{artifact_name(group.artifact)}, {render_short_size(group.size)}"
    return [sizes.get(name, "") for name in columns]


def default_tag(groups: Sequence[GroupRow]) -> str | None:
    """The tag in the page's pull command: `latest` if there is one, else the first."""
    tags = [tag for group in groups if not group.artifact for tag in group.tags]
    return "latest" if "latest" in tags else next(iter(tags), None)


def short_name(platform: str) -> str:
    """`arm64/v8` for `linux/arm64/v8`; only the system for others, as `windows`."""
    system, _, rest = platform.partition("/")
    return rest.partition(" ")[0] if system == "linux" and rest else system


def _original(view: ImageView) -> str:
    """The image on Docker Hub that this one is a copy of; empty if it is no copy."""
    return str(original_of(parse_repository(view.repository)) or "")


def _absences(view: ImageView) -> Iterator[str]:
    """`3 tags removed from the registry`, `12 tags no longer followed`."""
    counts = {
        "removed from the registry": view.tags_gone - view.not_followed - view.unreadable - view.never_seen,
        "no longer followed": view.not_followed,
        "that could not be read": view.unreadable,
        "never found": view.never_seen,
    }
    for words, count in counts.items():
        if count:
            yield f"{count:,} {'tags' if count > 1 else 'tag'} {words}"


def _gone_words(row: GoneRow) -> str:
    if row.never_seen:
        return "never found"
    if row.gone is None:
        return "could not be read"
    return "no longer followed" if row.gone == "not-followed" else "removed from the registry"


class ImageKind(Kind):
    """The page of an image, and further pages if it has very many tags."""

    name = "image"
    views = (ImageView,)
    files = (
        PublishedFile(
            "/api/v1/repos/{image}.json", "image", "An image: its tags, grouped, and its latest changes.", "ImageView"
        ),
        PublishedFile(
            "/api/v1/repos/{image}/-tags-{part}.json",
            "moreTags",
            "Further tags of an image with very many.",
            "ImageView",
        ),
    )
    filters = {  # noqa: RUF012
        "columns": platform_columns,
        "cells": platform_cells,
        "default_tag": default_tag,
        "original": _original,
        "absences": _absences,
        "gone": _gone_words,
    }

    def image_items(self, context: RepositoryContext) -> Iterator[Document]:
        """The parts in order."""
        current = context.current_address()
        year = past_year(context.histories, context.histories.holdings.known_until)
        shared = msgspec.structs.asdict(context.page_context)
        for view in _split(image_view(context)):
            title = f"{view.image}: tags and their history{f', part {view.part}' if view.part > 1 else ''}"
            about = f"The {view.tags} tags of the container image {view.image}: what they point at, and every change."
            yield self.document(view, title, about, view.updated, ImageContext(**shared, year=year), current=current)


IMAGE = ImageKind()
