"""Descriptions, independent of their form."""

from __future__ import annotations

from typing import Literal, get_args

import msgspec

Section = Literal["quick-reference", "feed", "tags", "content", "variants", "license"]
SECTIONS: tuple[Section, ...] = get_args(Section)
"""The sections of the description of a publisher's image, in their usual order."""


class Description(msgspec.Struct, frozen=True, kw_only=True):
    """The text for one repository, not yet limited in length."""

    text: str
    """Markdown."""
    without_tags: str
    """The same text with a link instead of its list of tags."""
    full_url: str
    """The web address where the full text can be read."""
    short: str
    """The line that Docker Hub shows in lists; may be empty."""
