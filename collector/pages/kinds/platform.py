"""The page of one platform of a tag: its config, and its layers beside the steps that made them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import msgspec

from collector.diff.config_settings import settings_of_config
from collector.model.digests import Digest
from collector.model.images import Image, State
from collector.model.times import Time
from collector.pages.base_rows import BaseRow
from collector.pages.documents import Document, Item, Redirect
from collector.pages.histories import TagChange
from collector.pages.kinds.kind import Kind, PublishedFile, View, encode_twin
from collector.pages.package_rows import PackagesSummary, render_licence_counts, render_scanner
from collector.pages.repository_context import (
    AttestationRow,
    RepositoryContext,
    attestation_rows,
    bounded_annotations,
)
from collector.pages.step_layers import pair_steps


class LayerRow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One layer."""

    digest: Digest
    size: int
    media_type: str
    last_modified: Time | None = None
    has_size: bool = True
    """Whether the size is known."""


class StepRow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One step, and the layer that it made."""

    created: Time | None
    text: str
    layer: int | None = None
    """The place of its layer in the list of layers; null if it made none, or if that is not known."""


class PlatformView(View, frozen=True, kw_only=True, omit_defaults=True, tag="platform"):
    """One platform of a live tag.

    Tags that share an image share its page, which is below the most specific tag. The addresses below other tags
    redirect there.
    """

    image: str
    tag: str
    tag_address: str
    history: str
    platform: str
    slug: str
    is_current: bool
    since: Time
    index: Digest | None
    manifest: Digest
    media_type: str | None
    """The media type of the manifest; None if unknown."""
    config: Digest
    size: int
    created: Time | None
    """When the image was created; None if unknown."""
    docker_version: str | None
    entrypoint: tuple[str, ...] | None
    cmd: tuple[str, ...] | None
    shell: tuple[str, ...] | None
    settings: tuple[tuple[str, str, str], ...] = ()
    """The settings of the config, or those that its steps set if only a page describes it: kind (`environment`, …),
    name, value.
    """
    steps: tuple[StepRow, ...] = ()
    layers: tuple[LayerRow, ...] = ()
    aliases: tuple[str, ...]
    """Tags that have this image on this platform now."""
    annotations: tuple[tuple[str, str], ...] = ()
    """The annotations of the manifest and of its entry in the index: the first 200, each cut to 8,000 characters."""
    attestations: tuple[AttestationRow, ...] = ()
    """The attestations that describe this image."""
    base: BaseRow | None = None
    """The image that it was built on; left out if unknown."""
    packages: PackagesSummary | None = None
    """The summary of its packages; left out if they are unknown."""


class RedirectView(View, frozen=True, kw_only=True, tag="lead"):
    """Leads from a platform of a tag to the page of its image, which is below another tag."""

    to: str
    """The address of that page."""


def _iter_views(context: RepositoryContext, tag: str) -> Iterator[PlatformView | RedirectView]:
    """A view for each platform of a live tag."""
    found = context.histories.last_state(tag)
    if found is None or not context.histories.is_live(tag):
        return
    change, state = found
    attestations = attestation_rows(state)
    for image, slug in zip(state.images, state.slugs, strict=True):
        first = context.tags_of_image[image.manifest, slug][0]
        if first == tag:
            yield _platform_view(context, change, state, image, slug=slug, attestations=attestations[image.manifest])
        else:
            yield RedirectView(address=context.platform_address(tag, slug), to=context.platform_address(first, slug))
    yield from _iter_old_addresses(context, tag, state)


def _iter_old_addresses(context: RepositoryContext, tag: str, state: State) -> Iterator[RedirectView]:
    """Redirects from the spelling of platforms in an index of this tag: `linux-arm64` for `linux-arm64-v8`."""
    slugs = dict(zip(state.slugs, state.images, strict=True))
    for written, slug in context.histories.old_slugs(tag).items():
        if slug in slugs and written not in slugs:
            first = context.tags_of_image[slugs[slug].manifest, slug][0]
            yield RedirectView(address=context.platform_address(tag, written), to=context.platform_address(first, slug))


def _platform_view(
    context: RepositoryContext,
    change: TagChange,
    state: State,
    image: Image,
    *,
    slug: str,
    attestations: list[AttestationRow],
) -> PlatformView:
    tag, config = change.period.tag, image.config
    return PlatformView(
        address=context.platform_address(tag, slug),
        image=context.image,
        tag=tag,
        tag_address=context.tag_addresses[tag],
        history=context.history_page(tag),
        platform=str(image.platform),
        slug=slug,
        is_current=change is context.histories.changes[tag][-1],
        since=change.period.since,
        index=state.digest if state.is_index else None,
        manifest=image.manifest,
        media_type=image.media_type or None,
        config=config.digest,
        size=image.size,
        created=config.created,
        docker_version=config.docker_version,
        entrypoint=config.entrypoint,
        cmd=config.cmd,
        shell=config.shell,
        settings=tuple((kind, name, value) for (kind, name), value in settings_of_config(config).items()),
        steps=_step_rows(image),
        layers=_layer_rows(image),
        aliases=tuple(context.tags_of_image[image.manifest, slug][1:]),
        annotations=bounded_annotations(image.annotations),
        attestations=tuple(attestations),
        base=context.base_of(image),
        packages=context.packages_summary(image),
    )


def _step_rows(image: Image) -> tuple[StepRow, ...]:
    history = image.config.history
    places = pair_steps(history, [layer.size for layer in image.layers])
    return tuple(
        StepRow(created=step.created, text=step.text, layer=place) for step, place in zip(history, places, strict=True)
    )


def _layer_rows(image: Image) -> tuple[LayerRow, ...]:
    return tuple(
        LayerRow(
            digest=layer.digest,
            size=layer.size,
            media_type=layer.media_type,
            last_modified=layer.last_modified,
            has_size=layer.has_size,
        )
        for layer in image.layers
    )


def has_step_layers(view: PlatformView) -> bool:
    """Whether the page shows the layers beside the steps that made them."""
    return any(step.layer is not None for step in view.steps)


def _from_tag(to: str, context: RepositoryContext, tag: str) -> str:
    """Names the tag that a reader comes from, where the page is that of another tag with the same image."""
    return to if to.startswith(context.tag_addresses[tag]) else f"{to}?of={tag}"


class PlatformKind(Kind):
    """The page of each platform of a tag, or a redirect to the page of another tag."""

    name = "platform"
    views = (PlatformView, RedirectView)
    files = (
        PublishedFile(
            "/api/v1/repos/{image}/{tag}/{platform}.json",
            "platform",
            "One platform of a live tag: manifest, Image ID, steps, layers; or the address of the page with them.",
            "PlatformView|RedirectView",
        ),
    )
    filters = {  # noqa: RUF012
        "has_step_layers": has_step_layers,
        "licence_counts": render_licence_counts,
        "scanner": render_scanner,
    }

    def tag_items(self, context: RepositoryContext, tag: str) -> Iterator[Item]:
        """The platforms in the order of the index. Editions have no redirects."""
        name = f"{context.image}:{tag}"
        named: Counter[str] = Counter()
        for view in _iter_views(context, tag):
            if isinstance(view, PlatformView):
                named[view.platform] += 1
                which = named[view.platform]
                others = f" and {len(view.aliases):,} more" if view.aliases else ""
                title = f"{name}{others} on {view.platform}{f' ({which})' if which > 1 else ''}"
                yield self._page(view, title, context)
            elif not context.edition:
                yield Redirect(
                    address=view.address, to=_from_tag(view.to, context, tag), title=name, twin=encode_twin(view)
                )

    def _page(self, view: PlatformView, title: str, context: RepositoryContext) -> Document:
        about = f"{title}: manifest {view.manifest}, steps and layers."
        current = context.current_address(view.tag)
        return self.document(view, title, about, view.since, context.page_context, current=current)


PLATFORM = PlatformKind()
