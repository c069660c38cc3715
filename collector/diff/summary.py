"""A change in short: its reasons and platforms, small enough to be kept from one build to the next."""

from __future__ import annotations

import msgspec

from collector.diff.changes import Change, Reason, ReasonCode


class ChangeSummary(msgspec.Struct, frozen=True, array_like=True):
    """What a row of a history needs of a change; `Differ.change` has the rest. Platforms are named by their slugs."""

    reasons: tuple[Reason, ...]
    """The weightiest first; at least one."""
    images: tuple[tuple[str, tuple[ReasonCode, ...]], ...] = ()
    """The platforms whose image changed, each with its own reasons."""
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: int = 0
    """How many platforms have the same image in both states."""

    @property
    def codes(self) -> tuple[ReasonCode, ...]:
        """The codes of the reasons."""
        return tuple(reason.code for reason in self.reasons)


def summarize(change: Change) -> ChangeSummary:
    """The summary of a change that is known in full."""
    return ChangeSummary(
        reasons=change.reasons,
        images=tuple((image.slug, image.reasons) for image in change.images),
        added=tuple(fact.slug for fact in change.platforms_added),
        removed=tuple(fact.slug for fact in change.platforms_removed),
        unchanged=change.unchanged,
    )
