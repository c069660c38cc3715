"""Compares two different states: the reasons at once, all differences on request."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Generic, NamedTuple, TypeVar

import msgspec

from collector.diff.changes import (
    Change,
    ImageChange,
    Pair,
    PlatformFact,
    Reason,
    ReasonCode,
    SettingChange,
    SourceChange,
    StepChange,
)
from collector.diff.configs import MAX_LISTED
from collector.diff.images import ImageDiffer, ImageDifference
from collector.diff.platform_matches import Placed, match_platforms
from collector.diff.reasons import state_reasons
from collector.diff.summary import ChangeSummary
from collector.model.images import State
from collector.model.platforms import normalized

T = TypeVar("T")

_BACK = Reason(code="back")


class Comparison:
    """Compares two states; most callers need only the summary."""

    def __init__(self, before: State, after: State, images: ImageDiffer, *, back: bool) -> None:
        self._before, self._after, self._images = before, after, images
        matching = match_platforms(before, after)
        self._added = tuple(fact_of(placed) for placed in matching.added)
        self._removed = tuple(fact_of(placed) for placed in matching.removed)
        self._changed = [
            (_as_known(old, new), new) for old, new in matching.both if old.image.manifest != new.image.manifest
        ]
        self._differences = [images.compare(old.image, new.image) for old, new in self._changed]
        self._unchanged = len(matching.both) - len(self._changed)
        self._attested = [[image.manifest for image in state.attestations] for state in (before, after)]
        self._artifacts = [tuple(artifact.digest for artifact in state.artifacts) for state in (before, after)]
        reasons = state_reasons(
            [(_name(new), one.reasons) for (_, new), one in zip(self._changed, self._differences, strict=True)],
            unchanged=self._unchanged,
            added=self._added,
            removed=self._removed,
            attestations_changed=self._attested[0] != self._attested[1],
            artifacts=(self._artifacts[0], self._artifacts[1]),
        )
        self._reasons = (_BACK, *reasons) if back else reasons

    @property
    def summary(self) -> ChangeSummary:
        return ChangeSummary(
            reasons=self._reasons,
            images=tuple(
                (new.slug, _codes(one)) for (_, new), one in zip(self._changed, self._differences, strict=True)
            ),
            added=tuple(fact.slug for fact in self._added),
            removed=tuple(fact.slug for fact in self._removed),
            unchanged=self._unchanged,
        )

    @cached_property
    def change(self) -> Change:
        pools = _Pools(_Pool[SettingChange](), _Pool[StepChange](), _Pool[SourceChange]())
        images = tuple(_describe(self._images, old, new, pools) for old, new in self._changed)
        return Change(
            before=self._before.digest,
            after=self._after.digest,
            reason=self._reasons[0],
            also=self._reasons[1:],
            media_type=_pair(self._before.media_type, self._after.media_type),
            platforms_added=self._added,
            platforms_removed=self._removed,
            unchanged=self._unchanged,
            images=images,
            settings=pools.settings.items,
            steps=pools.steps.items,
            packages=pools.packages.items,
            attestations=_pair(len(self._attested[0]), len(self._attested[1])),
            artifacts=_pair(self._artifacts[0], self._artifacts[1]),
        )


class _Pool(Generic[T]):
    """Items that several platforms share, each kept once."""

    def __init__(self) -> None:
        self._places: dict[T, int] = {}

    def places(self, items: Iterable[T]) -> tuple[int, ...]:
        return tuple(self._places.setdefault(item, len(self._places)) for item in items)

    @property
    def items(self) -> tuple[T, ...]:
        return tuple(self._places)


class _Pools(NamedTuple):
    settings: _Pool[SettingChange]
    steps: _Pool[StepChange]
    packages: _Pool[SourceChange]


def _describe(images: ImageDiffer, old: Placed, new: Placed, pools: _Pools) -> ImageChange:
    before, after = old.image, new.image
    difference, details = images.compare(before, after), images.describe(before, after)
    packages = difference.packages.changes if difference.packages else ()
    return ImageChange(
        platform=_name(new),
        slug=new.slug,
        reasons=_codes(difference),
        platform_name=_renamed(old, new),
        manifest=_pair(before.manifest, after.manifest),
        config=_pair(before.config.digest, after.config.digest),
        created=_pair(before.config.created, after.config.created),
        docker_version=_pair(before.config.docker_version, after.config.docker_version),
        size=_pair(before.size, after.size),
        settings=pools.settings.places((*details.config.settings, *details.annotations)),
        steps=pools.steps.places(details.config.steps),
        steps_kept=difference.config.steps_kept,
        steps_rebuilt=difference.config.steps_rebuilt,
        packages=pools.packages.places(packages[:MAX_LISTED]),
        packages_kept=difference.packages.kept if difference.packages else None,
        left_out=details.config.left_out + len(packages[MAX_LISTED:]),
        layers=details.layers,
    )


def _codes(difference: ImageDifference) -> tuple[ReasonCode, ...]:
    return tuple(reason.code for reason in difference.reasons)


def _as_known(old: Placed, new: Placed) -> Placed:
    """The image before; with the config of the image after, if that is a more complete form of the same.

    Equal Image IDs mean equal configs, so members that a page left out did not change.
    """
    before, after = old.image.config, new.image.config
    if before.digest == after.digest and (before.runtime is None) != (after.runtime is None):
        return old._replace(image=msgspec.structs.replace(old.image, config=after))
    return old


def _pair(before: T, after: T) -> Pair[T] | None:
    """Both values, if they differ."""
    return None if before == after else Pair(before, after)


def _renamed(old: Placed, new: Placed) -> Pair[str] | None:
    """Both names, if they differ in more than their spelling."""
    is_same = normalized(old.image.platform) == normalized(new.image.platform)
    return None if is_same else _pair(_name(old), _name(new))


def _name(placed: Placed) -> str:
    return str(placed.image.platform)


def fact_of(placed: Placed) -> PlatformFact:
    """The facts about a platform that only one state has."""
    image = placed.image
    return PlatformFact(platform=_name(placed), slug=placed.slug, manifest=image.manifest, size=image.size)
