"""What changed between two states of a tag: typed facts, ready to be written as JSON and rendered by others.

This JSON is published and read by programs. Whatever has its default is left out of it. A `Pair` is `[before, after]`
and is there only where the two differ. Steps and settings that several platforms share are written once, in
`Change.steps` and `Change.settings`; an image names them by their places there.
"""

from __future__ import annotations

from typing import Generic, Literal, TypeVar

import msgspec

from collector.model.digests import Digest
from collector.model.times import Time

T = TypeVar("T")

ReasonCode = Literal[
    "first-seen",
    "gone",
    "unreadable",
    "back",
    "dockerfile-changed",
    "source-changed",
    "files-changed",
    "platform-removed",
    "platform-added",
    "base-moved",
    "rebuilt",
    "repacked",
    "artifacts",
    "metadata",
    "index",
    "same",
]
"""In the order of their weight; `collector.diff.reasons` states the rule of each."""

SettingKind = Literal[
    "entrypoint",
    "cmd",
    "shell",
    "environment",
    "exposed_port",
    "volume",
    "working_directory",
    "user",
    "label",
    "stop_signal",
    "stop_timeout",
    "healthcheck",
    "on_build",
    "maintainer",
    "annotation",
]


ReasonDetail = Literal[
    "",
    "readable-again",
    "same-digest",
    "never-seen",
    "still-gone",
    "not-followed",
    "still-gone-not-followed",
    "config",
    "layers",
    "attestations",
    "root-filesystem",
    "packages",
    "flags",
    "version",
    "source",
]
"""Which case of its code a reason is, where a code has several."""


class Moved(msgspec.Struct, frozen=True, array_like=True):
    """A named value before and after: `["PYTHON_VERSION", "3.6.3", "3.6.4"]`."""

    name: str
    before: str = ""
    after: str = ""
    """Both are empty if one of them is missing or too long for a summary."""


class Counted(msgspec.Struct, frozen=True, array_like=True):
    """How many of one thing were added, removed, changed or replaced: `["added", "RUN", 2]`."""

    kind: Literal["added", "removed", "changed", "replaced"]
    name: str
    """An instruction, a platform, a folder; empty if several are counted together."""
    count: int


class Where(msgspec.Struct, frozen=True, array_like=True):
    """The platforms that a reason holds for, where it does not hold for all."""

    platform: str
    """The first of them."""
    count: int
    total: int
    """All platforms of the state, the unchanged ones too."""


class Reason(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Why a state differs from the one before it: facts, which `collector.pages.reason_text` puts into words.

    Names and values come from the archive: hostile, plain text, of bounded length.
    """

    code: ReasonCode
    detail: ReasonDetail = ""
    before: str = ""
    after: str = ""
    """The name of the base image (`base-moved`); the version or revision of the source (`source-changed`)."""
    moved: tuple[Moved, ...] = ()
    """The values that help a reader most, the most helpful first."""
    more: int = 0
    """How many other values moved."""
    counts: tuple[Counted, ...] = ()
    """Steps, packages or flags (`dockerfile-changed`); folders (`files-changed`); platforms; artifacts."""
    where: Where | None = None


class Pair(msgspec.Struct, Generic[T], frozen=True, array_like=True):
    """A value before and after: `[before, after]`."""

    before: T
    after: T


class Segment(msgspec.Struct, frozen=True, array_like=True):
    """A part of a changed step: `["=", "wget "]`."""

    op: Literal["=", "-", "+", "…"]
    """Kept, removed, added, or kept and left out here."""
    text: str
    """The words; for `…` how many characters were left out, in digits."""


class StepChange(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One step that was added, removed or changed."""

    kind: Literal["added", "removed", "changed"]
    instruction: str
    """`RUN`, `ENV`, …: one of Dockerfile's instructions; empty for a step of a tool without a Dockerfile."""
    text: str = ""
    """Of an added or removed step."""
    words: tuple[Segment, ...] = ()
    """Of a changed step. No `-` and no `+`: only white space differs."""


class SettingChange(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One setting that was added (no before), removed (no after) or changed."""

    kind: SettingKind
    name: str = ""
    """Of an environment variable, label or annotation."""
    before: str | tuple[str, ...] | None = None
    after: str | tuple[str, ...] | None = None
    """A list for entrypoint, cmd and shell; text for all others."""


class NewLayer(msgspec.Struct, frozen=True, kw_only=True):
    """A layer that the state before did not have on this platform."""

    digest: Digest
    size: int
    """Compressed bytes, as transferred."""


class LayersChange(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a puller of the image before needs for the image after. `kept_bytes + fetch_bytes` is the size after."""

    kept: int = 0
    """Layers already there: the image before had them, or the same layer came earlier in this image."""
    kept_bytes: int = 0
    dropped: int = 0
    """Layers of the image before that are no longer used."""
    new: tuple[NewLayer, ...] = ()
    fetch_bytes: int = 0


class ImageChange(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One platform that is in both states, with another image."""

    platform: str
    """As it is after: `linux/arm64/v8`, `windows/amd64 10.0.14393.2007`."""
    slug: str
    """The platform in addresses: `linux-arm64-v8`."""
    reasons: tuple[ReasonCode, ...] = ()
    platform_name: Pair[str] | None = None
    """Where the platform's variant or Windows version moved."""
    manifest: Pair[Digest] | None = None
    config: Pair[Digest] | None = None
    """The Image ID."""
    created: Pair[Time | None] | None = None
    docker_version: Pair[str | None] | None = None
    size: Pair[int] | None = None
    """Compressed bytes of all layers."""
    settings: tuple[int, ...] = ()
    """Places in `Change.settings`."""
    steps: tuple[int, ...] = ()
    """Places in `Change.steps`, in the order of the steps."""
    steps_kept: int = 0
    """Steps with the same text in both."""
    steps_rebuilt: int = 0
    """Of those kept, how many were made at another time."""
    left_out: int = 0
    """Changed steps and settings beyond the first 200 of each, not listed."""
    layers: LayersChange | None = None


class PlatformFact(msgspec.Struct, frozen=True, kw_only=True):
    """A platform that is in one of the two states only."""

    platform: str
    slug: str
    manifest: Digest
    size: int
    """Compressed bytes of all layers."""


class Change(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The change from one state to the next."""

    before: Digest | None = None
    """None: nothing known before."""
    after: Digest | None = None
    """None: gone, or not understood."""
    reason: Reason
    also: tuple[Reason, ...] = ()
    """Further reasons, the weightier first."""
    media_type: Pair[str] | None = None
    """Where a single manifest became an index, or one form of index another."""
    platforms_added: tuple[PlatformFact, ...] = ()
    platforms_removed: tuple[PlatformFact, ...] = ()
    unchanged: int = 0
    """Platforms whose image is the same in both."""
    images: tuple[ImageChange, ...] = ()
    settings: tuple[SettingChange, ...] = ()
    steps: tuple[StepChange, ...] = ()
    attestations: Pair[int] | None = None
    """How many there are."""
    artifacts: Pair[tuple[Digest, ...]] | None = None
    """Manifests that are of no image."""

    @property
    def reasons(self) -> tuple[Reason, ...]:
        return (self.reason, *self.also)

    def platforms_of(self, place: int) -> tuple[str, ...]:
        """The platforms on which the step at this place changed; empty if it did on all whose image changed."""
        having = tuple(image.platform for image in self.images if place in image.steps)
        return having if len(having) < len(self.images) else ()
