"""What a run came to."""

from __future__ import annotations

import msgspec


class FailedTag(msgspec.Struct, frozen=True, kw_only=True):
    """A tag, or a whole image, that could not be looked at. The next run tries again."""

    image: str
    tag: str | None
    """None: the image as a whole."""
    reason: str


class ImageReport(msgspec.Struct, kw_only=True):
    """What a run came to for one image."""

    image: str
    looked_at: int = 0
    changed: list[str] = []
    gone: list[str] = []
    failed: list[FailedTag] = []
    left: list[str] = []
    """Tags that changed and could not be fetched, because the registry's limit of pulls was reached."""
    pulls: int = 0


class CollectReport(msgspec.Struct, kw_only=True):
    """What a run came to."""

    images: list[ImageReport] = []
    come_back: str | None = None
    """When the limit of pulls is over (RFC 3339), where one was reached and the registry says so."""
    limit_reached: bool = False
    notices: list[str] = []

    @property
    def looked_at(self) -> int:
        return sum(image.looked_at for image in self.images)

    @property
    def changed(self) -> int:
        return sum(len(image.changed) for image in self.images)

    @property
    def gone(self) -> int:
        return sum(len(image.gone) for image in self.images)

    @property
    def failed(self) -> list[FailedTag]:
        return [failed for image in self.images for failed in image.failed]

    @property
    def left(self) -> int:
        return sum(len(image.left) for image in self.images)
