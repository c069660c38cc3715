"""From one repository's timelines to the views of its pages."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property

from collector.diff.config_settings import settings_of_config
from collector.diff.summary import Outline
from collector.diff.word_diff import bounded
from collector.model.annotations import ORIGIN
from collector.model.digests import Digest
from collector.model.images import Image, State
from collector.model.platforms import platform_slugs
from collector.model.times import Time
from collector.pages.addresses import Addresses
from collector.pages.histories import Moment, Timelines
from collector.pages.platform_history import SizePoint, trace_platforms, trace_size
from collector.pages.step_layers import pair_steps
from collector.pages.tag_order import newest_first, specific_key
from collector.pages.views import (
    AttestationRow,
    ChangeRow,
    GoneRow,
    GroupRow,
    HistoryView,
    HubRow,
    ImageChangeRow,
    ImageView,
    LayerRow,
    LeadView,
    PlatformRow,
    PlatformView,
    StepRow,
    TagView,
)

_SHORT = 8
"""A tag with no more states than this has its whole history on its own page."""
_CHANGES_ON_TAG = 5
"""Of a longer history."""
_PART = 250
"""States in one part of a very long history; the newest has up to twice as many, so that older ones never change."""
_CHANGES_ON_IMAGE = 20
_COMMIT = re.compile(r"^(git:[0-9a-f]{12})[0-9a-f]+$")
"""The archive has the commit in full."""
_MOST_ANNOTATIONS = 200
"""Every tag of an image repeats them, so that a manifest full of them would fill the site."""


class ViewBuilder:
    """Makes the views of one repository's pages."""

    def __init__(self, timelines: Timelines, addresses: Addresses) -> None:
        self.timelines = timelines
        self._addresses = addresses
        self._repository = timelines.holdings.repository
        self._image = self._repository.familiar
        self._told: dict[bytes, _Told] = {}
        """By the key of a difference: aliases share them."""

    def tag(self, tag: str) -> TagView:
        """What the tag is now or, where it is gone, was last."""
        moments = self.timelines.moments[tag]
        now = moments[-1].period
        found = self.timelines.last_state(tag)
        state = found[1] if found else None
        aliases = self.timelines.aliases.get(now.digest, ()) if now.digest else ()
        group = self.timelines.group_of.get(tag, ())
        return TagView(
            address=self._addresses.tag(self._repository, tag),
            image=self._image,
            tag=tag,
            digest=now.digest or (found[0].period.digest if found else None),
            media_type=state.media_type if state else None,
            gone=now.gone,
            is_unreadable=now.is_unreadable,
            is_partial=now.digest is not None and self.timelines.state(now.digest) is None,
            since=now.since,
            first_seen=moments[0].period.since,
            states=len(moments),
            aliases=tuple(other for other in aliases if other != tag),
            relatives=tuple(other for other in group if other != tag and other not in aliases),
            platforms=tuple(self._platform_rows(tag, state)) if state else (),
            attestations=len(state.attestations) if state else 0,
            change=self._change_row(moments[-1]),
            history=self._addresses.history(self._repository, tag),
            artifacts=state.artifacts if state else (),
            absent=state.absent if state else (),
            annotations=_bounded(state.annotations) if state else (),
            hub=self._hub(tag),
        )

    def history(self, tag: str) -> Iterator[HistoryView]:
        """Every state of the tag: the newest, and where there are very many the older ones in parts."""
        moments = self.timelines.moments[tag]
        address = self._addresses.history(self._repository, tag)
        older = max(0, len(moments) // _PART - 1)
        for part in range(older, -1, -1):
            first, last = part * _PART, len(moments) if part == older else (part + 1) * _PART
            yield HistoryView(
                address=address if part == older else f"{address}{part + 1}/",
                image=self._image,
                tag=tag,
                tag_address=self._addresses.tag(self._repository, tag),
                image_address=self._addresses.image(self._repository),
                states=last,
                first_seen=moments[0].period.since,
                older=f"{address}{part}/" if part else None,
                changes=tuple(self._change_row(moment) for moment in reversed(moments[first:last])),
            )

    def sizes(self, tag: str) -> tuple[SizePoint, ...]:
        """How large the tag's first platform was over time."""
        found = self.timelines.last_state(tag)
        slugs = list(self.timelines.images(found[1].digest) or ()) if found else []
        return trace_size(self.timelines.moments[tag], self.timelines.images, slugs[0]) if slugs else ()

    def is_short(self, tag: str) -> bool:
        """Whether the tag's own page has its whole history."""
        return len(self.timelines.moments[tag]) <= _SHORT

    def told_at(self, tag: str) -> str:
        """Where the tag's history is told: on a page of its own, or on a part of the tag's."""
        if self.is_short(tag):
            return f"{self._addresses.tag(self._repository, tag)}#changes"
        return self._addresses.history(self._repository, tag)

    def changes_on_tag(self, tag: str) -> tuple[ChangeRow, ...]:
        """What the tag's own page has of its history, newest first."""
        moments = self.timelines.moments[tag]
        shown = moments if self.is_short(tag) else moments[-_CHANGES_ON_TAG:]
        return tuple(self._change_row(moment) for moment in reversed(shown))

    def newest_difference(self, tag: str) -> Moment | None:
        """The tag's last moment with something to compare."""
        return next((moment for moment in reversed(self.timelines.moments[tag]) if moment.compares), None)

    def platforms(self, tag: str) -> Iterator[PlatformView | LeadView]:
        """Each platform of a tag that is there: its page, or where its image is told of on another tag's."""
        found = self.timelines.last_state(tag)
        if found is None or not self.timelines.is_live(tag):
            return
        moment, state = found
        attestations = _attestations(state)
        for image, slug in zip(state.images, platform_slugs(image.platform for image in state.images), strict=True):
            teller = self._users[image.manifest, slug][0]
            if teller == tag:
                yield self._platform(tag, moment, state, image, slug, attestations=attestations[image.manifest])
            else:
                address = self._addresses.platform(self._repository, tag, slug)
                yield LeadView(address=address, to=self._addresses.platform(self._repository, teller, slug))

    def image(self) -> ImageView:
        """The image's tags, grouped, and what changed lately: all of it, however long."""
        moments = self.timelines.moments
        groups = self.timelines.groups
        address = self._addresses.image(self._repository)
        gone = [tag for tag in moments if not self.timelines.is_live(tag)]
        return ImageView(
            address=address,
            image=self._image,
            repository=self._repository.name,
            first_seen=min(of_tag[0].period.since for of_tag in moments.values()),
            updated=max(of_tag[-1].period.since for of_tag in moments.values()),
            groups=tuple(self._group_row(group) for group in groups),
            gone=tuple(
                GoneRow(tag=tag, since=moments[tag][-1].period.since, gone=moments[tag][-1].period.gone) for tag in gone
            ),
            changes=tuple(self.latest_changes(_CHANGES_ON_IMAGE)),
            tags=len(moments) - len(gone),
            images=len(groups),
            tags_gone=len(gone),
            exceptions={tag: place for tag, place in self.addresses.items() if place != f"{address}{tag}/"},
        )

    @cached_property
    def addresses(self) -> dict[str, str]:
        """Of the pages of all tags."""
        return {tag: self._addresses.tag(self._repository, tag) for tag in self.timelines.moments}

    def latest_changes(self, count: int) -> list[ImageChangeRow]:
        """What changed last, newest first; tags that took the same step at the same time share a row."""
        rows: dict[tuple[Time, Digest | None, str], list[tuple[str, Moment]]] = defaultdict(list)
        for tag, moments in self.timelines.moments.items():
            for moment in moments[-count:]:
                summary = self._told_of(moment).summary
                rows[moment.period.since, moment.period.digest, summary].append((tag, moment))
        newest = sorted(rows.items(), key=lambda row: row[0][0], reverse=True)[:count]
        return [
            ImageChangeRow(
                image=self._image,
                address=self._addresses.history(self._repository, found[0][0]),
                tags=tuple(newest_first(tag for tag, _ in found)),
                since=since,
                reasons=self._told_of(found[0][1]).reasons,
                summary=summary,
            )
            for (since, _, summary), found in newest
        ]

    @cached_property
    def _users(self) -> dict[tuple[Digest, str], list[str]]:
        """By manifest and platform the tags that are this image now, the most specific first: its page tells of it."""
        users: dict[tuple[Digest, str], list[str]] = defaultdict(list)
        for tag in sorted(filter(self.timelines.is_live, self.timelines.moments), key=specific_key):
            found = self.timelines.last_state(tag)
            images = found[1].images if found else ()
            for image, slug in zip(images, platform_slugs(image.platform for image in images), strict=True):
                users[image.manifest, slug].append(tag)
        return users

    def _change_row(self, moment: Moment) -> ChangeRow:
        period = moment.period
        told = self._told_of(moment)
        return ChangeRow(
            since=period.since,
            digest=period.digest,
            gone=period.gone,
            reasons=told.reasons,
            summary=told.summary,
            platforms=told.platforms,
            source=_COMMIT.sub(r"\1", period.source),
            state=self.timelines.store.number(period.digest),
        )

    def _told_of(self, moment: Moment) -> _Told:
        key = moment.difference.key
        told = self._told.get(key)
        if told is None:
            self._told[key] = told = _Told(moment.difference.outline)
        return told

    def _hub(self, tag: str) -> HubRow | None:
        fact = self.timelines.holdings.hub.get(tag)
        return HubRow(time=fact.time, pushed=fact.pushed, status=fact.status) if fact else None

    def _platform_rows(self, tag: str, state: State) -> Iterator[PlatformRow]:
        attestations = _attestations(state)
        since = trace_platforms(self.timelines.moments[tag], self.timelines.images)
        for image, slug in zip(state.images, platform_slugs(image.platform for image in state.images), strict=True):
            yield PlatformRow(
                platform=str(image.platform),
                slug=slug,
                address=self._addresses.platform(self._repository, self._users[image.manifest, slug][0], slug)
                if self.timelines.is_live(tag)
                else None,
                manifest=image.manifest,
                config=image.config.digest,
                size=image.size,
                created=image.config.created,
                layers=len(image.layers),
                since=since[slug].time,
                reasons=since[slug].reasons,
                attestations=len(attestations[image.manifest]),
            )

    def _group_row(self, group: tuple[str, ...]) -> GroupRow:
        found = [self.timelines.last_state(tag) for tag in group]
        images = [image for one in found if one for image in one[1].images]
        artifacts = [artifact for one in found if one for artifact in one[1].artifacts] if not images else []
        sizes: dict[str, int] = {}
        for image in images:
            sizes.setdefault(str(image.platform), image.size)
        newest = max((self.timelines.moments[tag][-1] for tag in group), key=lambda moment: moment.period.since)
        return GroupRow(
            tags=group,
            platforms=sizes,
            size=images[0].size if images else artifacts[0].size if artifacts else 0,
            since=newest.period.since,
            reasons=self._change_row(newest).reasons,
            artifact=artifacts[0].kind if artifacts else "",
        )

    def _platform(
        self, tag: str, moment: Moment, state: State, image: Image, slug: str, *, attestations: list[AttestationRow]
    ) -> PlatformView:
        parts = _ImageParts(image)
        return PlatformView(
            address=self._addresses.platform(self._repository, tag, slug),
            image=self._image,
            tag=tag,
            tag_address=self._addresses.tag(self._repository, tag),
            history=self._addresses.history(self._repository, tag),
            platform=str(image.platform),
            slug=slug,
            is_current=moment is self.timelines.moments[tag][-1],
            since=moment.period.since,
            index=state.digest if state.is_index else None,
            manifest=image.manifest,
            media_type=image.media_type,
            config=image.config.digest,
            size=image.size,
            created=image.config.created,
            docker_version=image.config.docker_version,
            entrypoint=image.config.entrypoint,
            cmd=image.config.cmd,
            shell=image.config.shell,
            settings=parts.settings,
            steps=parts.steps,
            layers=parts.layers,
            aliases=tuple(self._users[image.manifest, slug][1:]),
            annotations=_bounded(image.annotations),
            attestations=tuple(attestations),
        )


def _attestations(state: State) -> dict[Digest | None, list[AttestationRow]]:
    """By the manifest that they speak of."""
    rows: dict[Digest | None, list[AttestationRow]] = defaultdict(list)
    for one in state.attestations:
        rows[one.attests].append(AttestationRow(manifest=one.manifest, statements=one.statements))
    return rows


def _bounded(annotations: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """As many as are shown, those first that say where an image comes from."""
    ordered = sorted(annotations, key=lambda one: one[0] not in ORIGIN)
    return tuple((bounded(name), bounded(value)) for name, value in ordered[:_MOST_ANNOTATIONS])


class _Told:
    """What rows say of a change, worked out once."""

    def __init__(self, change: Outline) -> None:
        self.reasons = change.codes
        self.summary = change.summary
        news = (*change.added, *change.removed)
        slugs = [*(slug for slug, _ in change.images), *news]
        is_all = not change.unchanged and not (change.images and news)
        self.platforms = () if is_all else tuple(dict.fromkeys(slugs))


class _ImageParts:
    """What an image's steps and layers tell."""

    def __init__(self, image: Image) -> None:
        history = image.config.history
        places = pair_steps(history, len(image.layers))
        self.settings = tuple((kind, name, value) for (kind, name), value in settings_of_config(image.config).items())
        self.steps = tuple(
            StepRow(created=step.created, text=step.text, layer=place)
            for step, place in zip(history, places, strict=True)
        )
        self.layers = tuple(
            LayerRow(
                digest=layer.digest, size=layer.size, media_type=layer.media_type, last_modified=layer.last_modified
            )
            for layer in image.layers
        )
