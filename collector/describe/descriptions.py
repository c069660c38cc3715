"""What every form of a description comes to."""

from __future__ import annotations

from typing import Literal, get_args

import msgspec

Section = Literal["quick-reference", "feed", "tags", "content", "variants", "license"]
SECTIONS: tuple[Section, ...] = get_args(Section)
"""What a description of a publisher's image may have, in the order in which it has it."""


class Description(msgspec.Struct, frozen=True, kw_only=True):
    """The text for one repository, as it is before it is made to fit."""

    text: str
    """Markdown."""
    brief: str
    """The same with a link in the place of its list of tags."""
    whole: str
    """Web address of where the text can be read uncut."""
    short: str
    """The one line that Docker Hub shows in lists; empty where there is none."""
