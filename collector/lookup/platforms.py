"""Finds the image for a platform that a person names, by containerd's rules of spelling and matching."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from collector.errors import NotFound
from collector.model.images import Image, State
from collector.model.platforms import Platform, normalized, platform_slug, platform_slugs, written_slug, written_slugs

_SYSTEMS = frozenset(
    "aix android darwin dragonfly freebsd illumos ios js linux netbsd openbsd plan9 solaris windows".split()
)
"""Go's GOOS, which distinguish a system from an architecture in a single word."""
_SPECIFIER = re.compile(r"([^/()]+?)(?:\(([^/()+]*)[^/()]*\))?(?:/([^/]+))?(?:/([^/]+))?")


def images_for(state: State, text: str) -> list[Image]:
    """The images for a platform: `linux/arm64`, `aarch64`, `windows(10.0.17763)/amd64`, or a page's own
    `linux-arm64-v8-2`. If an index has several for one platform, Docker takes the first.

    Raises:
        NotFound: no platform matches, or several do; the hint names them.
    """
    images = state.images
    platforms = [image.platform for image in images]
    matching = _by_slug(images, platform_slugs(platforms), text) or _by_spelling(images, text)
    matching = matching or _by_slug(images, written_slugs(platforms), text) or _by_prefix(images, text)
    names = ", ".join(dict.fromkeys(str(image.platform) for image in matching or images))
    if not matching:
        raise NotFound(f"{state.digest}: has no platform {text}", hint=f"it has {names}")
    if len({platform_slug(image.platform) for image in matching}) > 1:
        raise NotFound(f"{state.digest}: has several platforms {text}", hint=f"name one of {names}")
    return matching


def parse_platform(text: str) -> Platform | None:
    """Parse a platform as containerd's command line tools write it, normalized; missing parts are empty. None if the
    text has another form.
    """
    found = _SPECIFIER.fullmatch(text.strip())
    if not found:
        return None
    first, version, second, third = (part or "" for part in found.groups())
    if second or _system(first) in _SYSTEMS:
        return normalized(Platform(os=_system(first), architecture=second, variant=third, os_version=version))
    return normalized(Platform(os="linux", architecture=first))


def _by_slug(images: Sequence[Image], slugs: Sequence[str], text: str) -> list[Image]:
    """The image whose page has this slug."""
    return [images[slugs.index(text)]] if text in slugs else []


def _system(text: str) -> str:
    return normalized(Platform(os=text, architecture="")).os


def _by_spelling(images: Iterable[Image], text: str) -> list[Image]:
    """Images of this platform, in any spelling of it."""
    wanted = parse_platform(text)
    return [
        image
        for image in images
        if text in (str(image.platform), written_slug(image.platform), platform_slug(image.platform))
        or (wanted is not None and wanted.architecture and _is(normalized(image.platform), wanted))
    ]


def _is(platform: Platform, wanted: Platform) -> bool:
    version = wanted.os_version
    return (platform.os, platform.architecture, platform.variant) == (
        wanted.os,
        wanted.architecture,
        wanted.variant,
    ) and (not version or f"{platform.os_version}.".startswith(f"{version}."))


def _by_prefix(images: Iterable[Image], text: str) -> list[Image]:
    """Images whose platform continues with a variant or a version: `linux/arm` does not match `linux/arm64`."""
    return [image for image in images if text and re.match(rf"{re.escape(text)}[/ .]", str(image.platform))]
