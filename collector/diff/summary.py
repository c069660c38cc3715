"""The summary of a change: its reasons and platforms, small enough to be kept between builds."""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from collector.diff.changes import Change, Reason, ReasonCode


class ChangeSummary(msgspec.Struct, frozen=True, array_like=True):
    """The part of a change that a row of a history shows; `Differ.change` gives the rest. Platforms are named by their
    slugs.
    """

    reasons: tuple[Reason, ...]
    """In order of weight; at least one."""
    images: tuple[tuple[str, tuple[ReasonCode, ...]], ...] = ()
    """The platforms whose image changed, each with its reasons."""
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: int = 0
    """The number of platforms with the same image in both states."""

    @property
    def codes(self) -> tuple[ReasonCode, ...]:
        """The codes of the reasons."""
        return tuple(reason.code for reason in self.reasons)


def summarize(change: Change) -> ChangeSummary:
    """The summary of a complete change."""
    return ChangeSummary(
        reasons=change.reasons,
        images=tuple((image.slug, image.reasons) for image in change.images),
        added=tuple(fact.slug for fact in change.platforms_added),
        removed=tuple(fact.slug for fact in change.platforms_removed),
        unchanged=change.unchanged,
    )


def only_packages(change: Change) -> Change:
    """A complete change without its settings and steps."""
    images = tuple(replace(image, settings=(), steps=(), layers=None) for image in change.images)
    return replace(change, images=images, settings=(), steps=())
