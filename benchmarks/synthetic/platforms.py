"""The platforms, in the order in which an index has them: what comes first is built first."""

from __future__ import annotations

from collections.abc import Sequence

from collector.model.platforms import Platform

LINUX = (
    Platform(os="linux", architecture="amd64"),
    Platform(os="linux", architecture="arm64", variant="v8"),
    Platform(os="linux", architecture="ppc64le"),
    Platform(os="linux", architecture="386"),
    Platform(os="linux", architecture="arm", variant="v7"),
    Platform(os="linux", architecture="s390x"),
    Platform(os="linux", architecture="arm", variant="v5"),
    Platform(os="linux", architecture="arm", variant="v6"),
)
WINDOWS = (Platform(os="windows", architecture="amd64"),)

_OF_SMALL = (1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 3, 3, 4, 6, 6, 7, 7, 7, 8)
_OF_LARGE = (1, 1, 1, 1, 1, 2, 3, 4, 4, 5, 5, 6, 6, 7, 7, 7, 7, 7, 7, 8)
"""How many platforms each twentieth of all images has; those with many tags have more."""


def choose_platforms(place: int, *, is_large: bool) -> Sequence[Platform]:
    """The Linux platforms of an image, by its place among all, from 0 up to 2**32."""
    counts = _OF_LARGE if is_large else _OF_SMALL
    return LINUX[: counts[place * len(counts) // 2**32]]
