"""What an image is made of, before it is written down in one way or the other."""

from __future__ import annotations

import msgspec

from collector.model.images import Layer, MediaType, Step
from collector.model.platforms import Platform

LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip"
FOREIGN_LAYER: MediaType = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"
"""Of Windows: only Microsoft may hand it out."""


class Parts(msgspec.Struct, frozen=True, kw_only=True):
    """Steps, oldest first, and the layers that they made."""

    steps: tuple[Step, ...]
    layers: tuple[Layer, ...]


class Build(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """One image on one platform, as it was built at one time. Runs of the clock stand for times.

    Each is made once, and equal to itself alone: a build that differs from the one before in nothing is none.
    """

    line: int
    variant: int
    platform: Platform
    version: str
    """Of what is in it: `3.6.4`."""
    base: int
    """The base's version."""
    stamps: tuple[int, ...]
    """Of each step of its own: the run in which it was last made anew."""
    revisions: tuple[int, ...]
    """Of each step of its own: how often its text has changed."""
    salt: int = 0
    """Counts what changes a config and nothing in it that anybody sees."""
