"""Finds the image that another one was built on, by its layers and steps.

An image is a base of another if its layers are the first of the other's, but not all of them, and its steps are the
first of the other's. Of several bases the one with the most layers is the nearest. An index by layers finds it without
comparing pairs: it is asked for all layers of the image but the last, then for all but the last two, and so on.

Two kinds of images look like bases but are not:

- an image with the same layers: it is the same image under another name, or differs only in settings;
- an earlier image of the same tag, whose Dockerfile has gained a step while the builder's cache supplied the rest.

If the steps of one of the images are unknown, the layers decide, and the base must not be newer.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable

import msgspec

from collector.bases.outline import LAYER_BYTES, Content, ImageOutline


class _Candidate(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """An image that others may be built on."""

    content: Content
    steps: bytes
    """The hash of the steps."""
    steps_length: int
    """The number of bytes in its outline."""
    created: str


_MAX_LAYERS = 500
"""Docker runs images with at most 127 layers. An image with more neither has a base here nor is one."""


class LayerIndex:
    """The index of all images of an archive: system and layers → images."""

    def __init__(self) -> None:
        self._candidates: dict[str, dict[bytes, list[_Candidate]]] = defaultdict(dict)
        self._contents: set[Content] = set()

    def add(self, image: ImageOutline) -> None:
        """Add an image, unless it is there under another name."""
        if _has_layers(image) and image.content not in self._contents:
            self._contents.add(image.content)
            candidate = _Candidate(image.content, _hash(image.steps), len(image.steps), image.created or "")
            self._candidates[image.system].setdefault(image.layers, []).append(candidate)

    def base_of(self, image: ImageOutline, share_tag: Callable[[Content, Content], bool]) -> Content | None:
        """The nearest base of an image; None if it is not known.

        Args:
            image: the image.
            share_tag: whether a tag ever had both of two images.
        """
        if not _has_layers(image):
            return None
        of_system = self._candidates[image.system]
        for length in range(len(image.layers) - LAYER_BYTES, 0, -LAYER_BYTES):
            candidates = of_system.get(image.layers[:length], ())
            found = [one for one in candidates if _begins(image, one) and not share_tag(image.content, one.content)]
            if found:
                return max(found, key=lambda one: (one.steps_length, one.content)).content
        return None


def _has_layers(image: ImageOutline) -> bool:
    return 0 < len(image.layers) <= _MAX_LAYERS * LAYER_BYTES


def _begins(image: ImageOutline, base: _Candidate) -> bool:
    """Whether an image begins with the steps of a base."""
    if not image.steps or not base.steps_length:
        return not (image.created and base.created) or base.created <= image.created
    is_longer = base.steps_length < len(image.steps)
    return is_longer and _hash(image.steps[: base.steps_length]) == base.steps


def _hash(content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=16).digest()
