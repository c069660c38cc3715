"""The change between two states of a tag: typed facts, published as JSON and rendered elsewhere.

Programs read this JSON. Members with their default value are left out. A `Pair` is `[before, after]`, and is present
only if the two differ. Steps, settings and packages that several platforms share are written once, in `Change.steps`,
`Change.settings` and `Change.packages`; images refer to them by their place there.
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
    "packages-updated",
    "rebuilt",
    "repacked",
    "new-platform",
    "platform-back",
    "platform-absent",
    "platform-dropped",
    "artifacts",
    "metadata",
    "index",
    "same",
]
"""In order of weight; `collector.diff.reasons` has the rule of each."""

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
    "same-packages",
]
"""The case of a reason, for codes with several cases."""


class Moved(msgspec.Struct, frozen=True, array_like=True):
    """A named value before and after: `["PYTHON_VERSION", "3.6.3", "3.6.4"]`."""

    name: str
    before: str = ""
    after: str = ""
    """Both are empty if either is too long for a summary, or missing. Only of packages, one alone is empty: the package
    was added or removed."""


class Counted(msgspec.Struct, frozen=True, array_like=True):
    """A number of items that were added, removed, changed or replaced: `["added", "RUN", 2]`."""

    kind: Literal["added", "removed", "changed", "replaced"]
    name: str
    """An instruction, a platform or a folder; empty if several are counted together."""
    count: int


class Where(msgspec.Struct, frozen=True, array_like=True):
    """The platforms for which a reason applies, if it does not apply to all."""

    platform: str
    """The first of these platforms."""
    count: int
    total: int
    """All platforms of the state, including unchanged ones."""


class Reason(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Why a state differs from the previous one: facts, for which `collector.pages.reason_text` has the sentences.

    Names and values come from the archive: hostile plain text of bounded length.
    """

    code: ReasonCode
    detail: ReasonDetail = ""
    before: str = ""
    after: str = ""
    """The name of the base image (`base-moved`); the version or revision of the source (`source-changed`)."""
    moved: tuple[Moved, ...] = ()
    """The most helpful values, in order of helpfulness."""
    more: int = 0
    """The number of other values that moved."""
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
    """Kept, removed, added, or kept but left out."""
    text: str
    """The words; for `…` the number of characters that were left out, in digits."""


class StepChange(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One step that was added, removed or changed."""

    kind: Literal["added", "removed", "changed"]
    instruction: str
    """`RUN`, `ENV`, …: an instruction of a Dockerfile; empty for a step of a tool without a Dockerfile."""
    text: str = ""
    """The text of an added or removed step."""
    words: tuple[Segment, ...] = ()
    """The words of a changed step. Without any `-` or `+`, only white space differs."""


class SettingChange(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A setting that was added (without `before`), removed (without `after`) or changed."""

    kind: SettingKind
    name: str = ""
    """The name of an environment variable, label or annotation."""
    before: str | tuple[str, ...] | None = None
    after: str | tuple[str, ...] | None = None
    """A list for entrypoint, cmd and shell; text for all others."""


class SourceChange(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The packages of one source package that were added, removed or changed."""

    kind: Literal["added", "removed", "changed"]
    """Whether either image has no package of this source."""
    type: str
    """`deb`, `apk`, `rpm`, `npm`, …"""
    name: str
    """The name of the source package; that of the package itself if its source is not known."""
    before: str = ""
    """The versions of the source, separated by `, ` if there are several; empty if it was added. If they are the same
    as after, and its packages were only built again, the versions of these packages.
    """
    after: str = ""
    packages: tuple[Moved, ...]
    """The installed packages that differ, each with its versions."""

    @property
    def names(self) -> tuple[str, ...]:
        """The names of these packages; of a source that both images have, with what became of them: `gnupg removed`."""
        if self.kind != "changed":
            return tuple(moved.name for moved in self.packages)
        return tuple(
            moved.name if moved.before and moved.after else f"{moved.name} {'removed' if moved.before else 'added'}"
            for moved in self.packages
        )


class NewLayer(msgspec.Struct, frozen=True, kw_only=True):
    """A layer that the previous state did not have on this platform."""

    digest: Digest
    size: int
    """Compressed bytes, as transferred."""


class LayersChange(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The transfer that a pull of the new image needs if the previous one is present. `kept_bytes + fetch_bytes` is the
    new size.
    """

    kept: int = 0
    """Layers already present: in the previous image, or earlier in this image."""
    kept_bytes: int = 0
    dropped: int = 0
    """Layers of the previous image that are no longer used."""
    new: tuple[NewLayer, ...] = ()
    fetch_bytes: int = 0


class ImageChange(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A platform that both states have, with different images."""

    platform: str
    """The platform in the new state: `linux/arm64/v8`, `windows/amd64 10.0.14393.2007`."""
    slug: str
    """The platform in addresses: `linux-arm64-v8`."""
    reasons: tuple[ReasonCode, ...] = ()
    platform_name: Pair[str] | None = None
    """The names, if the platform's variant or Windows version moved."""
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
    """Places in `Change.steps`, in order of the steps."""
    steps_kept: int = 0
    """Steps with the same text in both."""
    steps_rebuilt: int = 0
    """The number of kept steps that were made at another time."""
    packages: tuple[int, ...] = ()
    """Places in `Change.packages`."""
    packages_kept: int | None = None
    """Packages that both have in the same version; None: the packages of either are unknown, or cannot be compared."""
    left_out: int = 0
    """The number of changed steps, settings and sources of packages that are not listed, beyond the first 200 of each.
    """
    layers: LayersChange | None = None


class PlatformFact(msgspec.Struct, frozen=True, kw_only=True):
    """A platform that only one of the two states has."""

    platform: str
    slug: str
    manifest: Digest
    size: int
    """Compressed bytes of all layers."""


class Change(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The change from one state to the next."""

    before: Digest | None = None
    """None if no previous state is known."""
    after: Digest | None = None
    """None if the tag is gone, or if its state was not understood."""
    reason: Reason
    also: tuple[Reason, ...] = ()
    """Further reasons, in order of weight."""
    media_type: Pair[str] | None = None
    """The media types, if a single manifest became an index, or an index changed its type."""
    platforms_added: tuple[PlatformFact, ...] = ()
    platforms_removed: tuple[PlatformFact, ...] = ()
    unchanged: int = 0
    """Platforms with the same image in both."""
    images: tuple[ImageChange, ...] = ()
    settings: tuple[SettingChange, ...] = ()
    steps: tuple[StepChange, ...] = ()
    packages: tuple[SourceChange, ...] = ()
    attestations: Pair[int] | None = None
    """The number of them."""
    artifacts: Pair[tuple[Digest, ...]] | None = None
    """Manifests that are not images."""

    @property
    def reasons(self) -> tuple[Reason, ...]:
        return (self.reason, *self.also)

    def platforms_of(self, place: int) -> tuple[str, ...]:
        """The platforms on which the step at this place changed; empty if these are all platforms whose image
        changed.
        """
        having = tuple(image.platform for image in self.images if place in image.steps)
        return having if len(having) < len(self.images) else ()
