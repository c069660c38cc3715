"""Badges of a tag, for readmes: values for shields.io's endpoint, and ready pictures in its flat style.

https://shields.io/badges/endpoint-badge says what the JSON may have.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from collector.model.sizes import render_size
from collector.model.times import render_day
from collector.pages.badge_picture import render_badge
from collector.pages.documents import Asset
from collector.pages.plain_text import cut, one_line
from collector.pages.views import PlatformRow, TagView

_LEAD = "linux-amd64"
_KNOWN, _UNKNOWN = "0f5e8c", "6b6b6b"
"""Colours on which white text can be read (WCAG 2.2, 1.4.3)."""
_MOST_NAMED = 2
_LONGEST = 60
"""Characters of a message."""


class Badge(msgspec.Struct, frozen=True, kw_only=True, rename={"schema_version": "schemaVersion"}):
    """One badge, as shields.io reads it."""

    schema_version: int = 1
    label: str
    message: str
    color: str
    """Six hex digits."""


def badge_assets(view: TagView) -> Iterator[Asset]:
    """The badges of a tag, each as JSON and as SVG. What is not known is said to be unknown: no link breaks."""
    for name, badge in _badges(view).items():
        path = f"{view.address}badge/{name}"
        yield Asset(path=f"{path}.json", content=msgspec.json.encode(badge))
        picture = render_badge(badge.label, badge.message, badge.color, about=f"{view.image}:{view.tag}")
        yield Asset(path=f"{path}.svg", content=picture.encode())


def _badges(view: TagView) -> dict[str, Badge]:
    lead = next((row for row in view.platforms if row.slug == _LEAD), view.platforms[0] if view.platforms else None)
    size = lead.size if lead else view.artifacts[0].size if view.artifacts else None
    return {
        "size": _badge("size", "" if size is None else render_size(size)),
        "layers": _badge("layers", str(lead.layers) if lead else ""),
        "changed": _badge("last changed", render_day(view.since)),
        "platforms": _badge("platforms", _named(view.platforms)),
    }


def _named(platforms: tuple[PlatformRow, ...]) -> str:
    names = list(dict.fromkeys(row.platform for row in platforms))
    return str(len(names)) if len(names) > _MOST_NAMED else " | ".join(names)


def _badge(label: str, message: str) -> Badge:
    shown = cut(one_line(message), _LONGEST)
    return Badge(label=label, message=shown or "unknown", color=_KNOWN if shown else _UNKNOWN)
