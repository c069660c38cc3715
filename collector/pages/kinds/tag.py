"""The page of a tag: its current state or, if it is gone, its last state."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from collector.diff.changes import ReasonCode
from collector.model.digests import Digest
from collector.model.images import Artifact, PublishedGone, State, published_gone
from collector.model.platforms import platform_slug
from collector.model.times import Time
from collector.pages.badges import badge_assets
from collector.pages.base_rows import BaseRow, DependentRow
from collector.pages.change_rows import ChangeRow
from collector.pages.current_version import CurrentVersion, current_version
from collector.pages.documents import Asset, Document, Item
from collector.pages.histories import ReleaseChange
from collector.pages.kinds.kind import Kind, PublishedFile, View
from collector.pages.markdown_templates import PageContext, comparison_key
from collector.pages.platform_history import arrival_codes, trace_platforms
from collector.pages.release_rows import ReleaseRow, ShownRelease
from collector.pages.repository_context import RepositoryContext, attestation_rows, bounded_annotations
from collector.releases.version_spans import variable_of

_MAIN_PLATFORM = "linux-amd64"
_MAX_RELEASES = 5
"""The number of releases on a tag's page whose history has a page of its own."""
_MAX_DRAWN = 8
"""The number of releases in the timeline of such a page."""
_MAX_PLATFORMS = 3
"""The number of platforms that are named beside a base."""


class HubRow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What Docker Hub's own API says of a tag."""

    time: Time
    """When the data was read."""
    pushed: Time | None = None
    """When the tag was last pushed, perhaps without a change."""
    status: str = ""
    """`active` or `inactive`."""


class PlatformRow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One platform of a tag."""

    platform: str
    slug: str
    address: str | None = None
    """The address of the image's page; None if the tag is gone: then the digest leads to the image."""
    manifest: Digest
    config: Digest
    """The Image ID."""
    size: int
    created: Time | None
    layers: int
    since: Time | None = None
    """When the tag got this image on this platform."""
    reasons: tuple[ReasonCode, ...] = ()
    """The reasons of that change."""
    attestations: int = 0
    """The number of attestation manifests that describe this image."""


class TagView(View, frozen=True, kw_only=True, omit_defaults=True, tag="tag"):
    """The current state of a tag."""

    image: str
    tag: str
    digest: Digest | None
    """The digest at which the tag points or, if it is gone, at which it pointed last."""
    media_type: str | None
    gone: PublishedGone | None
    is_unreadable: bool
    is_partial: bool
    """Whether the archive lacks a part of the current state. The platforms are then those of the last complete one."""
    since: Time
    """When the current state began."""
    first_seen: Time
    states: int
    """The number of states that the tag had; one that came back counts again."""
    aliases: tuple[str, ...]
    """Tags that point at the same digest now."""
    relatives: tuple[str, ...]
    """Tags that share images with this one, in another index."""
    platforms: tuple[PlatformRow, ...]
    attestations: int
    change: ChangeRow
    """The newest change."""
    release: ReleaseRow
    """The newest release."""
    releases: int
    """The number of releases."""
    history: str
    """The address of the history, which has all changes."""
    version: CurrentVersion | None = None
    """The version in an environment variable of the main platform's image; left out if no variable names one."""
    artifacts: tuple[Artifact, ...] = ()
    """The parts of the state that belong to no image."""
    absent: tuple[Digest, ...] = ()
    """Manifests that the index names but the registry did not have."""
    unread: tuple[str, ...] = ()
    """Platforms whose section on the repo-info page could not be read."""
    annotations: tuple[tuple[str, str], ...] = ()
    """The annotations of the index: the first 200, each cut to 8,000 characters."""
    hub: HubRow | None = None
    bases: tuple[BaseRow, ...] = ()
    """The images that it was built on."""
    built_on: tuple[DependentRow, ...] = ()
    """The images that are built on a state of this tag; those with the most tags now come first."""
    is_rehearsed: bool = False
    """Whether the times of some states were given to try out a history."""


class TagContext(PageContext, frozen=True, kw_only=True):
    """What the template receives beside its view."""

    releases: tuple[ShownRelease, ...] = ()
    """The part of the history that the page shows."""
    current: ShownRelease | None = None
    """The newest release."""
    newest: ReleaseChange | None = None
    """The change that is shown in full."""
    timeline: str = ""
    """The releases and platforms over time, as the site draws them."""

    @property
    def key(self) -> tuple[object, ...]:
        return *super().key, self.releases, self.current, comparison_key(self.newest), self.timeline


def _tag_view(context: RepositoryContext, tag: str) -> TagView:
    histories = context.histories
    changes = histories.changes[tag]
    now = changes[-1].period
    found = histories.last_state(tag)
    state = found[1] if found else None
    aliases = histories.aliases.get(now.digest, ()) if now.digest else ()
    group = histories.group_of.get(tag, ())
    return TagView(
        address=context.tag_addresses[tag],
        image=context.image,
        tag=tag,
        digest=now.digest or (found[0].period.digest if found else None),
        media_type=state.media_type if state else None,
        gone=published_gone(now.gone),
        is_unreadable=now.is_unreadable,
        is_partial=now.digest is not None and histories.state(now.digest) is None,
        since=now.since,
        first_seen=changes[0].period.since,
        states=len(changes),
        aliases=tuple(other for other in aliases if other != tag),
        relatives=tuple(other for other in group if other != tag and other not in aliases),
        platforms=tuple(_platform_rows(context, tag, state)) if state else (),
        attestations=len(state.attestations) if state else 0,
        change=context.rows.row(changes[-1]),
        release=context.releases.row(tag, histories.releases(tag)[-1]),
        releases=len(histories.releases(tag)),
        history=context.history_page(tag),
        version=_version(context, tag, state),
        artifacts=state.artifacts if state else (),
        absent=state.absent if state else (),
        unread=tuple(map(str, state.unread)) if state else (),
        annotations=bounded_annotations(state.annotations) if state else (),
        hub=_hub_row(context, tag),
        bases=context.bases_of((histories.images(state.digest) or {}).items()) if state else (),
        built_on=context.built_on(tag),
        is_rehearsed=context.is_rehearsed(tag),
    )


def _version(context: RepositoryContext, tag: str, state: State | None) -> CurrentVersion | None:
    images = state.images if state else ()
    first = next(iter(images), None)
    main = next((image for image in images if platform_slug(image.platform) == _MAIN_PLATFORM), first)
    return current_version(context.image, main.config, context.histories.releases(tag)) if main else None


def _version_name(version: CurrentVersion, image: str) -> str:
    """`python 3.6.4`; with the name of the variable if the image has another name."""
    name = image.rpartition("/")[2]
    is_own = version.variable == variable_of(image)
    return f"{name if is_own else version.variable} {version.value}"


def _fates(release: ReleaseRow, platforms: Sequence[PlatformRow]) -> dict[str, str]:
    """Slug → whether the platform has the newest release (`yes`, `to follow`, `skipped`); empty if all have it."""
    fates = dict.fromkeys(release.to_follow, "to follow") | dict.fromkeys(release.skipped, "skipped")
    if not any(row.slug in fates for row in platforms):
        return {}
    return {row.slug: fates.get(row.slug, "yes" if row.slug in release.arrived else "") for row in platforms}


def _platform_rows(context: RepositoryContext, tag: str, state: State) -> Iterator[PlatformRow]:
    attestations = attestation_rows(state)
    is_live = context.histories.is_live(tag)
    since = trace_platforms(context.histories.changes[tag], context.histories.images)
    manifests = {image.manifest for image in state.images}
    reasons = {
        arrival.manifest: arrival_codes(arrival, release.cause)
        for release in context.histories.releases(tag)
        for arrival in release.arrivals
        if arrival.manifest in manifests
    }
    for image, slug in zip(state.images, state.slugs, strict=True):
        first = context.tags_of_image[image.manifest, slug][0] if is_live else tag
        yield PlatformRow(
            platform=str(image.platform),
            slug=slug,
            address=context.platform_address(first, slug) if is_live else None,
            manifest=image.manifest,
            config=image.config.digest,
            size=image.size,
            created=image.config.created,
            layers=len(image.layers),
            since=since[slug].time,
            reasons=reasons.get(image.manifest, since[slug].reasons),
            attestations=len(attestations[image.manifest]),
        )


def _hub_row(context: RepositoryContext, tag: str) -> HubRow | None:
    fact = context.histories.holdings.hub.get(tag)
    return HubRow(time=fact.time, pushed=fact.pushed, status=fact.status) if fact else None


def _timeline(context: RepositoryContext, tag: str) -> str:
    """The timeline on the tag's page; empty for a gone tag: its history has one."""
    if not context.histories.is_live(tag):
        return ""
    return (
        context.timelines.lines(tag) if context.is_short(tag) else context.timelines.lines(tag, "history/", _MAX_DRAWN)
    )


def _description(view: TagView) -> str:
    if view.gone and not view.digest:
        return f"{view.image}:{view.tag} did not exist at any check since {view.first_seen[:10]}."
    if view.gone:
        return f"{view.image}:{view.tag} has been gone since {view.since[:10]}; its last state and its history."
    summary = view.release.summary or view.change.summary
    since = view.release.since or view.since
    return f"{view.image}:{view.tag}, {since[:10]}: {summary}. Its digests, and every release."


def _platform_names(view: TagView, slugs: Sequence[str]) -> str:
    """The names of the first three platforms, and how many more there are."""
    names = {row.slug: row.platform for row in view.platforms}
    more = f" and {len(slugs) - _MAX_PLATFORMS} more" if len(slugs) > _MAX_PLATFORMS else ""
    return ", ".join(names[slug] for slug in slugs[:_MAX_PLATFORMS]) + more


def _from_tag(row: PlatformRow, view: TagView) -> str:
    """The query that names this tag, for links to a platform's page below another tag with the same image."""
    is_own = row.address == f"{view.address}{row.slug}/"
    return "" if is_own else f"?of={view.tag}"


def _badges(view: TagView) -> Iterator[Asset]:
    main = next((row for row in view.platforms if row.slug == _MAIN_PLATFORM), next(iter(view.platforms), None))
    return badge_assets(
        view.address,
        f"{view.image}:{view.tag}",
        size=main.size if main else view.artifacts[0].size if view.artifacts else None,
        layers=main.layers if main else None,
        released=view.release.since or view.since,
        platforms=[row.platform for row in view.platforms],
    )


class TagKind(Kind):
    """The page of a tag, and its badges if the settings ask for them."""

    name = "tag"
    views = (TagView,)
    files = (
        PublishedFile(
            "/api/v1/repos/{image}/{tag}.json",
            "tag",
            "The current state of a tag or, if it is gone, its last state.",
            "TagView",
        ),
    )

    filters = {"from_tag": _from_tag, "platform_names": _platform_names, "version_name": _version_name, "fates": _fates}  # noqa: RUF012

    def tag_items(self, context: RepositoryContext, tag: str) -> Iterator[Item]:
        """The page of the tag and other files; in an edition only the page, without the history."""
        view = _tag_view(context, tag)
        if context.badges and not view.gone:
            yield from _badges(view)
        yield self._page(view, context, tag)

    def _page(self, view: TagView, context: RepositoryContext, tag: str) -> Document:
        shared = msgspec.structs.asdict(context.page_context)
        page_context = TagContext(**shared)
        if not context.edition:
            releases = context.histories.releases(tag)
            is_short = context.is_short(tag)
            found = releases[::-1] if is_short else releases[: -_MAX_RELEASES - 1 : -1]
            shown = context.releases.shown(tag, found, with_states=is_short)
            page_context = TagContext(
                **shared,
                releases=shown,
                current=shown[0],
                newest=context.newest_comparison(tag) if is_short else None,
                timeline=_timeline(context, tag),
            )
        current = context.current_address(tag)
        return self.document(view, f"{view.image}:{tag}", _description(view), view.since, page_context, current=current)


TAG = TagKind()
