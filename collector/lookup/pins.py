"""Resolves the images that a Dockerfile names to what they are pinned to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from collector.diff.changes import Change
from collector.dockerfiles import NamedImage, Pin
from collector.errors import NotFound, UsageError
from collector.lookup.comparison import compare_references
from collector.lookup.resolve import resolve
from collector.lookup.targets import Load
from collector.model.digests import Digest
from collector.model.references import Asked
from collector.model.times import Time


class PinnedImage(msgspec.Struct, frozen=True, kw_only=True):
    """An image that a file names, and its pin."""

    image: NamedImage
    pin: Pin | None
    """None if no pin was found; `problem` has the reason."""
    problem: str = ""
    """Why it has no pin, or why the pin cannot be written."""
    old: Digest | None = None
    """The digest to which the file pins it now."""
    change: Change | None = None
    """From the old digest to the new one; None if there is no old digest, or if the archive lacks it."""


def iter_pins(images: Iterable[NamedImage], load: Load, as_of: Time | None = None) -> Iterator[PinnedImage]:
    """The pin of each image.

    Args:
        as_of: the time at which the tags are looked up; None for the end of the archive.
    """
    for image in images:
        if not image.reference:
            yield PinnedImage(image=image, pin=None, problem=image.problem)
            continue
        try:
            yield _pinned(image, load, as_of)
        except (NotFound, UsageError) as error:
            yield PinnedImage(image=image, pin=None, problem=str(error))


def _pinned(image: NamedImage, load: Load, as_of: Time | None) -> PinnedImage:
    asked = image.asked
    if asked.tag is None:
        return PinnedImage(image=image, pin=None, problem="it is pinned, and has no tag to follow", old=asked.digest)
    target = Asked(repository=asked.repository, tag=asked.tag, as_of=as_of)
    pin = Pin(image=image, tag=asked.tag, digest=resolve(load(asked.repository), target).digest)
    return PinnedImage(
        image=image, pin=pin, problem=image.problem, old=asked.digest, change=_change(asked, pin.digest, load)
    )


def _change(asked: Asked, digest: Digest, load: Load) -> Change | None:
    if asked.digest is None or asked.digest == digest:
        return None
    before, after = (Asked(repository=asked.repository, digest=one) for one in (asked.digest, digest))
    try:
        return compare_references(load, before, after)
    except NotFound:
        return None
