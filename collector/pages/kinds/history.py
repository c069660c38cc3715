"""The page of a tag's history: every release, and below each its states with the changes that led to them."""

from __future__ import annotations

from collections.abc import Iterator

from collector.diff.changes import ReasonCode
from collector.model.platforms import Platform
from collector.model.times import Time
from collector.pages.change_rows import ChangeRow
from collector.pages.documents import Item, Redirect
from collector.pages.histories import ReleaseChange
from collector.pages.kinds.kind import Kind, PublishedFile, View, encode_twin
from collector.pages.left_out import HISTORIES
from collector.pages.markdown_templates import PageContext, comparison_key
from collector.pages.reason_text import reason_name
from collector.pages.release_rows import ReleaseRow, ShownRelease
from collector.pages.repository_context import RepositoryContext
from collector.releases import Release
from collector.releases.history_parts import history_parts

_MIN_RELEASES_OF_GONE = 12
"""A gone tag with fewer releases has no timeline: most tags of an old archive are gone, and few read their pages."""


class HistoryView(View, frozen=True, kw_only=True, omit_defaults=True, tag="history"):
    """Every release and every state of a tag, newest first; or a part of a very long history."""

    image: str
    tag: str
    tag_address: str
    image_address: str
    states: int
    """The number of states up to the newest one here."""
    first_seen: Time
    older: str | None = None
    """The address of the next older part; None for the oldest."""
    changes: tuple[ChangeRow, ...]
    releases: tuple[ReleaseRow, ...]
    """The releases that begin with one of these states, newest first."""
    reason_names: dict[ReasonCode, str]
    """The names of the reasons in tables."""
    platform_names: dict[str, str]
    """The slug of each platform in these releases and changes → its name."""
    is_rehearsed: bool = False
    """Whether the times of some states were given to try out a history."""


class HistoryContext(PageContext, frozen=True, kw_only=True):
    """What the template receives beside its view."""

    releases: tuple[ShownRelease, ...] = ()
    """The releases of the view, in the form in which they are shown."""
    can_compare: bool = False
    """Whether the tag points at something that other states can be compared with; false on older parts."""
    total: int = 0
    """The number of releases up to the newest one here."""
    newest: ReleaseChange | None = None
    """The change that is shown in full."""
    timeline: str = ""
    """The releases and platforms over time, as the site draws them; empty on older parts."""

    @property
    def key(self) -> tuple[object, ...]:
        return *super().key, self.releases, self.can_compare, self.total, comparison_key(self.newest), self.timeline


def _iter_parts(context: RepositoryContext, tag: str) -> Iterator[tuple[HistoryView, list[Release]]]:
    """The newest states and releases, then the older parts of a very long history."""
    changes, releases = context.histories.changes[tag], context.histories.releases(tag)
    address, parts = context.history_page(tag), history_parts(len(changes))
    for part, numbers in reversed(list(enumerate(parts))):
        found = [release for release in reversed(releases) if release.states[0] in numbers]
        rows = context.change_rows(reversed(changes[numbers.start : numbers.stop]))
        folded = tuple(context.releases.row(tag, release) for release in found)
        codes = {code for row in rows for code in row.reasons} | {code for row in folded for code in row.reasons}
        slugs = {slug for row in rows for slug in row.platforms} | {slug for row in folded for slug in _slugs(row)}
        view = HistoryView(
            address=address if numbers is parts[-1] else f"{address}{part + 1}/",
            image=context.image,
            tag=tag,
            tag_address=context.tag_addresses[tag],
            image_address=context.address,
            states=numbers.stop,
            first_seen=changes[0].period.since,
            older=f"{address}{part}/" if part else None,
            changes=rows,
            releases=folded,
            reason_names={code: reason_name(code) for code in sorted(codes)},
            platform_names=_platform_names(context, tag, slugs),
            is_rehearsed=any(row.is_rehearsed for row in rows),
        )
        yield view, found


def _slugs(row: ReleaseRow) -> Iterator[str]:
    """The slugs of the platforms that a release names."""
    yield from (*row.arrived, *row.to_follow, *row.skipped, *row.dropped, *row.returned)
    yield from (slug for base in row.bases for slug in base.platforms)


def _platform_names(context: RepositoryContext, tag: str, slugs: set[str]) -> dict[str, str]:
    """Slug → the platform as the newest state that has it spells it."""
    platforms: dict[str, Platform] = {}
    for change in reversed(context.histories.changes[tag]):
        if len(platforms) == len(slugs):
            break
        images = context.histories.images(change.period.digest) or {}
        platforms = {slug: images[slug].platform for slug in images.keys() & slugs} | platforms
    return {slug: str(platforms[slug]) for slug in sorted(platforms)}


def _timeline(context: RepositoryContext, tag: str) -> str:
    is_worth_it = context.histories.is_live(tag) or len(context.histories.releases(tag)) >= _MIN_RELEASES_OF_GONE
    return context.timelines.lines(tag) if is_worth_it else ""


class HistoryKind(Kind):
    """A page for each part of a history. A short history is on the tag's page; its own address redirects there."""

    name = "history"
    views = (HistoryView,)
    files = (
        PublishedFile(
            "/api/v1/repos/{image}/{tag}/history.json",
            "history",
            "Every release and every state of a tag, newest first, with the change that led to it.",
            "HistoryView",
        ),
        PublishedFile(
            "/api/v1/repos/{image}/{tag}/history/{part}.json",
            "olderHistory",
            "An older part of a very long history.",
            "HistoryView",
        ),
    )

    def tag_items(self, context: RepositoryContext, tag: str) -> Iterator[Item]:
        """The parts, newest first. Editions have none: histories belong to the current site."""
        if context.edition:
            return
        name = f"{context.image}:{tag}"
        title = f"History of {name}"
        newest = context.newest_comparison(tag)
        for view, releases in _iter_parts(context, tag):
            if context.is_short(tag):
                yield Redirect(
                    address=view.address, to=context.history_address(tag), title=title, twin=encode_twin(view)
                )
                continue
            about = f"Every release of {name} since {view.first_seen[:10]}, with what changed and why."
            is_newest = view.address == context.history_page(tag)
            page_context = HistoryContext(
                releases=context.releases.shown(tag, releases),
                can_compare=is_newest and context.histories.is_live(tag),
                total=sum(release.states[0] < view.states for release in context.histories.releases(tag)),
                newest=newest if is_newest else None,
                timeline=_timeline(context, tag) if is_newest else "",
            )
            updated = context.histories.changes[tag][-1].period.since
            yield self.document(view, title, about, updated, page_context, rank=HISTORIES)


HISTORY = HistoryKind()
