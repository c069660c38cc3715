"""An image with very many tags has their list in parts, so that no page is too long to load."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from collector.pages.views import ImageView

ROWS = 250
"""Of tags in one part, those that are gone among them."""


def split_image(image: ImageView) -> Iterator[ImageView]:
    """The parts, the first with what changed lately. Addresses of the others have a hyphen first, as no tag has."""
    rows = len(image.groups) + len(image.gone)
    parts = max(1, -(-rows // ROWS))
    for part in range(1, parts + 1):
        first, last = (part - 1) * ROWS, part * ROWS
        yield msgspec.structs.replace(
            image,
            address=image.address if part == 1 else _address(image, part),
            groups=image.groups[first:last],
            gone=image.gone[max(0, first - len(image.groups)) : max(0, last - len(image.groups))],
            changes=image.changes if part == 1 else (),
            exceptions=image.exceptions if part == 1 else {},
            part=part,
            more=_address(image, part + 1) if part < parts else None,
        )


def _address(image: ImageView, part: int) -> str:
    # Not `-2`: the twin of an image `owner/objects` would lie where a file of the objects of `owner` does.
    return f"{image.address}-tags-{part}/"
