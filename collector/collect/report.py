"""The report of a run."""

from __future__ import annotations

import logging

import msgspec

_LOG = logging.getLogger(__name__)


class FailedTag(msgspec.Struct, frozen=True, kw_only=True):
    """A tag, or a whole image, that could not be read. The next run tries again."""

    image: str
    tag: str | None
    """The tag; None for the image as a whole."""
    reason: str


class ImageReport(msgspec.Struct, kw_only=True):
    """The result of a run for one image."""

    image: str
    looked_at: int = 0
    """The number of tags whose state is known now."""
    changed: list[str] = []
    gone: list[str] = []
    failed: list[FailedTag] = []
    left: list[str] = []
    """Tags that were not fetched because of the registry's limit of pulls."""
    pulls: int = 0
    sboms: int = 0
    """SBOMs read again for their packages."""

    def fail(self, tag: str | None, reason: str) -> None:
        """Adds a failure of a tag, or of the whole image."""
        self.failed.append(FailedTag(image=self.image, tag=tag, reason=reason))
        _LOG.error("image=%s tag=%s event=failed reason=%s", self.image, tag or "*", reason)


class CollectReport(msgspec.Struct, kw_only=True):
    """The result of a run; of a dry run, its expected result."""

    images: list[ImageReport] = []
    looked_at: int = 0
    changed: int = 0
    gone: int = 0
    failed: int = 0
    left: int = 0
    pulls: int = 0
    sboms: int = 0
    """SBOMs read again for their packages."""
    limit_reached: bool = False
    come_back: str | None = None
    """When the limit of pulls ends (RFC 3339), if one was reached and the registry gives the time."""
    notices: list[str] = []

    def add_up(self) -> None:
        """Adds up the results of the images, and sorts them, so that the order of answers does not matter."""
        self.images.sort(key=lambda image: image.image)
        self.notices = list(dict.fromkeys(self.notices))
        for image in self.images:
            for tags in (image.changed, image.gone, image.left):
                tags.sort()
            image.failed.sort(key=lambda failed: failed.tag or "")
        self.looked_at = sum(image.looked_at for image in self.images)
        self.changed = sum(len(image.changed) for image in self.images)
        self.gone = sum(len(image.gone) for image in self.images)
        self.failed = sum(len(image.failed) for image in self.images)
        self.left = sum(len(image.left) for image in self.images)
        self.pulls = sum(image.pulls for image in self.images)
        self.sboms = sum(image.sboms for image in self.images)
