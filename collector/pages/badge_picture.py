"""Renders a badge as SVG, in the usual flat style: a label on grey, a message on a colour."""

from __future__ import annotations

from collector.pages.plain_text import xml_text

_NARROW = frozenset("fijlrtIJ1.,:;|!()[]/ '-")
_WIDE = frozenset("mwMWOQ@%→…")
_PADDING = 6

_PICTURE = """\
<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="20" role="img" aria-label="{title}">\
<title>{title}</title>\
<clipPath id="r"><rect width="{width}" height="20" rx="3"/></clipPath>\
<g clip-path="url(#r)"><path fill="#555" d="M0 0h{middle}v20H0z"/>\
<path fill="#{color}" d="M{middle} 0H{width}v20H{middle}z"/></g>\
<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">\
<text x="{label_x}" y="14" textLength="{label_width}">{label}</text>\
<text x="{message_x}" y="14" textLength="{message_width}">{message}</text></g></svg>
"""


def render_badge(label: str, message: str, color: str, *, about: str) -> str:
    """The picture.

    Args:
        color: six hex digits, dark enough for white text.
        about: the subject of the badge, for screen readers and as a tooltip.
    """
    label_width, message_width = _width(label), _width(message)
    middle = label_width + 2 * _PADDING
    return _PICTURE.format(
        title=xml_text(f"{about}: {label} {message}"),
        label=xml_text(label),
        message=xml_text(message),
        color=color,
        middle=middle,
        width=middle + message_width + 2 * _PADDING,
        label_x=_PADDING,
        label_width=label_width,
        message_x=middle + _PADDING,
        message_width=message_width,
    )


def _width(text: str) -> int:
    """The approximate width of a text in Verdana of 11 pixels; `textLength` makes it fit in any font."""
    return max(1, round(sum(4.5 if one in _NARROW else 10 if one in _WIDE else 7 for one in text)))
