"""Hashes over everything that is known of a state, because a registry may later add to the facts of a page."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from collector.model.digests import Digest
from collector.model.images import Image, State
from collector.model.packages import ImagePackages
from collector.pages.documents import key_of


class Fingerprints:
    """The hashes of states, each computed once."""

    def __init__(self, packages_of: Callable[[Digest], ImagePackages | None]) -> None:
        self._packages_of = packages_of
        self._images: dict[int, bytes] = {}
        """The `id()` of an image → its fingerprint. States share images, and the archive's holdings keep them alive."""
        self._states: dict[Digest, bytes] = {}

    def of(self, state: State | None) -> bytes | None:
        """16 bytes; None for None."""
        if state is None:
            return None
        if state.digest not in self._states:
            images = [self.of_image(image) for image in state.all_images]
            self._states[state.digest] = key_of(msgspec.structs.replace(state, all_images=()), images)
        return self._states[state.digest]

    def of_image(self, image: Image) -> bytes:
        """16 bytes."""
        if id(image) not in self._images:
            self._images[id(image)] = key_of(image, self._packages(image))
        return self._images[id(image)]

    def _packages(self, image: Image) -> tuple[str, str] | None:
        """Which packages an image has, and who names them."""
        known = self._packages_of(image.config.digest)
        return (known.packages.id, known.inventory.by) if known else None
