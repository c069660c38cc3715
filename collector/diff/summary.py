"""What a row of a history tells of a change: a few words, which can be remembered from one build to the next."""

from __future__ import annotations

import msgspec

from collector.diff.changes import Change, Reason, ReasonCode


class Outline(msgspec.Struct, frozen=True, array_like=True):
    """A change without what was changed: `Differ.change` tells that. Platforms are known by their slugs."""

    reasons: tuple[Reason, ...]
    """The weightiest first; one at least."""
    images: tuple[tuple[str, tuple[ReasonCode, ...]], ...] = ()
    """The platforms whose image changed, each with its own reasons."""
    added: tuple[str, ...] = ()
    """As in `Change`, and so are those that follow."""
    removed: tuple[str, ...] = ()
    unchanged: int = 0

    @property
    def summary(self) -> str:
        """As `Change.summary`."""
        return "; ".join(reason.text for reason in self.reasons)

    @property
    def codes(self) -> tuple[ReasonCode, ...]:
        """Of the reasons."""
        return tuple(reason.code for reason in self.reasons)


def outline_of(change: Change) -> Outline:
    """The outline of a change that is known in full."""
    return Outline(
        reasons=change.reasons,
        images=tuple((image.slug, image.reasons) for image in change.images),
        added=tuple(fact.slug for fact in change.platforms_added),
        removed=tuple(fact.slug for fact in change.platforms_removed),
        unchanged=change.unchanged,
    )
