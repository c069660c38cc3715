"""Badges of a tag for readmes: values for shields.io's endpoint, and finished pictures in its flat style.

https://shields.io/badges/endpoint-badge describes the JSON.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from collector.model.sizes import render_size
from collector.model.times import Time, render_day
from collector.pages.badge_picture import render_badge
from collector.pages.documents import Asset
from collector.pages.plain_text import cut, one_line

_KNOWN, _UNKNOWN = "0f5e8c", "6b6b6b"
"""Colours dark enough for white text (WCAG 2.2, 1.4.3)."""
BADGES = ("size", "layers", "changed", "platforms")
"""The names of all badges of a tag."""
_MAX_NAMES = 2
_MAX_MESSAGE = 60
"""The limit of a message, in characters."""


class Badge(msgspec.Struct, frozen=True, kw_only=True, rename={"schema_version": "schemaVersion"}):
    """One badge, as shields.io reads it."""

    schema_version: int = 1
    label: str
    message: str
    color: str
    """Six hex digits."""


def badge_assets(
    address: str, name: str, *, size: int | None, layers: int | None, released: Time, platforms: Sequence[str]
) -> Iterator[Asset]:
    """The badges of a tag, each as JSON and as SVG. An unknown value is shown as unknown, so that no link breaks.

    Args:
        address: that of the tag's page.
        name: the name of the tag, with its image.
        size: compressed bytes on the main platform.
        layers: the number of layers on the main platform.
        released: the beginning of its newest release.
        platforms: the names of the platforms.
    """
    badges = (
        _badge("size", "" if size is None else render_size(size)),
        _badge("layers", "" if layers is None else str(layers)),
        _badge("last release", render_day(released)),
        _badge("platforms", _render_names(platforms)),
    )
    for badge_name, badge in zip(BADGES, badges, strict=True):
        path = f"{address}badge/{badge_name}"
        yield Asset(path=f"{path}.json", content=msgspec.json.encode(badge))
        picture = render_badge(badge.label, badge.message, badge.color, about=name)
        yield Asset(path=f"{path}.svg", content=picture.encode())


def _render_names(platforms: Sequence[str]) -> str:
    names = list(dict.fromkeys(platforms))
    return str(len(names)) if len(names) > _MAX_NAMES else " | ".join(names)


def _badge(label: str, message: str) -> Badge:
    shown = cut(one_line(message), _MAX_MESSAGE)
    return Badge(label=label, message=shown or "unknown", color=_KNOWN if shown else _UNKNOWN)
