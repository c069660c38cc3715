"""Platforms (OCI image-spec, image-index.md, "platform")."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

import msgspec

_MAX_PART = 50
"""Characters of each part of a slug."""

_SYSTEMS = {"macos": "darwin"}
_AMD64 = frozenset({"amd64", "x86_64", "x86-64"})
_ARM64 = frozenset({"arm64", "aarch64"})
_SPELLINGS: dict[str, tuple[str, str | None]] = {
    "i386": ("386", ""),
    "armhf": ("arm", "v7"),
    "armel": ("arm", "v6"),
    **dict.fromkeys(_AMD64, ("amd64", None)),
    **dict.fromkeys(_ARM64, ("arm64", None)),
}
"""The architecture of a spelling, and the variant that it implies, if any."""


class Platform(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, order=True, gc=False):
    """What an image runs on. Written `linux/arm64/v8`; Windows also has an os_version."""

    os: str
    """A value of Go's GOOS: `linux`, `windows`; `unknown` for attestation manifests."""
    architecture: str
    """A value of Go's GOARCH: `amd64`, `arm64`, `386`."""
    variant: str = ""
    """`v8` of `arm64/v8`; empty if there is none."""
    os_version: str = msgspec.field(default="", name="os.version")
    """`10.0.14393.1770`, on Windows; empty elsewhere."""
    os_features: tuple[str, ...] = msgspec.field(default=(), name="os.features")
    """Features that the operating system must have: `win32k`."""
    features: tuple[str, ...] = ()
    """Features that the processor must have, in Docker's lists: `sse4`."""

    def __str__(self) -> str:
        return _written(self)

    @property
    def is_attestation(self) -> bool:
        """Whether this is BuildKit's mark for an attestation manifest (`unknown/unknown`)."""
        return self.os == "unknown" and self.architecture == "unknown"


@lru_cache(4096)
def _written(platform: Platform) -> str:
    name = "/".join(part for part in (platform.os, platform.architecture, platform.variant) if part)
    return f"{name} {platform.os_version}" if platform.os_version else name


@lru_cache(4096)
def normalized(platform: Platform) -> Platform:
    """The normalized spelling of a platform, by containerd's rules: `linux/arm64/v8` for `linux/aarch64` and
    `linux/arm64`.

    containerd leaves out the `v8` of arm64, its only variant; here every ARM platform has its variant.
    """
    os, architecture, variant = map(_lower, (platform.os, platform.architecture, platform.variant))
    architecture, variant = _SPELLINGS.get(architecture, (architecture, variant))[0], _variant(architecture, variant)
    return Platform(os=_SYSTEMS.get(os, os), architecture=architecture, variant=variant, os_version=platform.os_version)


def _lower(text: str) -> str:
    return text.lower() if text.isascii() else text


def _variant(architecture: str, variant: str) -> str:
    implied = _SPELLINGS.get(architecture)
    if implied and implied[1] is not None:
        return implied[1]
    if architecture in _AMD64:
        return "" if variant == "v1" else variant
    if architecture in _ARM64:
        return {"": "v8", "8": "v8", "9": "v9", "9.0": "v9", "v9.0": "v9"}.get(variant, variant)
    if architecture == "arm":
        return {"": "v7", "5": "v5", "6": "v6", "7": "v7", "8": "v8"}.get(variant, variant)
    return variant


@lru_cache(4096)
def platform_slug(platform: Platform) -> str:
    """The platform in an address, in its normalized spelling: `linux-arm64-v8`, `windows-amd64-10.0.14393`.

    Only the first three numbers of a Windows version count: they name the release of Windows. The fourth changes with
    every monthly update, and a link must not break each month. A slug always contains a hyphen and is short enough for
    the name of a file, whatever an index contains.
    """
    return written_slug(normalized(platform))


@lru_cache(4096)
def written_slug(platform: Platform) -> str:
    """The platform as an index spells it, in the form of an address: `linux-arm64`. Such addresses redirect."""
    release = ".".join(platform.os_version.split(".")[:3])
    parts = (platform.os or "_", platform.architecture or "_", platform.variant, release)
    return "-".join(re.sub(r"[^A-Za-z0-9._]+", "_", part)[:_MAX_PART] for part in parts if part)


def platform_slugs(platforms: Iterable[Platform]) -> list[str]:
    """One slug per platform, in order; a second `linux-amd64` becomes `linux-amd64-2`."""
    return _numbered([platform_slug(platform) for platform in platforms])


def written_slugs(platforms: Iterable[Platform]) -> list[str]:
    """The same, each as the index spells it."""
    return _numbered([written_slug(platform) for platform in platforms])


def _numbered(slugs: list[str]) -> list[str]:
    if len(set(slugs)) == len(slugs):  # the usual case
        return slugs
    taken: dict[str, None] = {}
    numbers: dict[str, int] = {}
    """The last number for each slug, because an index may have ten thousand images for one platform."""
    for base in slugs:
        slug = base
        while slug in taken:
            numbers[base] = numbers.get(base, 1) + 1
            slug = f"{base}-{numbers[base]}"
        taken[slug] = None
    return list(taken)


def attested_places(platforms: Sequence[Platform]) -> dict[int, int]:
    """For the place of each attestation in an index, the place of the image before it, which it is deduced to describe.
    Empty if two attestations follow one another, because then the order has no meaning.
    """
    found = [place for place, platform in enumerate(platforms) if platform.is_attestation]
    if any(place and platforms[place - 1].is_attestation for place in found):
        return {}
    return {place: place - 1 for place in found if place}
