"""A release of a tag: typed facts, which `collector.pages` puts into words."""

from __future__ import annotations

from typing import Literal, get_args

import msgspec

from collector.diff.changes import Reason, ReasonCode
from collector.model.digests import Digest
from collector.model.times import Time

Cause = Literal[
    "first-seen",
    "back",
    "gone",
    "unreadable",
    "version",
    "steps",
    "base",
    "root-filesystem",
    "packages",
    "rebuilt",
    "metadata",
    "new-platform",
    "platform-back",
    "platform-absent",
    "index",
]
"""The causes of releases, the weightiest first. `index`: only the index around the images changed, or nothing did."""

CAUSE_WEIGHT: dict[Cause, int] = {cause: place for place, cause in enumerate(get_args(Cause))}

Progress = Literal["arrived", "to-follow", "skipped", "dropped", "returned"]
"""The progress of a release on a platform.

`arrived`: the platform has it. `to-follow`: it may still come. `skipped`: a later release reached the platform instead,
or it kept the image that it had. `dropped`: the tag then had no image for the platform, for longer than 30 days or
until it was gone. `returned`: the platform was only absent, and is back with the same image.
"""

ArrivalKind = Literal["changed", "new", "back"]
"""`new`: the tag never had the platform; `back`: not for longer than 30 days."""


class Arrival(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An image that the tag did not have on its platform before."""

    platform: str
    """The slug of the platform. Several images of an index for one platform have the slug of the first."""
    name: str
    """The platform as people write it: `linux/arm64/v8`."""
    since: Time
    state: int
    """The place of the state that brought it in the tag's history, oldest first."""
    manifest: Digest
    before: Digest | None = None
    """The manifest of the previous image on the platform; None: there was none."""
    kind: ArrivalKind = "changed"
    codes: tuple[ReasonCode, ...] = ()
    """The differences from the previous image on the platform; empty for a first one."""


class PlatformProgress(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """The progress of a release on one platform."""

    platform: str
    """Its slug."""
    progress: Progress
    since: Time | None = None
    """When it arrived."""
    skipped_for: int | None = None
    """The place, among the tag's releases, of the later one that reached the platform instead, within 30 days."""


class Release(msgspec.Struct, frozen=True, kw_only=True):
    """One update of a tag. Its first state opens it; its time and that state's digest never change."""

    cause: Cause
    reasons: tuple[Reason, ...]
    """The weightiest first; at least one. `Reason.where` counts the platforms that arrived."""
    since: Time
    updated: Time
    """The time of its newest state or platform."""
    states: tuple[int, ...]
    """Places in the tag's history, oldest first. Every state belongs to exactly one release."""
    arrivals: tuple[Arrival, ...] = ()
    """All its images, in the order of time. One state may bring images of several releases."""
    platforms: tuple[PlatformProgress, ...] = ()
    """The platforms: those that have the release in the order of time, then the others by name."""
    of: int = 0
    """The number of platforms that the tag had then, including those that the release does not concern."""

    def count(self, progress: Progress) -> int:
        """The number of platforms with this progress."""
        return sum(one.progress == progress for one in self.platforms)
