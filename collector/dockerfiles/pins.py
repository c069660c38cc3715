"""Replaces the names of images in a file by `name:tag@digest`, and changes nothing else."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from collector.dockerfiles.dockerfile import NamedImage
from collector.model.digests import Digest
from collector.model.references import Tag


class Pin(msgspec.Struct, frozen=True, kw_only=True):
    """An image that a file names, and what it is pinned to."""

    image: NamedImage
    tag: Tag
    digest: Digest

    @property
    def reference(self) -> str:
        """`python:3.6@sha256:…`, with the name as the file spells it."""
        name = self.image.reference.partition("@")[0]
        head, colon, last = name.rpartition(":")
        return f"{head if colon and '/' not in last else name}:{self.tag}@{self.digest}"


def write_pins(text: str, pins: Iterable[Pin]) -> str:
    """The text with the pins in it."""
    places = {pin.image.span: pin.reference for pin in pins if pin.image.span}
    for (start, end), reference in sorted(places.items(), reverse=True):
        text = text[:start] + reference + text[end:]
    return text
