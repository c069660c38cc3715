"""Platforms (OCI image-spec, image-index.md, "platform")."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

import msgspec

_MAX_PART = 50
"""Characters of each part of a slug."""


class Platform(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, order=True, gc=False):
    """What an image runs on. Written `linux/arm64/v8`; Windows also has an os_version."""

    os: str
    """As in Go's GOOS: `linux`, `windows`; `unknown` on attestation manifests."""
    architecture: str
    """As in Go's GOARCH: `amd64`, `arm64`, `386`."""
    variant: str = ""
    """`v8` of `arm64/v8`; empty where there is none."""
    os_version: str = msgspec.field(default="", name="os.version")
    """`10.0.14393.1770`, on Windows; empty elsewhere."""

    def __str__(self) -> str:
        name = "/".join(part for part in (self.os, self.architecture, self.variant) if part)
        return f"{name} {self.os_version}" if self.os_version else name

    @property
    def is_attestation(self) -> bool:
        """Whether this is BuildKit's mark for an attestation manifest (`unknown/unknown`)."""
        return self.os == "unknown" and self.architecture == "unknown"


@lru_cache(4096)
def platform_slug(platform: Platform) -> str:
    """The platform in an address: `linux-arm64-v8`, `windows-amd64-10.0.14393`.

    Only the first three numbers of a Windows version count: they name the release of Windows. The
    fourth moves with every month's updates, and a link must not break each month. There is always a hyphen in it, and
    it is short enough to be a file's name, whatever an index says.
    """
    release = ".".join(platform.os_version.split(".")[:3])
    parts = (platform.os or "_", platform.architecture or "_", platform.variant, release)
    return "-".join(re.sub(r"[^A-Za-z0-9._]+", "_", part)[:_MAX_PART] for part in parts if part)


def platform_slugs(platforms: Iterable[Platform]) -> list[str]:
    """One slug per platform, in order; a second `linux-amd64` becomes `linux-amd64-2`."""
    taken: dict[str, None] = {}
    numbers: dict[str, int] = {}
    """By what a slug begins with, the last number given; an index may have ten thousand images for one platform."""
    for platform in platforms:
        base = slug = platform_slug(platform)
        while slug in taken:
            numbers[base] = numbers.get(base, 1) + 1
            slug = f"{base}-{numbers[base]}"
        taken[slug] = None
    return list(taken)
