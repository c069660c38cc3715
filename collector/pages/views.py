"""What each kind of page shows: plain values, written as the page's JSON twin and formatted by its template.

Times are RFC 3339 in UTC, sizes are bytes, digests are whole. `address` is the page's own, relative to the
site's root. The JSON schema of the twins is made from these types and published at `api/v1/schema.json`.
"""

from __future__ import annotations

import msgspec

from collector.diff.changes import ReasonCode
from collector.model.digests import Digest
from collector.model.images import Artifact, Gone, Statement
from collector.model.times import Time


class _View(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind"):
    address: str


class ChangeRow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One state of a tag with the change that led to it."""

    since: Time
    """Until the next newer row, or still."""
    digest: Digest | None = None
    """What the tag pointed at from then on; None where it was gone or its page could not be understood."""
    gone: Gone | None = None
    reasons: tuple[ReasonCode, ...]
    summary: str
    """The reasons in words. Holds text from images."""
    platforms: tuple[str, ...] = ()
    """Those that changed, as addresses have them; left out where there is but one, or all did."""
    source: str
    """What the observation was made from: `git:<commit>` of the imported archive, or a registry's address."""
    state: int | None = None
    """The object of this state, in `api/v1/<address of the image>objects/-<number // 64>.json` at the place
    `number % 64`; None: gone, not understood, or not whole in the archive."""


class HubRow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What Docker Hub's own API says of a tag."""

    time: Time
    """When it said so."""
    pushed: Time | None = None
    """When the tag was pushed last, which may have changed nothing."""
    status: str = ""
    """`active`, `inactive`."""


class AttestationRow(msgspec.Struct, frozen=True, kw_only=True):
    """An attestation manifest, with what was read of its statements."""

    manifest: Digest
    statements: tuple[Statement, ...]


class PlatformRow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One platform of a tag."""

    platform: str
    slug: str
    address: str | None = None
    """Of the page that tells of this image; None where the tag is gone: the page of the digest does."""
    manifest: Digest
    config: Digest
    """The Image ID."""
    size: int
    created: Time | None
    layers: int
    since: Time | None = None
    """Since when this tag has this image on this platform."""
    reasons: tuple[ReasonCode, ...] = ()
    """Why it changed then."""
    attestations: int = 0
    """Attestation manifests that are known to speak of this image."""


class TagView(_View, frozen=True, kw_only=True, omit_defaults=True, tag="tag"):
    """What a tag is now."""

    image: str
    tag: str
    digest: Digest | None
    """What it points at; where it is gone, what it pointed at last."""
    media_type: str | None
    gone: Gone | None
    is_unreadable: bool
    is_partial: bool
    """The archive lacks a part of what the tag points at; the platforms are those of its last whole state."""
    since: Time
    """Since when it is as it is."""
    first_seen: Time
    states: int
    """How many different periods there were."""
    aliases: tuple[str, ...]
    """Tags that point at the same digest now."""
    relatives: tuple[str, ...]
    """Tags that share images with this one, in another index."""
    platforms: tuple[PlatformRow, ...]
    attestations: int
    change: ChangeRow
    """The newest."""
    history: str
    """Address of the history, which has them all."""
    artifacts: tuple[Artifact, ...] = ()
    """What it points at that is of no image."""
    absent: tuple[Digest, ...] = ()
    """Manifests that the index names and the registry did not have."""
    annotations: tuple[tuple[str, str], ...] = ()
    """Of the index; the first 200, each cut off behind 8,000 characters."""
    hub: HubRow | None = None


class HistoryView(_View, frozen=True, kw_only=True, omit_defaults=True, tag="history"):
    """Every state of a tag, newest first; of a very long history a part."""

    image: str
    tag: str
    tag_address: str
    image_address: str
    states: int
    """Of the history up to its newest here."""
    first_seen: Time
    older: str | None = None
    """Address of the part before this one; None: this is the oldest."""
    changes: tuple[ChangeRow, ...]


class LayerRow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    digest: Digest
    size: int
    media_type: str
    last_modified: Time | None = None


class StepRow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One step, and the layer it made where that can be told."""

    created: Time | None
    text: str
    layer: int | None = None
    """Place in the list of layers."""


class PlatformView(_View, frozen=True, kw_only=True, omit_defaults=True, tag="platform"):
    """One platform of a tag that is there.

    Many tags share an image. It has one page, that of the most specific tag; the addresses below the others lead there.
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
    media_type: str
    config: Digest
    size: int
    created: Time | None
    docker_version: str | None
    entrypoint: tuple[str, ...] | None
    cmd: tuple[str, ...] | None
    shell: tuple[str, ...] | None
    settings: tuple[tuple[str, str, str], ...] = ()
    """Of the config or, where only a page tells of it, what its steps set: kind (`environment`, …), name, value."""
    steps: tuple[StepRow, ...] = ()
    layers: tuple[LayerRow, ...] = ()
    aliases: tuple[str, ...]
    """Tags that have this very image on this platform now."""
    annotations: tuple[tuple[str, str], ...] = ()
    """Of the manifest and its entry in the index; the first 200, each cut off behind 8,000 characters."""
    attestations: tuple[AttestationRow, ...] = ()
    """Those that speak of this image."""


class LeadView(_View, frozen=True, kw_only=True, tag="lead"):
    """What has no page of its own: the platform of a tag whose image is told of on the page of another tag."""

    to: str
    """The address of that page."""


class GroupRow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Tags that are the same image."""

    tags: tuple[str, ...]
    """The most specific first."""
    platforms: dict[str, int]
    """With their sizes."""
    size: int
    """Of the first platform, or of the artifact."""
    since: Time
    reasons: tuple[ReasonCode, ...]
    """Why it changed last."""
    artifact: str = ""
    """What the tags are where they are of no image: the kind of the artifact."""


class ImageChangeRow(msgspec.Struct, frozen=True, kw_only=True):
    """One change of several tags at once."""

    image: str
    address: str
    """Of the history page of the first of the tags."""
    tags: tuple[str, ...]
    since: Time
    reasons: tuple[ReasonCode, ...]
    summary: str


class GoneRow(msgspec.Struct, frozen=True, kw_only=True):
    tag: str
    since: Time
    gone: Gone | None


class ImageView(_View, frozen=True, kw_only=True, omit_defaults=True, tag="image"):
    """One image: its tags, grouped, and what changed lately."""

    image: str
    repository: str
    """The full name."""
    first_seen: Time
    updated: Time
    groups: tuple[GroupRow, ...]
    gone: tuple[GoneRow, ...]
    changes: tuple[ImageChangeRow, ...]
    tags: int
    """How many there are now."""
    images: int
    """How many different ones they are."""
    tags_gone: int
    exceptions: dict[str, str]
    """Addresses of tags that do not lie at `<address of the image><tag>/`."""
    part: int = 1
    """Of an image with very many tags; the first has the latest changes."""
    more: str | None = None
    """Address of the next part."""


class ImageRow(msgspec.Struct, frozen=True, kw_only=True):
    """One image on the home page."""

    image: str
    address: str
    tags: int
    gone: int
    updated: Time


class HomeView(_View, frozen=True, kw_only=True, tag="home"):
    """All images, and what changed lately."""

    images: tuple[ImageRow, ...]
    changes: tuple[ImageChangeRow, ...]
    tags: int
    digests: int
    first_seen: Time | None
    updated: Time | None


View = HomeView | ImageView | TagView | HistoryView | PlatformView
"""Of a page."""

Twin = View | LeadView
