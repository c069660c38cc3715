"""An outline of a repository: the facts that decide which images were built on which, a tenth of its journals.

Layers and steps are byte strings, so that a prefix of bytes is a prefix of layers or steps:

- a layer is 16 bytes, a hash of its digest. Empty layers are left out, because only some builders send them.
- a step is 8 bytes, a hash of its text without the comments of a page's generator and of BuildKit. Its date does not
  count: some images are rebuilt daily with the same layers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import NamedTuple

import msgspec

from collector.archive.facts import ConfigFact, IndexFact, ManifestFact
from collector.archive.holdings import Holdings
from collector.bases.stated import StatedBase, stated_base
from collector.diff.instructions import bare_step, notes_of
from collector.model.digests import Digest, is_digest
from collector.model.images import Image, State
from collector.model.platforms import Platform, normalized, platform_slugs
from collector.model.times import Time

Content = bytes
"""What identifies an image whatever repository, tag or manifest it is in: a hash of its system, layers and steps."""

LAYER_BYTES = 16
STEP_BYTES = 8


EMPTY = frozenset(
    {
        "sha256:a3ed95caeb02ffe68cdd9fd84406680ae93d633cb16422d00e8a7c22955b46d4",  # Docker's, in schema 1
        "sha256:4f4fb700ef54461cfa02571ae0db9a0dc1e0cdb5577484a6d75e68dc38e8acc1",  # BuildKit's
    }
)


class ImageOutline(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One manifest."""

    content: Content
    manifest: Digest
    first_seen: Time
    slug: str
    """The slug of the platform where the image was seen first."""
    system: str
    """Operating system and architecture: `linux/arm64`. A base may have another variant."""
    layers: bytes
    """The lowest first."""
    steps: bytes
    """The oldest first; empty: not known."""
    created: Time | None = None
    """The time of creation of an image without steps."""
    stated: StatedBase | None = None


class Outline(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One repository."""

    images: tuple[ImageOutline, ...]
    states: tuple[tuple[Digest, tuple[tuple[str, int], ...]], ...]
    """What tags pointed at: its digest, its platforms as in addresses, and for each the place of its image."""
    tags: dict[str, tuple[tuple[Time, int | None], ...]]
    """Tag → the times and states that it pointed at; None: nothing, or an unreadable state."""


def outline_of(holdings: Holdings) -> Outline:
    """The outline of a repository."""
    return _Outliner(holdings).outline()


class _Draft(NamedTuple):
    """The facts of an image that do not depend on its tags."""

    system: str
    layers: bytes
    steps: bytes
    created: Time | None = None
    stated: StatedBase | None = None


class _Outliner:
    def __init__(self, holdings: Holdings) -> None:
        self._holdings = holdings
        self._drafts: dict[Digest, _Draft] = {}
        """Manifest → its image, in the order of the outline."""
        self._places: dict[str, int] = {}
        """Manifest → the place of its image in that order."""
        self._layers: dict[str, bytes] = {}
        self._steps: dict[str, bytes] = {}
        """The id of a step → its bytes."""

    def outline(self) -> Outline:
        periods = {tag: self._holdings.periods(tag) for tag in self._holdings.tags}
        first: dict[Digest, Time] = {}
        for period in chain.from_iterable(periods.values()):
            if period.digest is not None:
                first[period.digest] = min(period.since, first.get(period.digest, period.since))
        states = {digest: tuple(self._state(digest)) for digest in first}
        places: dict[Digest | None, int | None] = {None: None}
        places |= {digest: place for place, digest in enumerate(states)}
        return Outline(
            images=tuple(self._iter_images(first, states)),
            states=tuple(states.items()),
            tags={tag: tuple((period.since, places[period.digest]) for period in of) for tag, of in periods.items()},
        )

    def _iter_images(
        self, first: dict[Digest, Time], states: dict[Digest, tuple[tuple[str, int], ...]]
    ) -> Iterator[ImageOutline]:
        seen: dict[int, tuple[Time, str]] = {}
        for digest, since in sorted(first.items(), key=lambda one: (one[1], one[0])):
            for slug, place in states[digest]:
                seen.setdefault(place, (since, slug))
        for place, (manifest, draft) in enumerate(self._drafts.items()):
            content = _hash(b"\0".join((draft.system.encode(), draft.layers, draft.steps)))
            yield ImageOutline(
                content,
                manifest,
                *seen[place],
                draft.system,
                draft.layers,
                draft.steps,
                draft.created,
                draft.stated,
            )

    def _state(self, digest: Digest) -> Iterator[tuple[str, int]]:
        """The platforms of a state, and the places of their images."""
        if digest in self._holdings.raws:
            state = self._holdings.state(digest)
            found = list(self._images_of(state)) if state else []
        else:
            found = list(self._images_on_pages(digest))
        return zip(platform_slugs(platform for platform, _ in found), (place for _, place in found), strict=True)

    def _images_of(self, state: State) -> Iterator[tuple[Platform, int]]:
        """The images of a state from a registry."""
        for image in state.images:
            if image.manifest not in self._places:
                self._add(image.manifest, self._draft(image, state))
            yield image.platform, self._places[image.manifest]

    def _images_on_pages(self, digest: Digest) -> Iterator[tuple[Platform, int]]:
        """The images of a state from a page."""
        index = self._holdings.indexes.get(digest)
        for name, platform in _entries(index, digest):
            manifest = self._holdings.manifests.get(name)
            config = self._holdings.config_facts.get(manifest.config) if manifest else None
            if manifest is None or config is None:
                continue
            runs_on = platform or config.platform
            if runs_on.is_attestation:
                continue
            if name not in self._places:
                if not is_digest(name):
                    continue
                self._add(Digest(name), self._page_draft(manifest, config, runs_on))
            yield runs_on, self._places[name]

    def _add(self, manifest: Digest, draft: _Draft) -> None:
        self._places[manifest] = len(self._places)
        self._drafts[manifest] = draft

    def _draft(self, image: Image, state: State) -> _Draft:
        config = image.config
        return _Draft(
            system=_system(image.platform),
            layers=self._layer_bytes(layer.digest for layer in image.layers),
            steps=b"".join(_step_bytes(step.text) for step in config.history),
            created=None if config.history else config.created,
            stated=stated_base(image, state),
        )

    def _page_draft(self, manifest: ManifestFact, config: ConfigFact, platform: Platform) -> _Draft:
        steps = self._steps
        try:
            known = b"".join([steps.get(step) or self._page_step(step) for _, step in config.history])
        except KeyError:  # a step that the archive lacks
            known = b""
        return _Draft(system=_system(platform), layers=self._layer_bytes(manifest.layers), steps=known)

    def _layer_bytes(self, digests: Iterable[str]) -> bytes:
        return b"".join([self._layers.get(digest) or self._layer(digest) for digest in digests if digest not in EMPTY])

    def _layer(self, digest: str) -> bytes:
        found = self._layers[digest] = _hash(digest.encode(errors="surrogatepass"))
        return found

    def _page_step(self, name: str) -> bytes:
        found = self._steps[name] = _step_bytes(self._holdings.steps[name])
        return found


def _system(platform: Platform) -> str:
    known = normalized(platform)
    return f"{known.os}/{known.architecture}"


def _step_bytes(text: str) -> bytes:
    """A step without what does not count."""
    return _hash(bare_step(text.removeprefix(notes_of(text))).encode(errors="surrogatepass"))[:STEP_BYTES]


def _hash(content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=LAYER_BYTES).digest()


def _entries(index: IndexFact | None, digest: Digest) -> Iterator[tuple[str, Platform | None]]:
    if index is None:
        yield digest, None
    else:
        yield from ((entry.digest, entry.platform) for entry in index.manifests)
