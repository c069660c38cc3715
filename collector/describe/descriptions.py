"""What every form of a description comes to."""

from __future__ import annotations

import msgspec


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
